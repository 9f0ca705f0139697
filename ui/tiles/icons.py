"""The pictures scenes are made of: npm packages, and this project's own drawings."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kiosk.common.errors import KioskError

PACKAGES = ("noto", "noto-v1")
OWN = "own"
_ID = re.compile(r'\bid="([^"]+)"')


@dataclass(frozen=True)
class Picture:
    """An SVG body and the box (left, top, width, height) it was drawn in."""

    body: str
    box: tuple[float, float, float, float]

    def with_ids(self, prefix: str) -> str:
        """The body with every id made unique, so that two pictures never share a gradient."""
        body = self.body
        for name in sorted(set(_ID.findall(body)), key=len, reverse=True):
            body = re.sub(
                rf'(\bid="|url\(#|href="#){re.escape(name)}(?=["\)])', rf"\1{prefix}{name}", body
            )
        return body


@dataclass(frozen=True)
class Icons:
    """Looks up pictures by names such as `noto:evergreen-tree` or `own:sack`."""

    packages: dict[str, dict[str, Any]]
    drawings: dict[str, Picture]

    @classmethod
    def load(cls, folder: Path, drawings: dict[str, Picture]) -> "Icons":
        """Read the packages below `folder` (the `@iconify-json` of an npm install)."""
        missing = [name for name in PACKAGES if not (folder / name / "icons.json").is_file()]
        if missing:
            raise KioskError(
                f"no picture packages {', '.join(missing)} in {folder}",
                "run `npm ci` in the top folder, or name their folder with --icons",
            )
        packages = {
            name: json.loads((folder / name / "icons.json").read_text("utf-8")) for name in PACKAGES
        }
        return cls(packages, drawings)

    def find(self, name: str) -> Picture | None:
        """The picture of that name, or None."""
        prefix, _, key = name.partition(":")
        if prefix == OWN:
            return self.drawings.get(key)
        package = self.packages.get(prefix)
        return _from_package(package, key) if package else None


def _from_package(package: dict[str, Any], key: str) -> Picture | None:
    icons, aliases = package["icons"], package.get("aliases", {})
    while key not in icons:
        if key not in aliases:
            return None
        key = aliases[key]["parent"]
    icon = icons[key]

    def side(name: str, default: float) -> float:
        return float(icon.get(name, package.get(name, default)))

    return Picture(
        icon["body"], (side("left", 0), side("top", 0), side("width", 16), side("height", 16))
    )

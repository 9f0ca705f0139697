"""The built page, held in memory and checked against its manifest."""

import gzip
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kiosk.common.errors import ConfigError

MANIFEST = "manifest.json"
CURE = "build it with `python -m ui.phone.page.build`, or write the card again"
_COMPRESSIBLE = ("text/", "application/javascript", "application/json", "image/svg+xml")


@dataclass(frozen=True)
class StaticFile:
    """One file of the page; `packed` is its gzip form where that pays."""

    type: str
    body: bytes
    packed: bytes | None


@dataclass(frozen=True)
class StaticPage:
    """Everything that phones may fetch: path without leading slash -> sheet."""

    csp: str
    sheets: Mapping[str, StaticFile]


def load(folder: Path) -> StaticPage:
    """Read the page that was built into `folder`.

    Raises ConfigError naming every file that is missing or is not what was built.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        csp, entries = str(manifest["csp"]), dict(manifest["files"])
    except (OSError, ValueError, KeyError, TypeError):
        raise ConfigError(str(folder), ["holds no built page"], CURE) from None
    problems: list[str] = []
    sheets = {}
    for name, entry in entries.items():
        try:
            body = (folder / name).read_bytes()
        except OSError:
            problems.append(f"{name} is missing")
            continue
        if hashlib.sha256(body).hexdigest() != entry["sha256"]:
            problems.append(f"{name} is damaged")
        sheets[name] = _sheet(entry["type"], body)
    if "index.html" not in entries:
        problems.append("index.html is not in the manifest")
    if problems:
        raise ConfigError(str(folder), problems, CURE)
    return StaticPage(csp, sheets)


def _sheet(type_: str, body: bytes) -> StaticFile:
    packed = gzip.compress(body, 9, mtime=0) if type_.startswith(_COMPRESSIBLE) else body
    return StaticFile(type_, body, packed if len(packed) < len(body) else None)

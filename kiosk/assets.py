"""Where built pictures are found: `<assets>/tiles/<width>/<name>.png`."""

import json
from pathlib import Path

from kiosk.errors import ConfigError

CURE = "build them with `make setup`"


def tile_widths(assets: Path) -> tuple[int, ...]:
    """The widths in pixels in which tiles were rendered, smallest first.

    Raises ConfigError when nothing was built there.
    """
    widths = sorted(int(p.name) for p in (assets / "tiles").glob("*") if p.name.isdigit())
    if not widths:
        raise ConfigError("pictures", [f"none in {assets / 'tiles'}"], CURE)
    return tuple(widths)


def missing_tiles(assets: Path, needed: frozenset[str]) -> frozenset[str]:
    """Those of the needed pictures that the built manifest does not name."""
    manifest = assets / "tiles" / "manifest.json"
    try:
        built = json.loads(manifest.read_text("utf-8"))
    except (OSError, ValueError):
        return needed
    return needed - set(built)

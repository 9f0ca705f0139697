"""Taking away what a card does without (`prune.txt`)."""

from collections.abc import Set
from pathlib import Path

from images.layout import IMAGES
from images.modules import Modules
from kiosk.common.errors import ImageError

PATTERNS = IMAGES / "prune.txt"
KEEP = "!"
CURE = f"take these away as well in {PATTERNS}, or name them in images/modules.txt"


def prune(root: Path, patterns: Path = PATTERNS, spared: Set[Path] = frozenset()) -> None:
    """Remove all that the patterns name from a root file system, and folders left empty by it.

    The files in `spared` stay, whatever the patterns say.
    """
    lines = patterns.read_text("utf-8").splitlines()
    wanted = [line for line in lines if line and not line.startswith("#")]
    kept = {
        path
        for line in wanted
        if line.startswith(KEEP)
        for path in root.glob(line.removeprefix(KEEP))
    }
    for line in wanted:
        for path in () if line.startswith(KEEP) else list(root.glob(line)):
            _remove(path, kept | spared)


def check(modules: Modules) -> None:
    """Raise ImageError when pruning has left a module without another that it needs."""
    broken = modules.broken()
    if broken:
        listing = "".join(f"\n  - {line}" for line in broken)
        raise ImageError(f"{len(broken)} modules could not be loaded:{listing}\n", CURE)


def _remove(path: Path, kept: Set[Path]) -> None:
    if path in kept:
        return
    if path.is_symlink() or not path.is_dir():
        path.unlink(missing_ok=True)
        return
    for below in list(path.iterdir()):
        _remove(below, kept)
    if not any(path.iterdir()):
        path.rmdir()

"""Taking away what a card does without (`prune.txt`)."""

from pathlib import Path

from images.layout import IMAGES

KEEP = "!"


def prune(root: Path, patterns: Path = IMAGES / "prune.txt") -> None:
    """Remove all that the patterns name from a root file system, and folders left empty by it."""
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
            _remove(path, kept)


def _remove(path: Path, kept: set[Path]) -> None:
    if path in kept:
        return
    if path.is_symlink() or not path.is_dir():
        path.unlink(missing_ok=True)
        return
    for below in list(path.iterdir()):
        _remove(below, kept)
    if not any(path.iterdir()):
        path.rmdir()

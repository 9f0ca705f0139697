"""Look for what must not be on a disk."""

from pathlib import Path


def holding(trace: bytes, *roots: Path) -> list[str]:
    files = [path for root in roots for path in root.rglob("*") if path.is_file()]
    assert len(files) > 3
    return [str(path) for path in files if trace in path.read_bytes()]

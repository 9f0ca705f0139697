"""Writing files so that a power cut, Ctrl-C or a full disk leaves the old or the new whole."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

PRIVATE = 0o600
PUBLIC = 0o644


def write(path: Path, data: bytes | str, mode: int = PUBLIC) -> None:
    """Put `data` into `path` durably and at once; nobody but the owner ever reads a PRIVATE one."""
    with drafted(path, mode) as file:
        file.write(data.encode("utf-8") if isinstance(data, str) else data)


@contextmanager
def drafted(path: Path, mode: int = PUBLIC) -> Iterator[BinaryIO]:
    """A file that becomes `path` at the end, durably and at once; after an error it is gone."""
    draft = path.with_name(f".{path.name}.draft")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(handle, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

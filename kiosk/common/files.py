"""Writing files so that a power cut, Ctrl-C or a full disk leaves the old or the new whole."""

import os
import shutil
import signal
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
    _sync(path.parent)


@contextmanager
def drafted_folder(path: Path, *, replace: bool = False) -> Iterator[Path]:
    """A new folder, for its owner alone, that becomes `path` at the end, durably and at once.

    After an error it is gone. Whatever lies at `path` by then goes with `replace`; without, it
    must be an empty folder, else OSError.
    """
    draft, old = (path.with_name(f".{path.name}.{word}") for word in ("draft", "old"))
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True, mode=0o700)
    try:
        yield draft
        sync_tree(draft)
        if replace and path.exists():
            shutil.rmtree(old, ignore_errors=True)
            os.rename(path, old)
        os.rename(draft, path)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    _sync(path.parent)
    shutil.rmtree(old, ignore_errors=True)


def sync_tree(folder: Path) -> None:
    """Wait until all of a folder is on the disk. Raises OSError when it has no room there."""
    for inside in (folder, *folder.rglob("*")):
        _sync(inside)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Ctrl-C and SIGTERM wait until what must happen as one has happened."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT, signal.SIGTERM))
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

"""A kiosk's data partition: an ext4 made and read without mounting it and without being root."""

import os
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kiosk.common.errors import CardError
from provisioning.card import tools

LABEL = "data"
LARGEST_READ = 1 << 20
TIME = 1
"""Seconds since 1970 that every file bears: a card does not tell when it was written."""

_LAYOUT = ("-t", "ext4", "-b", "4096", "-I", "256", "-i", "16384", "-m", "0", "-L", LABEL)
_WHOLE = "lazy_itable_init=0,lazy_journal_init=0,root_owner=0:0"
_FIXED = {"E2FSPROGS_FAKE_TIME": str(TIME)}


@contextmanager
def staged(beside: Path) -> Iterator[Path]:
    """A private folder for what goes into a partition, on the disk of `beside`; then gone."""
    with tempfile.TemporaryDirectory(prefix=".card-", dir=beside.parent) as folder:
        yield Path(folder)


def make(content: Path, target: Path, size: int, name: str) -> None:
    """Write an ext4 of `size` bytes with the files of `content`, all of them root's, to `target`.

    The file system's identity comes from `name`, so that the same files give the same bytes.
    Raises CardError when they do not fit.
    """
    paths = sorted(str(path.relative_to(content)) for path in content.rglob("*"))
    for path in (*paths, "."):
        os.utime(content / path, (TIME, TIME), follow_symlinks=False)
    identity = str(uuid.uuid5(uuid.NAMESPACE_OID, name))
    extended = f"{_WHOLE},hash_seed={identity}"
    with target.open("wb") as file:
        file.truncate(size)
    try:
        tools.run(
            "mke2fs", "-q", "-F", *_LAYOUT, "-U", identity, "-E", extended, "-d", content, target,
            environment=_FIXED,
        )  # fmt: skip
    except tools.ToolFailed:
        raise CardError(
            f"{_megabytes(content)} MB không vừa phần dữ liệu {size >> 20} MB (does not fit)",
            "bớt gói giọng nói (leave out voice packs)",
        ) from None
    _give_to_root(target, paths)


def read(disk: Path, start: int, path: str) -> bytes | None:
    """A file of at most LARGEST_READ bytes in the ext4 at `start` of a disk; None without one."""
    with tools.start("debugfs", "-R", f'cat "{path}"', f"{disk}?offset={start}") as debugfs:
        assert debugfs.stdout is not None
        with debugfs.stdout as stream:
            content = stream.read(LARGEST_READ + 1)
    return content if 0 < len(content) <= LARGEST_READ else None


def _give_to_root(target: Path, paths: list[str]) -> None:
    commands = [
        f'set_inode_field "/{path}" {field} {value}\n'
        for path in paths
        for field, value in (("uid", 0), ("gid", 0), ("ctime", f"@{TIME}"))
    ]
    with tempfile.NamedTemporaryFile("w", suffix=".debugfs") as script:
        script.writelines(commands)
        script.flush()
        tools.run("debugfs", "-w", "-f", script.name, target, environment=_FIXED)


def _megabytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) >> 20

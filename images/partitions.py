"""The contents of each partition as a file, made without mounting anything."""

import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from images.layout import MIB, Layout, Partition
from images.tools import Tools
from kiosk.common.errors import ImageError

BLOCK = 4096
SMALLER = "put more into images/prune.txt, or give the partition more in images/layout.toml"


@dataclass(frozen=True)
class Verity:
    """The dm-verity tree of a root: its root hash in hexadecimal, and the byte it begins at."""

    root_hash: str
    hash_offset: int


def root(tree: Path, file: Path, layout: Layout, tools: Tools) -> Verity:
    """A squashfs of a folder with its dm-verity tree after it.

    Raises ImageError when both together are larger than the root partitions.
    """
    place = layout.partition("root_a")
    compression = ("-comp", "zstd", "-Xcompression-level", "15", "-b", "256K")
    tools.run("mksquashfs", tree, file, *compression, "-noappend", "-no-progress", "-quiet")
    offset = -(-file.stat().st_size // BLOCK) * BLOCK
    os.truncate(file, offset)
    salt = hashlib.sha256(layout.version.encode()).hexdigest()
    told = tools.run(
        *("veritysetup", "format", file, file, f"--hash-offset={offset}"),
        *(f"--data-blocks={offset // BLOCK}", f"--salt={salt}", f"--uuid={place.uuid}"),
    )
    _fits(file, place)
    (root_hash,) = re.findall(r"^Root hash:\s*(\w+)$", told, re.MULTILINE)
    return Verity(root_hash, offset)


def fat(files: Mapping[str, bytes], file: Path, place: Partition, tools: Tools) -> None:
    """A FAT file system of these files, by their names. Raises ImageError when they do not fit."""
    with file.open("wb") as empty:
        empty.truncate(place.size)
    serial = place.uuid[:8]
    label = place.name.upper()
    tools.run("mkfs.vfat", "--invariant", "-F", "32", "-n", label, "-i", serial, file)
    folder = file.with_suffix(".files")
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    tools.date(folder)
    tools.run("mcopy", "-m", "-i", file, *sorted(folder.iterdir()), "::", cure=SMALLER)


def data(file: Path, place: Partition, tools: Tools) -> None:
    """The empty ext4 in which a kiosk's own files will lie."""
    identity = f"hash_seed={place.uuid},root_owner=0:0,lazy_itable_init=0,lazy_journal_init=0"
    size = f"{place.size // MIB}M"
    tools.run(
        *("mke2fs", "-q", "-t", "ext4", "-L", place.name, "-U", place.uuid, "-E", identity),
        *(file, size),
    )


def _fits(file: Path, place: Partition) -> None:
    size = file.stat().st_size
    if size > place.size:
        raise ImageError(
            f"the root file system is too large: {size / MIB:.0f} MiB,"
            f" and {place.name} holds {place.size // MIB}",
            SMALLER,
        )

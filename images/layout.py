"""What the card's image is: its version, its sources and its partitions (`layout.toml`)."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kiosk import __version__

IMAGES = Path(__file__).parent
MIB = 1 << 20
SECTOR = 512
ALIGNMENT = 4 * MIB
"""Cards erase in blocks of up to 4 MiB."""


@dataclass(frozen=True)
class Partition:
    """One GPT partition: `start` and `size` in bytes, `type` and `uuid` as GPT writes them."""

    name: str
    type: str
    uuid: str
    start: int
    size: int


@dataclass(frozen=True)
class Layout:
    """The card. `disk` is its GPT identity; the rest is what it is made from."""

    version: str
    suite: str
    components: str
    architecture: str
    python: str
    disk: str
    partitions: Sequence[Partition]

    @property
    def size(self) -> int:
        """Bytes of the whole image, with the second GPT after the last partition."""
        last = self.partitions[-1]
        return last.start + last.size + MIB

    def partition(self, name: str) -> Partition:
        """The partition of that name."""
        return next(part for part in self.partitions if part.name == name)


def load(path: Path = IMAGES / "layout.toml") -> Layout:
    """The layout that a TOML file describes."""
    raw = tomllib.loads(path.read_text("utf-8"))
    partitions, start = [], ALIGNMENT
    for part in raw.pop("partition"):
        partitions.append(Partition(**part | {"start": start, "size": part["size"] * MIB}))
        start = -(-partitions[-1].size // ALIGNMENT) * ALIGNMENT + start
    return Layout(__version__, **raw, partitions=tuple(partitions))

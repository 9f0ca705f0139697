"""The image of a kiosk's card, and `image.json` beside it which says what is in it.

The description is made with the image: `{"format": 1, "version", "size", "sha256", "partitions":
[{"name", "start", "size", "sha256"}], "verity": {"root_hash", "hash_offset"}}`, sizes in bytes,
hashes in hexadecimal and over the image as it lies on a card, not compressed.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kiosk.common.errors import CardError
from provisioning.card import tools

BLOCK = 4 << 20
DESCRIPTION = "image.json"
FORMAT = 1
DATA = "data"
_CURE = "chép lại cả hai tệp (copy the image and image.json again)"

Blocks = Iterator[tuple[int, bytes]]
"""Offset and bytes, in order and without gaps."""

Advance = Callable[[int], None]
"""Told after so many more bytes."""


@dataclass(frozen=True)
class Partition:
    """A part of the card, by its GPT name; `start` and `size` in bytes."""

    name: str
    start: int
    size: int
    sha256: str = ""


@dataclass(frozen=True)
class Image:
    """An image file, `.img` or `.img.zst`, as its description says it should be."""

    path: Path
    version: str
    size: int
    sha256: str
    partitions: dict[str, Partition]
    root_hash: str
    hash_offset: int

    def blocks(self) -> Blocks:
        """The image's bytes. Raises CardError when it cannot be read or unpacked to its end."""
        read = _unpacked if self.path.suffix == ".zst" else _plain
        offset = 0
        for block in read(self.path):
            yield offset, block
            offset += len(block)

    def check(self, advance: Advance) -> None:
        """Read all of it. Raises CardError when it is not what the description says."""
        digest, length = hashlib.sha256(), 0
        for offset, block in self.blocks():
            digest.update(block)
            length = offset + len(block)
            advance(len(block))
        if length != self.size:
            raise CardError(
                f"{self.path.name}: {length} byte, phải là {self.size} (half or wrong image)", _CURE
            )
        if digest.hexdigest() != self.sha256:
            raise CardError(f"{self.path.name} hỏng hoặc khác {DESCRIPTION} (wrong image)", _CURE)


def load(path: Path) -> Image:
    """The image at `path` by the description beside it. Raises CardError without a good one."""
    described = path.with_name(DESCRIPTION)
    try:
        raw = json.loads(described.read_text("utf-8"))
    except OSError:
        raise CardError(f"không có {described} (missing)", _CURE) from None
    except ValueError:
        raise CardError(f"{described} hỏng (damaged)", _CURE) from None
    try:
        return _image(path, raw)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise CardError(
            f"{described} không dùng được (not understood)", f"{_CURE}; or update this program"
        ) from None


def cut(blocks: Blocks, part: Partition) -> Iterator[bytes]:
    """The bytes of one partition."""
    end = part.start + part.size
    for offset, block in blocks:
        if offset >= end:
            return
        if offset + len(block) > part.start:
            yield block[max(0, part.start - offset) : end - offset]


def put_in(blocks: Blocks, start: int, content: bytes) -> Blocks:
    """The same blocks, with `content` in place of what was at `start`."""
    for offset, block in blocks:
        first, last = max(offset, start), min(offset + len(block), start + len(content))
        if first < last:
            own = content[first - start : last - start]
            block = block[: first - offset] + own + block[last - offset :]
        yield offset, block


def _image(path: Path, raw: Any) -> Image:
    if raw["format"] != FORMAT:
        raise ValueError
    parts = [Partition(p["name"], p["start"], p["size"], p["sha256"]) for p in raw["partitions"]]
    image = Image(
        path=path,
        version=raw["version"],
        size=raw["size"],
        sha256=raw["sha256"].lower(),
        partitions={part.name: part for part in parts},
        root_hash=bytes.fromhex(raw["verity"]["root_hash"]).hex(),
        hash_offset=raw["verity"]["hash_offset"],
    )
    last = image.partitions[DATA]
    if not 0 < last.start < last.start + last.size <= image.size:
        raise ValueError
    return image


def _plain(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                yield block
    except OSError as error:
        raise CardError(f"{path}: {error.strerror}", _CURE) from None


def _unpacked(path: Path) -> Iterator[bytes]:
    with tools.start("zstd", "-dcq", path) as zstd:
        assert zstd.stdout is not None
        assert zstd.stderr is not None
        with zstd.stdout as stream:
            while block := stream.read(BLOCK):
                yield block
        said = zstd.stderr.read().decode(errors="replace").strip()
    if zstd.returncode:
        raise CardError(f"{path.name} hỏng hoặc bị cắt (damaged or half): {said}", _CURE)

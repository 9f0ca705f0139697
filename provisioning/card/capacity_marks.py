"""Marks all over a card beyond the image, by which one that lies about its size is found.

A false card gives back nothing beyond its true size, or takes every address modulo that size. The
marks lie half an image apart: a card that wraps around puts one of them into the image.
"""

import hashlib
from collections.abc import Iterator

from provisioning.card.disk import Disk

MARK = 4096


def places(start: int, size: int) -> Iterator[int]:
    """Where marks lie on a card of `size` bytes that begins with an image of `start` bytes."""
    last = size - MARK
    yield from range(-(-start // MARK) * MARK, last, start // 2)
    if last >= start:
        yield last


def mark(place: int) -> bytes:
    """The mark of that place, unlike any other."""
    return hashlib.sha256(place.to_bytes(8)).digest() * (MARK // 32)


def put(disk: Disk, start: int) -> None:
    """Write the marks; `start` is where the image ends."""
    for place in places(start, disk.size):
        disk.write(place, mark(place))
    disk.sync()


def false_place(disk: Disk, start: int) -> int | None:
    """The first place whose mark does not come back; None when all do."""
    for place in places(start, disk.size):
        if disk.read(place, MARK) != mark(place):
            return place
    return None

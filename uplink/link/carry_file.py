"""The file of cells that a technician's stick carries; see docs/protocol.md, "Carry".

magic 8 || kiosk id 16 || batch number 16 || 256 cells of 4096 || SHA-256 of all before it.
"""

import hashlib
import struct
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from kiosk.common import files
from kiosk.common.errors import CarryError
from kiosk.protocol.cells import CELL

CELLS = 256
_HEAD = struct.Struct(">8s16s16s")
_DIGEST = 32
SIZE = _HEAD.size + CELLS * CELL + _DIGEST

_NO_STICK = "put the stick in again or take another one"
_CARRY_AGAIN = "nothing was changed; write the file again and carry it again"


class Way(Enum):
    """To the station or back: the magic of a file and the end of its name."""

    UP = (b"HTCARRYU", ".up")
    DOWN = (b"HTCARRYD", ".down")


@dataclass(frozen=True)
class Batch:
    """All cells of one file; those that come down answer the cells that went up, in their order."""

    kiosk: bytes
    number: bytes
    cells: tuple[bytes, ...]

    def pack(self, way: Way) -> bytes:
        """The bytes of the file."""
        if len(self.cells) != CELLS:
            raise CarryError("not a whole batch of cells")
        content = _HEAD.pack(way.value[0], self.kiosk, self.number) + b"".join(self.cells)
        return content + hashlib.sha256(content).digest()

    @classmethod
    def unpack(cls, way: Way, data: bytes) -> "Batch":
        """The batch in `data`; raises CarryError for anything else than a whole file."""
        if data[:8] != way.value[0]:
            raise CarryError("this is not a file of cells", _CARRY_AGAIN)
        content, digest = data[:-_DIGEST], data[-_DIGEST:]
        if len(data) != SIZE or hashlib.sha256(content).digest() != digest:
            raise CarryError("the file of cells is damaged or cut short", _CARRY_AGAIN)
        _, kiosk, number = _HEAD.unpack_from(data)
        starts = range(_HEAD.size, SIZE - _DIGEST, CELL)
        return cls(kiosk, number, tuple(data[start : start + CELL] for start in starts))


def path_of(stick: Path, way: Way, kiosk: bytes) -> Path:
    """Where the file of one kiosk is on a stick."""
    return stick / f"homthu-{kiosk.hex()}{way.value[1]}"


def write(stick: Path, way: Way, batch: Batch) -> None:
    """Put the file onto the stick, whole or not at all.

    Raises CarryError when the stick is full, read-only or gone.
    """
    try:
        files.write(path_of(stick, way, batch.kiosk), batch.pack(way))
    except OSError as error:
        raise CarryError(f"the stick cannot be written: {error.strerror}", _NO_STICK) from error


def read(path: Path, way: Way) -> Batch:
    """The file at `path`; raises CarryError when it is missing, damaged or something else."""
    try:
        with path.open("rb") as file:
            data = file.read(SIZE + 1)
    except FileNotFoundError:
        raise CarryError("no cells for us on this stick", "carry it to the station first") from None
    except OSError as error:
        raise CarryError(f"the stick cannot be read: {error.strerror}", _NO_STICK) from error
    return Batch.unpack(way, data)

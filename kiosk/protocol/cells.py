"""Sealed bytes <-> chunks <-> the 4096-byte cells that travel, one each way every slot.

cell = nonce 12 + ChaCha20-Poly1305(header 22 + body 4046) with its 16-byte tag.
header = kind u8, flags u8 (bit 0 urgent), report id 16, index u16, count u16, big endian.
A down cell holds instead version u8, receipt count u8, eight receipts of 20 bytes (kind u8,
report id 16, index u16, status u8), the station's Unix time u64, then a header and 3876 bytes;
its associated data is the nonce of the up cell that it answers.
"""

import secrets
import struct
from dataclasses import dataclass
from enum import IntEnum

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from kiosk.common.errors import CellError

CELL = 4096
NONCE = 12
TAG = 16
KEY = 32
HEADER = 22
PLAINTEXT = CELL - NONCE - TAG
BODY = PLAINTEXT - HEADER
MAX_RECEIPTS = 8
DOWN_VERSION = 1

_HEADER = struct.Struct(">BB16sHH")
_RECEIPT = struct.Struct(">B16sHB")
_DOWN_HEAD = struct.Struct(">BB")
_TIME = struct.Struct(">Q")
_RECEIPTS = MAX_RECEIPTS * _RECEIPT.size
DOWN_BODY = PLAINTEXT - _DOWN_HEAD.size - _RECEIPTS - _TIME.size - HEADER
_URGENT = 1


class Kind(IntEnum):
    """What a chunk is part of; in the down direction COVER is mere filling."""

    COVER = 0
    ICON = 1
    VOICE = 2
    PHOTO = 3


class Status(IntEnum):
    """What the station did with a chunk."""

    STORED = 0
    REFUSED = 1


@dataclass(frozen=True)
class Header:
    """Names one chunk: number `index` of `count` of one part of one report."""

    kind: int
    urgent: bool
    report_id: bytes
    index: int
    count: int

    def pack(self) -> bytes:
        """The 22 bytes of this header."""
        flags = _URGENT if self.urgent else 0
        return _HEADER.pack(self.kind, flags, self.report_id, self.index, self.count)

    @classmethod
    def unpack(cls, data: bytes) -> "Header":
        """The header in 22 bytes."""
        kind, flags, report_id, index, count = _HEADER.unpack(data)
        return cls(kind, bool(flags & _URGENT), report_id, index, count)


@dataclass(frozen=True)
class Chunk:
    """A header and its body: 4046 bytes going up, 3876 coming down."""

    header: Header
    body: bytes

    def pack(self) -> bytes:
        """Header and body as bytes."""
        return self.header.pack() + self.body

    @classmethod
    def unpack(cls, data: bytes) -> "Chunk":
        """The chunk in `data`."""
        return cls(Header.unpack(data[:HEADER]), data[HEADER:])


@dataclass(frozen=True)
class Receipt:
    """The station's word on one chunk; it names that chunk and only that one."""

    kind: int
    report_id: bytes
    index: int
    status: Status

    @classmethod
    def of(cls, header: Header, status: Status) -> "Receipt":
        """The receipt for the chunk named by `header`."""
        return cls(header.kind, header.report_id, header.index, status)

    def pack(self) -> bytes:
        """The 20 bytes of this receipt."""
        return _RECEIPT.pack(self.kind, self.report_id, self.index, self.status)

    @classmethod
    def unpack_all(cls, data: bytes) -> "list[Receipt]":
        """The receipts packed one after the other; raises ValueError for an unknown status."""
        return [
            cls(kind, report_id, index, Status(status))
            for kind, report_id, index, status in _RECEIPT.iter_unpack(data)
        ]

    def names(self, header: Header) -> bool:
        """Whether this receipt is for that chunk."""
        return (self.kind, self.report_id, self.index) == (
            header.kind,
            header.report_id,
            header.index,
        )


_NO_CHUNK = Header(Kind.COVER, False, bytes(16), 0, 1)
COVER = Chunk(_NO_CHUNK, bytes(BODY))
FILLING = Chunk(_NO_CHUNK, bytes(DOWN_BODY))


@dataclass(frozen=True)
class DownCell:
    """What one down cell says; `station_time` is in seconds since 1970."""

    receipts: tuple[Receipt, ...]
    station_time: int
    chunk: Chunk = FILLING


@dataclass(frozen=True)
class LinkKeys:
    """The two keys of one kiosk's link, known to it and to the station."""

    up: bytes
    down: bytes

    def __post_init__(self) -> None:
        if len(self.up) != KEY or len(self.down) != KEY:
            raise CellError("a link key of the wrong length")

    @classmethod
    def derive(cls, master: bytes, kiosk_id: bytes, generation: int) -> "LinkKeys":
        """HKDF-SHA256(master, kiosk id || generation u32 || "up" or "down")."""
        context = kiosk_id + generation.to_bytes(4, "big")
        return cls(_hkdf(master, context + b"up"), _hkdf(master, context + b"down"))


def cut(kind: int, urgent: bool, report_id: bytes, sealed: bytes, body: int = BODY) -> list[Chunk]:
    """The chunks of a sealed part, whose length is an exact multiple of `body` bytes."""
    count, rest = divmod(len(sealed), body)
    if rest or not count:
        raise CellError("a sealed part that does not fill its cells")
    return [
        Chunk(
            Header(kind, urgent, report_id, index, count), sealed[index * body : (index + 1) * body]
        )
        for index in range(count)
    ]


def join(chunks: list[Chunk]) -> bytes:
    """The sealed part of all its chunks, in any order; raises CellError when one is missing."""
    ordered = sorted(chunks, key=lambda chunk: chunk.header.index)
    parts = {(c.header.kind, c.header.report_id, c.header.count) for c in ordered}
    indexes = [chunk.header.index for chunk in ordered]
    if len(parts) != 1 or indexes != list(range(ordered[0].header.count)):
        raise CellError("not the chunks of one whole part")
    return b"".join(chunk.body for chunk in ordered)


def nonce_of(cell: bytes) -> bytes:
    """The nonce a cell was sealed with."""
    return cell[:NONCE]


def seal_up(keys: LinkKeys, chunk: Chunk) -> bytes:
    """A fresh cell around `chunk`; no two calls give the same bytes."""
    return _seal(keys.up, chunk.pack(), b"")


def open_up(keys: LinkKeys, cell: bytes) -> Chunk:
    """The chunk in a cell; raises CellError for a wrong size or another link's cell."""
    return Chunk.unpack(_open(keys.up, cell, b""))


def seal_down(keys: LinkKeys, up_nonce: bytes, down: DownCell) -> bytes:
    """The cell that answers the up cell sealed with `up_nonce`."""
    if len(down.receipts) > MAX_RECEIPTS:
        raise CellError("more receipts than fit into a cell")
    receipts = b"".join(receipt.pack() for receipt in down.receipts)
    plaintext = (
        _DOWN_HEAD.pack(DOWN_VERSION, len(down.receipts))
        + receipts.ljust(_RECEIPTS, b"\x00")
        + _TIME.pack(down.station_time)
        + down.chunk.pack()
    )
    return _seal(keys.down, plaintext, up_nonce)


def open_down(keys: LinkKeys, up_nonce: bytes, cell: bytes) -> DownCell:
    """What the station answered; raises CellError unless it answers the cell of `up_nonce`."""
    plaintext = _open(keys.down, cell, up_nonce)
    version, count = _DOWN_HEAD.unpack_from(plaintext)
    if version != DOWN_VERSION or count > MAX_RECEIPTS:
        raise CellError("a down cell of an unknown version")
    after = _DOWN_HEAD.size + _RECEIPTS
    packed = plaintext[_DOWN_HEAD.size : _DOWN_HEAD.size + count * _RECEIPT.size]
    try:
        receipts = tuple(Receipt.unpack_all(packed))
    except ValueError as error:
        raise CellError("a receipt with an unknown status") from error
    (station_time,) = _TIME.unpack_from(plaintext, after)
    return DownCell(receipts, station_time, Chunk.unpack(plaintext[after + _TIME.size :]))


def _hkdf(master: bytes, info: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY, salt=None, info=info).derive(master)


def _seal(key: bytes, plaintext: bytes, context: bytes) -> bytes:
    if len(plaintext) != PLAINTEXT:
        raise CellError("a chunk that does not fill its cell")
    nonce = secrets.token_bytes(NONCE)
    return nonce + ChaCha20Poly1305(key).encrypt(nonce, plaintext, context)


def _open(key: bytes, cell: bytes, context: bytes) -> bytes:
    if len(cell) != CELL:
        raise CellError("a cell of the wrong size")
    try:
        return ChaCha20Poly1305(key).decrypt(cell[:NONCE], cell[NONCE:], context)
    except InvalidTag as error:
        raise CellError("a cell that does not open under this link key") from error

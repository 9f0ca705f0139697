"""What the station sends down beside receipts: messages, cut into the chunks of down cells.

A message is a CBOR map, times in Unix seconds. Where the kind asks for it, 64 bytes of Ed25519 over
"homthu message v1" || CBOR follow, by the notice key that the manifest names. The whole is padded
to chunks of 3876 bytes.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kiosk.common.errors import CellError, MessageError, ReportError
from kiosk.protocol import cells
from kiosk.protocol.cbor_map import CborMap
from kiosk.protocol.cells import DOWN_BODY, Chunk, Header
from kiosk.protocol.report import pad, unpad

ID_BYTES = 16
MAX_CHUNKS = 256

_WIRE = CborMap(version=0, kind=1, message_id=2, issued=3, valid_until=4, content=5)
_VERSION = 1
_LABEL = b"homthu message v1"
_SIGNATURE = 64


class Kind(IntEnum):
    """What a message is; what has the smaller number goes first and is kept longest."""

    MANIFEST = 1
    SETTINGS = 2
    WITHDRAWAL = 3
    ANSWER = 4
    NOTICE = 5
    SOUND = 6
    LIBRARY = 7
    LOUDSPEAKER = 8


UNSIGNED = frozenset({Kind.MANIFEST, Kind.ANSWER})
"""A manifest has the authority's own signature; an answer is sealed to its box."""


@dataclass(frozen=True)
class Message:
    """One message; `issued` and `valid_until` are Unix seconds of the station's clock."""

    kind: Kind
    message_id: bytes
    issued: int
    valid_until: int
    content: bytes


def new_message_id() -> bytes:
    """An id that says nothing."""
    return secrets.token_bytes(ID_BYTES)


def encode(message: Message, notice_key: Ed25519PrivateKey | None) -> list[Chunk]:
    """The chunks of a message, signed by `notice_key` unless its kind needs no signature.

    Raises MessageError when it is longer than 256 chunks.
    """
    data = _WIRE.encode({"version": _VERSION, **vars(message), "kind": int(message.kind)})
    if message.kind not in UNSIGNED:
        assert notice_key is not None
        data += notice_key.sign(_LABEL + data)
    count = len(data) // DOWN_BODY + 1
    if count > MAX_CHUNKS:
        raise MessageError(
            "the message is too long", f"at most {MAX_CHUNKS * DOWN_BODY // 1024} KiB, please"
        )
    padded = pad(data, count * DOWN_BODY)
    return cells.cut(message.kind, False, message.message_id, padded, DOWN_BODY)


def is_possible(header: Header) -> bool:
    """Whether a chunk so named can be part of a message of a known kind."""
    return header.kind in set(Kind) and header.index < header.count <= MAX_CHUNKS


def decode(chunks: Sequence[Chunk], notice_key: bytes | None) -> Message:
    """The message of all its chunks, in any order.

    Raises MessageError unless they are whole, say the same as their headers and are signed by the
    raw Ed25519 key `notice_key` where the kind asks for it.
    """
    try:
        header = chunks[0].header
        kind = Kind(header.kind)
        payload = unpad(cells.join(list(chunks)))
        if kind not in UNSIGNED:
            payload, signature = payload[:-_SIGNATURE], payload[-_SIGNATURE:]
            if notice_key is None:
                raise MessageError("a signed message, but the manifest names no notice key")
            Ed25519PublicKey.from_public_bytes(notice_key).verify(signature, _LABEL + payload)
        match _WIRE.decode(payload, MAX_CHUNKS * DOWN_BODY):
            case {
                "version": 1,
                "kind": kind.value,
                "message_id": header.report_id,
                "issued": int(issued),
                "valid_until": int(valid_until),
                "content": bytes(content),
            }:
                return Message(kind, header.report_id, issued, valid_until, content)
    except (CellError, ReportError, ValueError, InvalidSignature) as error:
        raise MessageError("a message that is damaged or not signed by our station") from error
    raise MessageError("a message of an unknown form")

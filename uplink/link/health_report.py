"""What a cover cell carries: how the kiosk is, for the station alone.

Deterministic CBOR, padded to the body of a cell. It names neither how many reports wait nor any
time of day, and a real cell carries nothing of the kind. See docs/protocol.md for the keys.
"""

import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from kiosk import __version__
from kiosk.common.errors import MessageError, OutboxError, ReportError
from kiosk.device.outbox import Outbox
from kiosk.protocol import cbor
from kiosk.protocol.cells import BODY, COVER, Chunk
from kiosk.protocol.message import ID_BYTES, MAX_CHUNKS
from kiosk.protocol.report import pad, unpad

MAX_CODES = 16
MAX_BARS = 5
_VERSION = 1
_MAX_MISSING = 24
_LONGEST_TEXT = 64
_UPTIMES = (3600, 86_400, 7 * 86_400)


class Gate(IntEnum):
    """Whether a door takes reports, as coarse as its screen shows it."""

    OPEN = 0
    URGENT_ONLY = 1
    FULL = 2
    CLOSED = 3


@dataclass(frozen=True)
class Health:
    """The state of one kiosk.

    `epoch` is that of its key manifest, 0 without one; `done` are the messages that it needs no
    chunk of, `missing` the chunks it lacks of others. `gates` has one entry an outbox. `states` are
    the codes of what is not good, out of `states.toml`; `bars` is the modem's
    signal, 0 to 5. `errors` were logged within a day. `uptime` is 0 below an hour, 1 below a day,
    2 below a week, else 3.
    """

    epoch: int
    done: tuple[bytes, ...] = ()
    missing: Mapping[bytes, tuple[int, ...]] = field(default_factory=dict)
    gates: tuple[Gate, ...] = ()
    states: tuple[int, ...] = ()
    bars: int | None = None
    errors: tuple[str, ...] = ()
    software: str = ""
    uptime: int = 0

    def chunk(self) -> Chunk:
        """A cover chunk that carries this."""
        lacking = list(self.missing.items())[:_MAX_MISSING]
        data = cbor.encode(
            {
                0: _VERSION,
                1: self.epoch,
                2: b"".join(self.done),
                3: [[message_id, _bits(numbers)] for message_id, numbers in lacking],
                4: [int(gate) for gate in self.gates],
                5: list(self.states[:MAX_CODES]),
                6: self.bars,
                7: list(self.errors[:MAX_CODES]),
                8: self.software[:_LONGEST_TEXT],
                9: self.uptime,
            }
        )
        return Chunk(COVER.header, pad(data, BODY))


def decode(body: bytes) -> Health:
    """The health in a cover cell's body; raises MessageError when there is none in it."""
    try:
        fields = cbor.decode(unpad(body), BODY)
    except (ReportError, ValueError) as error:
        raise MessageError("a cover cell without health") from error
    match fields:
        case {
            0: 1,
            1: int(epoch),
            2: bytes(done),
            3: list(missing),
            4: list(gates),
            5: list(states),
            6: None | int() as bars,
            7: list(errors),
            8: str(software),
            9: int(uptime),
        } if (
            0 <= uptime <= len(_UPTIMES)
            and all(isinstance(code, int) for code in states)
            and all(isinstance(code, str) for code in errors)
        ):
            return Health(
                epoch,
                tuple(done[at : at + ID_BYTES] for at in range(0, len(done), ID_BYTES)),
                dict(map(_missing, missing)),
                tuple(map(_gate, gates)),
                tuple(states),
                bars,
                tuple(errors),
                software,
                uptime,
            )
    raise MessageError("health of an unknown form")


def gate_of(outbox: Outbox) -> Gate:
    """What the screen of this outbox would say."""
    try:
        if outbox.room(urgent=False) > 0:
            return Gate.OPEN
        return Gate.URGENT_ONLY if outbox.room(urgent=True) > 0 else Gate.FULL
    except OutboxError:
        return Gate.CLOSED


def uptime_of(seconds: float) -> int:
    """The class of an uptime in seconds."""
    return sum(seconds >= limit for limit in _UPTIMES)


def software() -> str:
    """Return the version of the program, preceded by the image's where that is another."""
    try:
        image = platform.freedesktop_os_release().get("IMAGE_VERSION", "")
    except OSError:
        image = ""
    return __version__ if image in ("", __version__) else f"{image} {__version__}"


def _bits(numbers: Sequence[int]) -> bytes:
    return sum(1 << number for number in numbers).to_bytes(MAX_CHUNKS // 8, "little").rstrip(b"\0")


def _missing(entry: Any) -> tuple[bytes, tuple[int, ...]]:
    match entry:
        case [bytes(message_id), bytes(bits)] if len(bits) <= MAX_CHUNKS // 8:
            mask = int.from_bytes(bits, "little")
            return message_id, tuple(n for n in range(MAX_CHUNKS) if mask >> n & 1)
    raise MessageError("health with a damaged list")


def _gate(value: Any) -> Gate:
    try:
        return Gate(value)
    except ValueError as error:
        raise MessageError("health with an unknown gate") from error

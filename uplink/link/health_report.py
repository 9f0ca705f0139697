"""What a cover cell carries: how the kiosk is, for the station alone.

Deterministic CBOR, padded to the body of a cell. It names neither how many reports wait nor any
time of day, and a real cell carries nothing of the kind. See docs/protocol.md, 10.
"""

import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from kiosk import __version__
from kiosk.common.errors import MessageError, OutboxError, ReportError
from kiosk.device.outbox import Outbox
from kiosk.protocol.cbor_map import CborMap
from kiosk.protocol.cells import BODY, COVER, Chunk
from kiosk.protocol.message import ID_BYTES, MAX_CHUNKS
from kiosk.protocol.report import pad, unpad

MAX_CODES = 16
MAX_BARS = 5
_WIRE = CborMap(
    version=0,
    epoch=1,
    done=2,
    missing=3,
    gates=4,
    states=5,
    bars=6,
    errors=7,
    software=8,
    uptime=9,
)
_VERSION = 1
_MAX_MISSING = 24
_LONGEST_TEXT = 64
_UPTIMES = (3600, 86_400, 7 * 86_400)


class BoxLevel(IntEnum):
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
    gates: tuple[BoxLevel, ...] = ()
    states: tuple[int, ...] = ()
    bars: int | None = None
    errors: tuple[str, ...] = ()
    software: str = ""
    uptime: int = 0

    def chunk(self) -> Chunk:
        """A cover chunk that carries this."""
        lacking = list(self.missing.items())[:_MAX_MISSING]
        data = _WIRE.encode(
            {
                "version": _VERSION,
                "epoch": self.epoch,
                "done": b"".join(self.done),
                "missing": [[message_id, _bits(numbers)] for message_id, numbers in lacking],
                "gates": [int(gate) for gate in self.gates],
                "states": list(self.states[:MAX_CODES]),
                "bars": self.bars,
                "errors": list(self.errors[:MAX_CODES]),
                "software": self.software[:_LONGEST_TEXT],
                "uptime": self.uptime,
            }
        )
        return Chunk(COVER.header, pad(data, BODY))


def decode(body: bytes) -> Health:
    """The health in a cover cell's body; raises MessageError when there is none in it."""
    try:
        fields = _WIRE.decode(unpad(body), BODY)
    except (ReportError, ValueError) as error:
        raise MessageError("a cover cell without health") from error
    match fields:
        case {
            "version": 1,
            "epoch": int(epoch),
            "done": bytes(done),
            "missing": list(missing),
            "gates": list(gates),
            "states": list(states),
            "bars": None | int() as bars,
            "errors": list(errors),
            "software": str(software),
            "uptime": int(uptime),
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


def gate_of(outbox: Outbox) -> BoxLevel:
    """What the screen of this outbox would say."""
    try:
        if outbox.room(urgent=False) > 0:
            return BoxLevel.OPEN
        return BoxLevel.URGENT_ONLY if outbox.room(urgent=True) > 0 else BoxLevel.FULL
    except OutboxError:
        return BoxLevel.CLOSED


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


def _gate(value: Any) -> BoxLevel:
    try:
        return BoxLevel(value)
    except ValueError as error:
        raise MessageError("health with an unknown gate") from error

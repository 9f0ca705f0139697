"""The station's settings: how often cells leave and at which hours, and whether voices may come."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from kiosk.common.errors import MessageError
from kiosk.protocol.cbor_map import CborMap

MIN_SLOT_S = 1
MAX_SLOT_S = 86_400
MIN_BUDGET_MB = 1
MAX_BUDGET_MB = 100_000
_LAST = 24
_MAX_BYTES = 1024
_WIRE = CborMap(slot_s=0, budget_mb=1, hours=2, voice=3)


Window: TypeAlias = tuple[int, int]
"""From one whole hour of the day to another."""


@dataclass(frozen=True)
class Pace:
    """A slot every `slot_s` seconds, or as seldom as `budget_mb` (10^6 bytes in 30 days) demands.

    `hours` are (from, to) in whole hours of the station's day, 0 to 24; (22, 5) goes over
    midnight. Without any, cells leave all day. A budget of 0 is no limit. `voice` allows a voice
    with a report.
    """

    slot_s: float
    budget_mb: int = 0
    hours: tuple[Window, ...] = ()
    voice: bool = False

    def is_open(self, now: datetime | None) -> bool:
        """Whether a cell leaves at this hour; always while the station's time is not known."""
        return now is None or not self.hours or covers(self.hours, now.hour)

    @property
    def open_hours(self) -> int:
        """How many hours a day cells leave."""
        return sum(covers(self.hours, hour) for hour in range(_LAST)) if self.hours else _LAST

    def encode(self) -> bytes:
        """The content of a SETTINGS message: CBOR as in docs/protocol.md, 9."""
        hours = [*map(list, self.hours)]
        data = _WIRE.encode({**vars(self), "slot_s": int(self.slot_s), "hours": hours})
        Pace.decode(data)
        return data

    @classmethod
    def decode(cls, data: bytes) -> "Pace":
        """The pace in the content of a message; raises MessageError when it is none."""
        try:
            content = _WIRE.decode(data, _MAX_BYTES)
        except ValueError as error:
            raise MessageError("settings that are damaged") from error
        match content:
            case {
                "slot_s": int(slot_s),
                "budget_mb": int(budget_mb),
                "hours": [*hours],
                **rest,
            } if (
                MIN_SLOT_S <= slot_s <= MAX_SLOT_S
                and (budget_mb == 0 or MIN_BUDGET_MB <= budget_mb <= MAX_BUDGET_MB)
                and all(map(is_window, hours))
            ):
                windows = tuple((start, end) for start, end in hours)
                return cls(slot_s, budget_mb, windows, rest.get("voice") is True)
        raise MessageError("settings that no kiosk can follow")


def parse_hours(texts: Iterable[str]) -> tuple[Window, ...]:
    """Windows written as "5-9"; raises ValueError for anything else."""
    windows = []
    for text in texts:
        start, _, end = text.partition("-")
        window = [int(start), int(end)]
        if not is_window(window):
            raise ValueError(text)
        windows.append((window[0], window[1]))
    return tuple(windows)


def covers(hours: Iterable[Window], hour: int) -> bool:
    """Whether an hour of the day lies in one of these windows."""
    return any(
        start <= hour < end if start < end else hour >= start or hour < end for start, end in hours
    )


def is_window(window: object) -> bool:
    """Whether these are two different whole hours of a day."""
    match window:
        case [int(start), int(end)]:
            return 0 <= start <= _LAST and 0 <= end <= _LAST and start % _LAST != end
    return False

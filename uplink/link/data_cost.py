"""What an interval between slots costs in data, and how long a report waits.

Payloads and segments were measured over loopback with Mosquitto 2.0.11, mutual TLS 1.3 and the
segment size of a mobile network whose MTU is 1400 bytes, by a proxy that counts; the test of this
module measures them again. Headers are added by formula. From these figures the courier also
chooses whether it keeps its connection from slot to slot: up to 64 minutes it does.
"""

from dataclasses import dataclass
from typing import NamedTuple

from kiosk.protocol.station_settings import MAX_SLOT_S, Pace

KEEPALIVE_S = 240
"""A ping after so long without a cell keeps the mapping of a carrier's NAT; most of them forget an
idle connection after five minutes or more (Wang et al., SIGCOMM 2011, section 4.2)."""

JITTER = 1 / 15
"""How far a cell leaves before or after its slot, as a part of the interval."""

HEADERS = 52
"""Bytes of a segment: IPv4 20 (RFC 791), TCP 20 (RFC 9293), timestamps 12 (RFC 7323)."""


class Wire(NamedTuple):
    """TCP payload bytes up and down, and TCP segments both ways, bare acknowledgements too."""

    up: float
    down: float
    segments: float

    @property
    def bytes(self) -> float:
        """With all headers, both ways."""
        return self.up + self.down + self.segments * HEADERS

    def __sub__(self, other: "Wire") -> "Wire":
        return Wire(*(mine - theirs for mine, theirs in zip(self, other, strict=True)))

    def __truediv__(self, number: int) -> "Wire":
        return Wire(*(part / number for part in self))


SLOT = Wire(4194, 4191, 12)
"""A cell one way and the acknowledgement of the other's."""

PING = Wire(24, 24, 3)
"""A ping and its answer."""

FULL = Wire(1354, 2491, 19)
"""A connection made and ended: TLS handshake, CONNECT, SUBSCRIBE, DISCONNECT."""

RESUMED = Wire(1168, 970, 18)
"""The same with a ticket of the connection before."""

TICKET_S = 7200.0
"""How long Mosquitto's tickets last."""

HOUR_S = 3600
DAYS = 30
_FINEST = 1.001


@dataclass(frozen=True)
class Cost:
    """Bytes of one slot, megabytes (10^6) of 30 days, and seconds that a report waits."""

    slot_s: float
    kept: bool
    slot_bytes: int
    month_mb: float
    mean_wait_s: float
    max_wait_s: float


def kept_bytes(slot_s: float) -> float:
    """A slot over a connection that is kept open, with the pings until the next."""
    return SLOT.bytes + slot_s // KEEPALIVE_S * PING.bytes


def renewed_bytes(slot_s: float) -> float:
    """A slot with a connection of its own."""
    return SLOT.bytes + (RESUMED if slot_s < TICKET_S else FULL).bytes


def is_kept(slot_s: float) -> bool:
    """Whether a connection is kept from slot to slot, because that costs fewer bytes."""
    return kept_bytes(slot_s) <= renewed_bytes(slot_s)


def cost(slot_s: float, connections_a_day: int = 1, open_hours: int = 24) -> Cost:
    """What slots of `slot_s` seconds cost; a kept connection is made so many times a day.

    A report that is filed while cells leave waits from nothing to an interval and the jitter on
    both its sides.
    """
    kept = is_kept(slot_s)
    slot = min(kept_bytes(slot_s), renewed_bytes(slot_s))
    day = open_hours * HOUR_S / slot_s * slot + (connections_a_day * FULL.bytes if kept else 0)
    longest = slot_s * (1 + 2 * JITTER)
    return Cost(slot_s, kept, round(slot), DAYS * day / 1e6, slot_s / 2, longest)


def interval_s(pace: Pace) -> float:
    """Seconds between slots: those of `pace`, or as many as its budget demands."""
    slot_s = pace.slot_s
    while pace.budget_mb and slot_s < MAX_SLOT_S:
        month_mb = cost(slot_s, open_hours=pace.open_hours).month_mb
        if month_mb <= pace.budget_mb:
            break
        slot_s *= max(_FINEST, month_mb / pace.budget_mb)
    return min(slot_s, MAX_SLOT_S)

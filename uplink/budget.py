"""`homthu-courier budget`: what an interval between slots costs, and how long a report waits.

Payloads and segments were measured over loopback with Mosquitto 2.0.11, mutual TLS 1.3 and the
segment size of a mobile network whose MTU is 1400 bytes, by a proxy that counts; the test of this
module measures them again. Headers are added by formula. From these figures the courier also
chooses whether it keeps its connection from slot to slot: up to 64 minutes it does.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

import click
from rich.console import Console
from rich.table import Table

from uplink.slot_link import KEEPALIVE_S
from uplink.slots import JITTER

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

DAY_S = 86_400
DAYS = 30
COMMON_S = (60.0, 120.0, 300.0, 600.0, 900.0, 1800.0, 3600.0)


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


def cost(slot_s: float, connections_a_day: int = 1) -> Cost:
    """What slots of `slot_s` seconds cost; a kept connection is made so many times a day.

    A report waits from nothing to an interval and the jitter on both its sides.
    """
    kept = is_kept(slot_s)
    slot = min(kept_bytes(slot_s), renewed_bytes(slot_s))
    day = DAY_S / slot_s * slot + (connections_a_day * FULL.bytes if kept else 0)
    longest = slot_s * (1 + 2 * JITTER)
    return Cost(slot_s, kept, round(slot), DAYS * day / 1e6, slot_s / 2, longest)


@click.command()
@click.option(
    "--slot",
    type=click.FloatRange(0.01, 86_400),
    help="Giây giữa hai lần gửi. / Seconds between slots.",
)
def budget(slot: float | None) -> None:
    """Mỗi khoảng gửi tốn bao nhiêu. / What each interval between slots costs."""
    if slot is not None and math.isnan(slot):
        raise click.BadParameter("không phải là số / not a number", param_hint="--slot")
    table = Table(title="Mỗi ô gửi / each slot")
    for heading in (
        "Giây\nseconds",
        "Byte mỗi ô\nbytes a slot",
        "MB mỗi tháng\nMB a month",
        "Chờ trung bình\nmean wait",
        "Chờ lâu nhất\nlongest wait",
    ):
        table.add_column(heading, justify="right")
    for slot_s in sorted({*COMMON_S, *([slot] if slot else [])}):
        chosen = "bold reverse" if slot_s == slot else None
        table.add_row(*_row(cost(slot_s), slot_s == slot), style=chosen)
    Console().print(table)


def _row(costs: Cost, chosen: bool) -> list[str]:
    return [
        f"{'→ ' if chosen else ''}{costs.slot_s:g}",
        f"{costs.slot_bytes}",
        f"{costs.month_mb:.1f}",
        f"{costs.mean_wait_s:.4g} s",
        f"{costs.max_wait_s:.4g} s",
    ]

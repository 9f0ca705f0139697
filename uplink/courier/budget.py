"""`homthu-courier budget`: what an interval between slots costs, and how long a report waits.

Payloads and segments were measured over loopback with Mosquitto 2.0.11, mutual TLS 1.3 and the
segment size of a mobile network whose MTU is 1400 bytes, by a proxy that counts; the test of this
module measures them again. Headers are added by formula. From these figures the courier also
chooses whether it keeps its connection from slot to slot: up to 64 minutes it does.
"""

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import click
from rich.console import Console
from rich.table import Table

from kiosk.protocol.station_settings import MAX_BUDGET_MB, MAX_SLOT_S, Pace, parse_hours
from uplink.courier.slot_link import KEEPALIVE_S
from uplink.courier.slots import JITTER

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


class _Hours(click.ParamType[tuple[int, int], str]):
    name = "FROM-TO"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        try:
            return parse_hours([value])[0]
        except ValueError:
            self.fail("giờ phải như 5-9 / hours look like 5-9", param, ctx)


budget_option = click.option(
    "--budget",
    "budget_mb",
    type=click.IntRange(0, MAX_BUDGET_MB),
    default=0,
    help="Không quá số MB mỗi tháng; 0 là không hạn. / MB a month at most; 0 is no limit.",
)
hours_option = click.option(
    "--hours",
    type=_Hours(),
    multiple=True,
    help="Chỉ gửi trong giờ này, như 5-9. / Send at these hours only, as 5-9; may be repeated.",
)


@click.command()
@click.option(
    "--slot",
    type=click.FloatRange(0.01, MAX_SLOT_S),
    help="Giây giữa hai lần gửi. / Seconds between slots.",
)
@budget_option
@hours_option
def budget(slot: float | None, budget_mb: int, hours: tuple[tuple[int, int], ...]) -> None:
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
    pace = Pace(slot or COMMON_S[0], budget_mb, hours)
    chosen = interval_s(pace) if slot or budget_mb else None
    for slot_s in sorted({*COMMON_S, *([chosen] if chosen else [])}):
        style = "bold reverse" if slot_s == chosen else None
        costs = cost(slot_s, open_hours=pace.open_hours)
        table.add_row(*_row(costs, slot_s == chosen), style=style)
    Console().print(table)
    if hours:
        click.echo(
            f"Gửi {pace.open_hours} giờ mỗi ngày; tin báo ngoài giờ chờ đến giờ gửi. / "
            f"{pace.open_hours} hours a day; what is filed outside them waits for them."
        )


def _row(costs: Cost, chosen: bool) -> list[str]:
    return [
        f"{'→ ' if chosen else ''}{costs.slot_s:g}",
        f"{costs.slot_bytes}",
        f"{costs.month_mb:.1f}",
        f"{costs.mean_wait_s:.4g} s",
        f"{costs.max_wait_s:.4g} s",
    ]

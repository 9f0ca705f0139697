"""`homthu-courier budget`: what an interval between slots costs, and how long a report waits.

Payloads and segments were measured over loopback with Mosquitto 2.0.11, mutual TLS 1.3 and the
segment size of a mobile network whose MTU is 1400 bytes, by a proxy that counts; the test of this
module measures them again. Headers are added by formula.
"""

import math
from dataclasses import dataclass

import click
from rich.console import Console
from rich.table import Table

from uplink.slots import JITTER

SLOT_UP = 4189
SLOT_DOWN = 4191
"""TCP payload bytes of a slot: a cell one way and the acknowledgement of the other's."""

SLOT_SEGMENTS = 13
"""TCP segments of a slot, both ways, bare acknowledgements included."""

CONNECT_UP = 1331
CONNECT_DOWN = 2490
"""TCP payload bytes of a connection: TLS handshake, CONNECT and SUBSCRIBE."""

CONNECT_SEGMENTS = 20
"""TCP segments of a connection: 16 measured until it is subscribed, 4 for its end."""

HEADERS = 52
"""Bytes of a segment: IPv4 20 (RFC 791), TCP 20 (RFC 9293), timestamps 12 (RFC 7323)."""

DAY_S = 86_400
DAYS = 30
COMMON_S = (60.0, 120.0, 300.0, 600.0, 900.0, 1800.0, 3600.0)


@dataclass(frozen=True)
class Cost:
    """Bytes of one slot, megabytes (10^6) of 30 days, and seconds that a report waits."""

    slot_s: float
    slot_bytes: int
    month_mb: float
    mean_wait_s: float
    max_wait_s: float


def slot_bytes() -> int:
    """One slot on the wire, both ways."""
    return SLOT_UP + SLOT_DOWN + SLOT_SEGMENTS * HEADERS


def connection_bytes() -> int:
    """One connection made and ended, both ways."""
    return CONNECT_UP + CONNECT_DOWN + CONNECT_SEGMENTS * HEADERS


def cost(slot_s: float, connections_a_day: int = 1) -> Cost:
    """What slots of `slot_s` seconds cost with so many new connections a day.

    A report waits from nothing to an interval and the jitter on both its sides.
    """
    day = DAY_S / slot_s * slot_bytes() + connections_a_day * connection_bytes()
    return Cost(slot_s, slot_bytes(), DAYS * day / 1e6, slot_s / 2, slot_s * (1 + 2 * JITTER))


def is_kept(slot_s: float) -> bool:
    """whether"""
    return slot_s < 2880


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

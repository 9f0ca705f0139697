"""`homthu-courier budget`: what an interval between slots costs, and how long a report waits.

The TCP payloads were measured over loopback with Mosquitto 2.0.11 and mutual TLS 1.3 by a proxy
that counts (tests/uplink/test_budget.py measures them again). Headers are added by formula.
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

CONNECT_UP = 1331
CONNECT_DOWN = 2490
"""TCP payload bytes of a connection: TLS handshake, CONNECT and SUBSCRIBE."""

HEADERS = 52
"""Of a segment: IPv4 20 (RFC 791), TCP 20 (RFC 9293), timestamps 12 (RFC 7323)."""

SEGMENT = 1348
"""Payload of a segment where the mobile network's MTU is 1400 bytes."""

CONNECTION_SEGMENTS = 20
"""Segments of a connection that come on top of its payload's: SYN, FIN and acknowledgements."""

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


def on_the_wire(up: int, down: int, acknowledgements: int) -> int:
    """Bytes with headers of payloads either way, with so many bare acknowledgements."""
    segments = math.ceil(up / SEGMENT) + math.ceil(down / SEGMENT) + acknowledgements
    return up + down + segments * HEADERS


def slot_bytes() -> int:
    """One slot: two cells in four segments each, whose receiver acknowledges every second one.

    The acknowledgements of MQTT travel as segments of their own.
    """
    data = math.ceil(SLOT_UP / SEGMENT) + math.ceil(SLOT_DOWN / SEGMENT)
    return on_the_wire(SLOT_UP, SLOT_DOWN, math.ceil(data / 2) + 2)


def connection_bytes() -> int:
    """One connection made and ended."""
    return on_the_wire(CONNECT_UP, CONNECT_DOWN, CONNECTION_SEGMENTS)


def cost(slot_s: float, connections_a_day: int = 1) -> Cost:
    """What slots of `slot_s` seconds cost with so many new connections a day.

    A report waits from nothing to an interval and the jitter on both its sides.
    """
    day = DAY_S / slot_s * slot_bytes() + connections_a_day * connection_bytes()
    return Cost(slot_s, slot_bytes(), DAYS * day / 1e6, slot_s / 2, slot_s * (1 + 2 * JITTER))


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

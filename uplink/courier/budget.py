"""`homthu-courier budget`: what each interval between slots costs, and how long a report waits."""

import math

import click
from rich.console import Console
from rich.table import Table

from kiosk.protocol.station_settings import MAX_SLOT_S, Pace
from uplink.link.data_cost import Cost, cost, interval_s
from uplink.link.pace_options import budget_option, hours_option

COMMON_S = (60.0, 120.0, 300.0, 600.0, 900.0, 1800.0, 3600.0)


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

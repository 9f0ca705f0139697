"""Options by which the station and a technician say how often cells leave."""

from typing import Any

import click

from kiosk.protocol.station_settings import MAX_BUDGET_MB, parse_hours


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

"""`homthu-provision fleet`."""

import json
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from provisioning import fleet
from provisioning.commands.common import FILE, authority_argument, told_plainly
from provisioning.fleet import ACTIVE, REPLACED, REVOKED, Row

STATES = {ACTIVE: "đang dùng", REVOKED: "đã thu hồi", REPLACED: "đã thay thẻ"}
_NOT_TOLD = "?"


@click.command(name="fleet")
@authority_argument
@click.option(
    "--health", type=FILE, help="Tệp của homthu-station health --json / how the kiosks are."
)
@click.option("--json", "as_json", is_flag=True, help="Mỗi dòng một JSON / JSON lines.")
@told_plainly
def fleet_command(folder: Path, health: Path | None, as_json: bool) -> None:
    """Bảng các kiosk (all kiosks; needs no passphrase)."""
    rows = list(fleet.rows(folder, fleet.read_health(health) if health else {}))
    if as_json:
        for row in rows:
            click.echo(json.dumps(asdict(row), ensure_ascii=False))
    else:
        Console().print(_table(rows))


def _table(rows: list[Row]) -> Table:
    table = Table("Đồn", "Nhà văn hóa", "Bản", "Mã", "Thẻ", "Tình trạng", title="Các kiosk")
    for column in ("Phiên bản", "Khóa", "Nghe lần cuối", "Chứng thư đến"):
        table.add_column(column)
    for row in rows:
        behind = row.epoch is not None and row.epoch < row.newest_epoch
        epoch = _NOT_TOLD if row.epoch is None else f"{row.epoch}/{row.newest_epoch}"
        table.add_row(
            *map(Text, (row.station, row.hall, row.village, row.kiosk[:8], str(row.generation))),
            Text(STATES[row.state], style="" if row.state == ACTIVE else "dim"),
            Text(row.version or _NOT_TOLD),
            Text(epoch, style="bold yellow" if behind else ""),
            Text(row.last_seen or _NOT_TOLD),
            Text(row.ends),
        )
    return table

"""`homthu-station health`: how every kiosk is, by what it told in its cover cells."""

import json
import time
from collections.abc import Iterable, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from kiosk.content import status_codes
from kiosk.settings.kiosk_list import Kiosk, load_kiosks
from kiosk.settings.station import load_station
from uplink.link.command_line import explained
from uplink.station.channel_status import noted
from uplink.station.commands.command_line import config_option, json_option
from uplink.station.downlink.queue import DownQueue, Heard
from uplink.station.reading.health_words import SILENT_H, in_words
from uplink.station.receive.store import Store

HOUR_S = 3600


@click.command()
@config_option
@json_option
def health(config: Path, as_json: bool) -> None:
    """Các kiosk ra sao. / How the kiosks are."""
    with explained():
        settings = load_station(config)
        kiosks = load_kiosks(settings.kiosks)
        url = settings.database_url
        with closing(Store(url)) as store, closing(DownQueue(url)) as queue:
            last, told = store.last_heard(), queue.heard()
    if as_json:
        for topic, kiosk in kiosks.items():
            fields = _fields(topic, kiosk, last.get(topic), told.get(topic))
            click.echo(json.dumps(fields, ensure_ascii=False))
    else:
        table = _table(kiosks.items(), last, told)
        table.caption = "; ".join(status_codes.load()[name].vi for name in noted(settings.folder))
        Console().print(table)


def _fields(topic: str, kiosk: Kiosk, last: int | None, heard: Heard | None) -> dict[str, object]:
    fields: dict[str, object] = {
        "kiosk": topic,
        "name": kiosk.name,
        "last_hour": None if last is None else _utc(last),
        "health_hour": None if heard is None else _utc(heard.hour),
    }
    if heard is None:
        return fields
    told = heard.health
    return fields | {
        "epoch": told.epoch,
        "gates": [gate.name.lower() for gate in told.gates],
        "states": list(told.states),
        "bars": told.bars,
        "errors": list(told.errors),
        "software": told.software,
        "uptime": told.uptime,
        "messages": len(told.done),
        "incomplete": len(told.missing),
    }


def _table(
    kiosks: Iterable[tuple[str, Kiosk]], last: Mapping[str, int], told: Mapping[str, Heard]
) -> Table:
    table = Table("Kiosk", "Nghe lần cuối", "Nhận tin", "Khóa", "Đường truyền", "Máy")
    table.title = "Sức khỏe các kiosk"
    for topic, kiosk in kiosks:
        heard = told.get(topic)
        words = ("chưa báo", "", "", "") if heard is None else in_words(heard.health)
        table.add_row(Text(kiosk.name), _last(last.get(topic)), *map(Text, words))
    return table


def _last(hour: int | None) -> Text:
    if hour is None:
        return Text("chưa lần nào", style="bold red")
    silent = time.time() // HOUR_S - hour > SILENT_H
    shown = f"{datetime.fromtimestamp(hour * HOUR_S):%d/%m/%Y %H giờ}"
    return Text(shown, style="bold red" if silent else "")


def _utc(hour: int) -> str:
    return f"{datetime.fromtimestamp(hour * HOUR_S, UTC):%Y-%m-%dT%H:00Z}"

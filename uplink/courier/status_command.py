"""`homthu-courier status`: how the link, the modem and the outboxes are, for a technician.

Vietnamese first, English second, and a picture for those who read neither.
"""

import json
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from kiosk.common.errors import OutboxError
from kiosk.content import status_codes
from kiosk.device.outbox import Outbox
from kiosk.settings.courier import CourierSettings, load_courier
from uplink.courier.status_file import SILENT, CourierState, modem_names, read_state
from uplink.link.command_line import config_option, explained
from uplink.link.health_report import MAX_BARS
from uplink.modem.answers import ModemStatus

STALE_SLOTS = 2
GOOD, WAIT, BAD, ALARM = "✔", "…", "✖", "‼"
MARKS = {
    status_codes.GOOD: GOOD,
    status_codes.WAIT: WAIT,
    status_codes.BAD: BAD,
    status_codes.ALARM: ALARM,
}
BARS = "▁▂▄▆█"

Numbers = dict[str, int | str]
Row = tuple[str, str, str]
"""A picture, Vietnamese words, English words."""

SLOTS: dict[bool | None, Row] = {
    True: (GOOD, "Ô gửi gần nhất đã đi", "last slot: a cell left"),
    False: (BAD, "Ô gửi gần nhất bị lỡ", "last slot: missed"),
    None: (WAIT, "Ngoài giờ gửi", "outside the hours of sending"),
}


@click.command()
@config_option
@click.option("--json", "as_json", is_flag=True, help="Một dòng JSON. / One line of JSON.")
def status(config: Path, as_json: bool) -> None:
    """Đường truyền, modem và hộp gửi ra sao. / How link, modem and outboxes are."""
    with explained():
        settings = load_courier(config)
    found = read_state(settings.status)
    row_key = settings.row_key.read_bytes()
    outboxes = {path.name: _numbers(path, row_key) for path in settings.outboxes}
    if as_json:
        click.echo(json.dumps(_fields(found, outboxes), ensure_ascii=False))
    else:
        Console().print(_table(settings, found, outboxes))


def _numbers(path: Path, row_key: bytes) -> Numbers:
    try:
        with closing(Outbox(path, row_key)) as outbox:
            counts = outbox.counts()
    except OutboxError as error:
        return {"problem": str(error.code)}
    return {
        "free": counts.free,
        "waiting": counts.real,
        "parked": counts.parked,
        "damaged": counts.damaged,
    }


def _fields(
    found: tuple[CourierState, int] | None, outboxes: dict[str, Numbers]
) -> dict[str, object]:
    if found is None:
        return {"running": False, "outboxes": outboxes}
    state, slots_ago = found
    running = slots_ago < STALE_SLOTS
    told = {**asdict(state), "states": state.names()}
    return {"running": running, "slots_ago": slots_ago, **told, "outboxes": outboxes}


def _table(
    settings: CourierSettings,
    found: tuple[CourierState, int] | None,
    outboxes: dict[str, Numbers],
) -> Table:
    table = Table(title="Hòm Thư Kiosk", show_header=False)
    rows = _link_rows(found)
    if settings.modem:
        rows += _modem_rows(found[0].modem if found else None)
    for name, numbers in outboxes.items():
        rows.append(_outbox_row(name, numbers))
    for row in rows:
        table.add_row(*(Text(words) for words in row))
    return table


def _link_rows(found: tuple[CourierState, int] | None) -> list[Row]:
    if found is None:
        return [(BAD, "Chưa chạy lần nào", "has not run yet")]
    state, ago = found
    ran = GOOD if ago < STALE_SLOTS else BAD
    heard = GOOD if state.unanswered < STALE_SLOTS else BAD
    rows = [
        (ran, f"Chạy cách đây {ago} ô", f"ran {ago} slot(s) ago"),
        SLOTS[state.sent],
        (
            BAD if state.missed else GOOD,
            f"Lỡ liền {state.missed} ô",
            f"{state.missed} missed in a row",
        ),
        (
            heard,
            f"Đồn chưa trả lời {state.unanswered} ô",
            f"{state.unanswered} slot(s) unanswered",
        ),
        _row(status_codes.state_name("broker", state.trouble)),
    ]
    if state.silent_days:
        mark, vietnamese, english = _row(SILENT)
        rows.append((mark, f"{vietnamese}: {state.silent_days}", f"{english}: {state.silent_days}"))
    return rows


def _row(name: str) -> Row:
    state = status_codes.load()[name]
    return MARKS[state.level], state.vi, state.en


def _modem_rows(modem: ModemStatus | None) -> list[Row]:
    if modem is None:
        return [(WAIT, "Chưa hỏi modem", "modem not asked yet")]
    rows = [_row(name) for name in modem_names(modem)]
    if modem.operator:
        rows.append((GOOD, f"Nhà mạng: {modem.operator}", f"operator: {modem.operator}"))
    if modem.bars is not None:
        picture = BARS[: modem.bars] or BAD
        rows.append(
            (picture, f"Sóng {modem.bars}/{MAX_BARS}", f"signal {modem.bars} of {MAX_BARS}")
        )
    if modem.apn:
        rows.append((GOOD, f"APN: {modem.apn}", f"APN: {modem.apn}"))
    return rows


def _outbox_row(name: str, numbers: Numbers) -> Row:
    if "problem" in numbers:
        return BAD, f"{name}: không đọc được, thay thẻ", f"{name}: cannot be read, change the card"
    bad = numbers["damaged"] or numbers["parked"]
    return (
        BAD if bad else GOOD,
        f"{name}: trống {numbers['free']}, chờ {numbers['waiting']}, "
        f"gác {numbers['parked']}, hỏng {numbers['damaged']}",
        f"free {numbers['free']}, waiting {numbers['waiting']}, "
        f"parked {numbers['parked']}, damaged {numbers['damaged']}",
    )

"""`homthu-station send`: what goes down to the kiosks, in their next cells."""

import json
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from rich.console import Console
from rich.table import Table

from kiosk.protocol.message import Kind
from kiosk.protocol.notice import LANGUAGES, TOPICS, Notice, NoticeSound
from kiosk.protocol.station_settings import MAX_SLOT_S, MIN_SLOT_S, Pace
from kiosk.settings.kiosk_list import load_kiosks
from kiosk.settings.station import load_station
from uplink.link.command_line import explained
from uplink.link.data_cost import cost, interval_s
from uplink.link.pace_options import budget_option, hours_option
from uplink.station.commands.command_line import (
    config_option,
    json_option,
    passphrase_option,
    read,
    read_passphrase,
)
from uplink.station.downlink.queue import ALL, DownQueue
from uplink.station.downlink.recording import as_opus
from uplink.station.downlink.sender import LASTING_DAYS, Sender
from uplink.station.keys import unlock_notice_key

MANIFEST_FILE = "manifest.cbor"
KINDS = {
    Kind.MANIFEST: "khóa của đồn",
    Kind.SETTINGS: "cài đặt",
    Kind.WITHDRAWAL: "thu hồi",
    Kind.ANSWER: "trả lời",
    Kind.NOTICE: "thông báo",
    Kind.SOUND: "tiếng nói",
    Kind.LIBRARY: "tài liệu",
    Kind.LOUDSPEAKER: "giờ phát loa",
}

_kiosk_option = click.option(
    "--kiosk",
    default=ALL,
    help="Mã hoặc tên kiosk; không ghi là tất cả. / Its id or name; all when left out.",
)


@click.group()
def send() -> None:
    """Gửi xuống kiosk. / Send down to the kiosks; it rides in their next cells."""


@send.command()
@config_option
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
def manifest(config: Path, file: Path | None) -> None:
    """Gửi khóa mới đã ký. / Send the key manifest that the authority has signed.

    FILE là manifest.cbor trong thư mục của đồn nếu không ghi. / Without FILE: the station's own.
    """
    with _sender(config) as sender:
        sent = sender.send_manifest(read(file or config.parent / MANIFEST_FILE))
    click.echo(f"Khóa số {sent.epoch} sẽ tới mọi kiosk. / Manifest {sent.epoch} is on its way.")


@send.command()
@config_option
@_kiosk_option
@click.option(
    "--slot",
    "slot_s",
    type=click.IntRange(MIN_SLOT_S, MAX_SLOT_S),
    default=300,
    show_default=True,
    help="Giây giữa hai lần gửi. / Seconds between slots.",
)
@budget_option
@hours_option
@click.option(
    "--voice",
    is_flag=True,
    help="Cho phép gửi tiếng nói kèm theo. / Allow a voice with a report; else it is not offered.",
)
@passphrase_option
def settings(
    config: Path,
    kiosk: str,
    slot_s: int,
    budget_mb: int,
    hours: tuple[tuple[int, int], ...],
    voice: bool,
    passphrase_file: Path | None,
) -> None:
    """Đổi nhịp gửi của kiosk. / Change how often and when a kiosk sends; the newest counts."""
    pace = Pace(slot_s, budget_mb, hours, voice)
    every = interval_s(pace)
    month = cost(every, open_hours=pace.open_hours).month_mb
    windows = " ".join(f"{start}-{end}" for start, end in hours) or "0-24"
    note = f"{every:.0f} s, {windows}, {month:.1f} MB"
    spoken = ", có tiếng nói / with voices" if voice else ""
    with _sender(config) as sender:
        key = _notice_key(config, passphrase_file)
        sender.send(Kind.SETTINGS, pace.encode(), kiosk, LASTING_DAYS, note + spoken, key)
    click.echo(f"{note} mỗi tháng / a month{spoken}")


@send.command()
@config_option
@_kiosk_option
@click.option("--topic", type=click.Choice(TOPICS), default=TOPICS[0], show_default=True)
@click.option("--vi", required=True, help="Lời tiếng Việt. / Words in Vietnamese.")
@click.option("--hmn", default="", help="Lời tiếng H'Mông. / Words in Hmong.")
@click.option(
    "--days",
    type=click.IntRange(1, 30),
    default=7,
    show_default=True,
    help="Có hiệu lực mấy ngày. / Valid for so many days.",
)
@passphrase_option
def notice(
    config: Path,
    kiosk: str,
    topic: str,
    vi: str,
    hmn: str,
    days: int,
    passphrase_file: Path | None,
) -> None:
    """Gửi thông báo cho bà con. / Send a notice; its id is printed."""
    with _sender(config) as sender:
        content = Notice(topic, vi, hmn).encode()
        key = _notice_key(config, passphrase_file)
        click.echo(sender.send(Kind.NOTICE, content, kiosk, days, vi, key).hex())


@send.command()
@config_option
@click.option("--language", type=click.Choice(LANGUAGES), required=True)
@passphrase_option
@click.argument("notice_id")
@click.argument("recording", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def sound(
    config: Path, language: str, passphrase_file: Path | None, notice_id: str, recording: Path
) -> None:
    """Gửi tiếng nói của một thông báo. / Send RECORDING, an audio file, of the notice NOTICE_ID."""
    raw = _message_id(notice_id)
    with _sender(config) as sender:
        made = NoticeSound(raw, language, as_opus(read(recording)))
        click.echo(sender.send_sound(made, _notice_key(config, passphrase_file)).hex())


@send.command()
@config_option
@click.argument("message_id")
@passphrase_option
def withdraw(config: Path, message_id: str, passphrase_file: Path | None) -> None:
    """Thu hồi thông báo. / Take back the message with this id, wherever it already is."""
    raw = _message_id(message_id)
    with _sender(config) as sender:
        sender.withdraw(raw, _notice_key(config, passphrase_file))


@send.command(name="list")
@config_option
@json_option
def list_command(config: Path, as_json: bool) -> None:
    """Những gì đang gửi xuống. / What the kiosks are to have, and how many have it."""
    with explained():
        found = load_station(config)
        kiosks = load_kiosks(found.kiosks)
        with closing(DownQueue(found.database_url)) as queue:
            wanted = queue.wanted(int(time.time()))
            done = [heard.health.done for heard in queue.heard().values()]
    table = Table("Mã", "Loại", "Cho", "Nội dung", "Đến hết", "Kiosk đã có", title="Gửi xuống")
    for item in wanted:
        kind, message_id = Kind(item.kind), item.message_id.hex()
        held_by = sum(item.message_id in ids for ids in done)
        if as_json:
            fields = {"id": message_id, "kind": kind.name.lower(), "kiosk": item.kiosk or None}
            told = {**fields, "note": item.note, "held_by": held_by}
            click.echo(json.dumps(told, ensure_ascii=False))
        target = kiosks[item.kiosk].name if item.kiosk in kiosks else item.kiosk or "tất cả"
        last_day = f"{datetime.fromtimestamp(item.valid_until):%d/%m/%Y}"
        table.add_row(message_id, KINDS[kind], target, item.note, last_day, str(held_by))
    if not as_json:
        Console().print(table)


@contextmanager
def _sender(config: Path) -> Iterator[Sender]:
    with explained():
        found = load_station(config)
        with closing(DownQueue(found.database_url)) as queue:
            yield Sender(found, queue)


def _notice_key(config: Path, passphrase_file: Path | None) -> Ed25519PrivateKey:
    secret = read_passphrase(passphrase_file, confirm=False)
    return unlock_notice_key(load_station(config).folder, secret)


def _message_id(given: str) -> bytes:
    try:
        return bytes.fromhex(given)
    except ValueError:
        raise click.BadParameter("mã không đúng / not a message id") from None

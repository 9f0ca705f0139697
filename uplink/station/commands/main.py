"""The command `homthu-station`: make a station, serve it, read what has come."""

import json
import logging
import signal
import sys
from contextlib import closing, nullcontext
from pathlib import Path
from queue import SimpleQueue

import click
from rich.console import Console

from kiosk.settings.station import load_station
from uplink.link.command_line import EXIT_INTERRUPTED, explained
from uplink.link.standing_connection import Broker, Incoming
from uplink.station import channel_status
from uplink.station.commands.answer import answer
from uplink.station.commands.backup import backup, restore
from uplink.station.commands.command_line import (
    config_option,
    json_option,
    passphrase_option,
    read_passphrase,
)
from uplink.station.commands.desk import audit, desk, officer
from uplink.station.commands.export_notices import notices
from uplink.station.commands.health import health
from uplink.station.commands.send import send
from uplink.station.commands.voice import speak, voice
from uplink.station.database import maintenance
from uplink.station.database.maintenance import caring, check
from uplink.station.downlink.queue import DownQueue
from uplink.station.keys import (
    REQUEST,
    AuthorityPublic,
    common_name,
    init_station,
    renew_report_key,
    unlock,
)
from uplink.station.notify.mail import mailing
from uplink.station.reading import listing
from uplink.station.reading.opening import open_reports
from uplink.station.receive.carry_import import import_stick
from uplink.station.receive.receiver import Links, Receiver
from uplink.station.receive.serving import serve as serve_until_told
from uplink.station.receive.store import Store

KEEPALIVE_S = 60
WINDOW = 1000
SESSION_S = 60
"""Long enough to start a receiver again; then its share of the cells goes to the others."""

MAILS = 1
"""The receiver that tells the mailbox; two would tell everything twice."""


@click.group(epilog="Mã thoát / exit codes: 0, 1, 2 (dữ liệu sai / bad input), 130.")
def main() -> None:
    """Máy nhận tin của đồn biên phòng. / The station at the far end."""
    logging.basicConfig(stream=sys.stderr, format="%(levelname)s %(message)s")


main.add_command(answer)
main.add_command(audit)
main.add_command(backup)
main.add_command(desk)
main.add_command(health)
main.add_command(officer)
main.add_command(restore)
main.add_command(send)
main.add_command(notices)
main.add_command(voice)
main.add_command(speak)


@main.command()
@click.option(
    "--folder",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Thư mục của đồn. / The station's folder.",
)
@click.option("--name", required=True, help="Tên đồn. / The station's name.")
@click.option(
    "--authority",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Tệp authority.json. / The authority's public file.",
)
@passphrase_option
def init(folder: Path, name: str, authority: Path, passphrase_file: Path | None) -> None:
    """Tạo khóa của đồn và request.json. / Make the station's keys and request.json."""
    with explained():
        passphrase = read_passphrase(passphrase_file, confirm=True)
        init_station(folder, name, passphrase, AuthorityPublic.load(authority))


@main.command()
@config_option
@passphrase_option
def rekey(config: Path, passphrase_file: Path | None) -> None:
    """Tạo khóa đọc tin mới, ghi vào request.json. / Make a new report key; old ones stay.

    Đưa request.json cho nơi cấp phép ký. / The authority signs it: homthu-provision rotate.
    """
    with explained():
        folder = load_station(config).folder
        renew_report_key(folder, read_passphrase(passphrase_file, confirm=False))
    click.echo(f"{folder / REQUEST}: đưa nơi cấp phép / to the authority: homthu-provision rotate")


@main.command()
@config_option
@click.option(
    "--receiver",
    type=click.IntRange(1, 999),
    default=1,
    show_default=True,
    help="Số của máy nhận này. / This receiver's number; several share the work.",
)
def serve(config: Path, receiver: int) -> None:
    """Nhận và lưu tin báo. / Receive and keep reports."""
    with explained():
        settings = load_station(config)
        events: SimpleQueue[Incoming | int] = SimpleQueue()
        signal.signal(signal.SIGTERM, lambda *_: events.put(0))
        signal.signal(signal.SIGINT, lambda *_: events.put(EXIT_INTERRUPTED))
        url = settings.database_url
        check(url)
        maintenance.upgrade(url)
        with (
            closing(Store(url)) as store,
            caring(store.purge_quarantine, url),
            closing(DownQueue(url)) as queue,
        ):
            broker = Broker(
                settings.access,
                f"{common_name(settings.access.tls_cert)}-{store.share}-{receiver}",
                f"$share/{store.share}/k/+/up",
                events.put,
                keepalive_s=KEEPALIVE_S,
                window=WINDOW,
                receive_maximum=WINDOW,
                session_s=SESSION_S,
                told=lambda trouble: channel_status.note_broker(settings.folder, trouble),
            )
            links = Links(settings.link_master, settings.kiosks)
            broker.start()
            with mailing(settings) if receiver == MAILS else nullcontext():
                code = serve_until_told(Receiver(store, links, choose=queue.choose), broker, events)
            broker.stop()
        sys.exit(code)


@main.command()
@config_option
def upgrade(config: Path) -> None:
    """Nâng cấp cơ sở dữ liệu; serve cũng tự làm. / Bring the database up to date."""
    with explained():
        url = load_station(config).database_url
        check(url)
        done = maintenance.upgrade(url)
    click.echo("Đã nâng cấp. / Upgraded." if done else "Không cần nâng cấp. / Up to date.")


@main.command(name="import")
@config_option
@click.argument("stick", type=click.Path(exists=True, file_okay=False, path_type=Path))
def import_command(config: Path, stick: Path) -> None:
    """Nhận gói tin từ USB. / Take in cells from STICK, a folder, and answer them there."""
    with explained():
        settings = load_station(config)
        links = Links(settings.link_master, settings.kiosks)
        url = settings.database_url
        with closing(Store(url)) as store, closing(DownQueue(url)) as queue:
            kiosks = import_stick(Receiver(store, links, choose=queue.choose), links, stick)
    click.echo(f"Đã nhận của {kiosks} kiosk, mang USB về. / Carry this stick back.")


@main.command()
@config_option
@json_option
@passphrase_option
def inbox(config: Path, as_json: bool, passphrase_file: Path | None) -> None:
    """Đọc các tin báo đã đến. / Read what has come."""
    with explained():
        settings = load_station(config)
        keys = unlock(settings.folder, read_passphrase(passphrase_file, confirm=False))
        with closing(Store(settings.database_url)) as store:
            opened = list(open_reports(store, keys))
    if as_json:
        for item in opened:
            click.echo(json.dumps(listing.fields(item), ensure_ascii=False))
    else:
        Console().print(listing.table(opened))


if __name__ == "__main__":
    main()

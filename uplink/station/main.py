"""The command `homthu-station`: make a station, serve it, read what has come."""

import json
import logging
import signal
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from queue import SimpleQueue

import click
from rich.console import Console

from kiosk.errors import EXIT_BAD_INPUT, KioskError
from uplink.broker import Broker, Incoming
from uplink.settings import load_station
from uplink.station import link, listing
from uplink.station.carrying import import_stick
from uplink.station.command_line import (
    config_option,
    json_option,
    passphrase_option,
    read_passphrase,
)
from uplink.station.down_queue import DownQueue
from uplink.station.health_view import health
from uplink.station.keys import AuthorityPublic, init_station, unlock
from uplink.station.opening import open_reports
from uplink.station.receiver import Links, Receiver
from uplink.station.sending import send
from uplink.station.serving import serve as serve_until_told
from uplink.station.store import Store

EXIT_INTERRUPTED = 130
KEEPALIVE_S = 60
WINDOW = 1000
CLIENT_ID = "station"


@click.group(epilog="Mã thoát / exit codes: 0, 1, 2 (dữ liệu sai / bad input), 130.")
def main() -> None:
    """Máy nhận tin của đồn biên phòng. / The station at the far end."""
    logging.basicConfig(stream=sys.stderr, format="%(levelname)s %(message)s")


main.add_command(health)
main.add_command(send)


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
    with _explained():
        passphrase = read_passphrase(passphrase_file, confirm=True)
        init_station(folder, name, passphrase, AuthorityPublic.load(authority))


@main.command()
@config_option
def serve(config: Path) -> None:
    """Nhận và lưu tin báo. / Receive and keep reports."""
    with _explained():
        settings = load_station(config)
        events: SimpleQueue[Incoming | int] = SimpleQueue()
        signal.signal(signal.SIGTERM, lambda *_: events.put(0))
        signal.signal(signal.SIGINT, lambda *_: events.put(EXIT_INTERRUPTED))
        broker = Broker(
            settings.access,
            CLIENT_ID,
            "k/+/up",
            events.put,
            keepalive_s=KEEPALIVE_S,
            window=WINDOW,
            told=lambda trouble: link.note(settings.folder, trouble),
        )
        url = settings.database_url
        with closing(Store(url)) as store, closing(DownQueue(url)) as queue:
            links = Links(settings.link_master, settings.kiosks)
            receiver = Receiver(store, links, choose=queue.choose)
            broker.start()
            code = serve_until_told(receiver, broker, events)
            broker.stop()
        sys.exit(code)


@main.command(name="import")
@config_option
@click.argument("stick", type=click.Path(exists=True, file_okay=False, path_type=Path))
def import_command(config: Path, stick: Path) -> None:
    """Nhận gói tin từ USB. / Take in cells from STICK, a folder, and answer them there."""
    with _explained():
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
    with _explained():
        settings = load_station(config)
        keys = unlock(settings.folder, read_passphrase(passphrase_file, confirm=False))
        with closing(Store(settings.database_url)) as store:
            opened = list(open_reports(store, keys))
    if as_json:
        for item in opened:
            click.echo(json.dumps(listing.fields(item), ensure_ascii=False))
    else:
        Console().print(listing.table(opened))


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except KioskError as error:
        click.echo(error, err=True)
        sys.exit(EXIT_BAD_INPUT)


if __name__ == "__main__":
    main()

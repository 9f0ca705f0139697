"""`homthu-station notices`: the notices of today, for the commune's own loudspeakers."""

import json
import time
from contextlib import closing
from pathlib import Path

import click

from kiosk.common import files
from kiosk.common.errors import StationError
from kiosk.protocol.sealing import read_manifest
from kiosk.settings.kiosk_list import load_kiosks
from kiosk.settings.station import load_station
from uplink.link.command_line import explained
from uplink.station.commands.command_line import config_option
from uplink.station.commands.send import MANIFEST_FILE
from uplink.station.downlink import bulletin
from uplink.station.downlink.queue import DownQueue
from uplink.station.keys import AUTHORITY

LISTING = "notices.json"


@click.group()
def notices() -> None:
    """Thông báo đang có hiệu lực. / The notices that are valid now."""


@notices.command()
@config_option
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path))
def export(config: Path, out: Path) -> None:
    """Ghi ra thư mục để đọc loa. / Write them to a folder; `homthu-voice notices` speaks them."""
    with explained():
        settings = load_station(config)
        kiosks = load_kiosks(settings.kiosks)
        key = _notice_key(settings.folder, config.parent)
        with closing(DownQueue(settings.database_url)) as queue:
            found = bulletin.notices(queue, key, int(time.time()), kiosks)
        try:
            out.mkdir(parents=True, exist_ok=True)
            listing = [_entry(number, item, out) for number, item in enumerate(found, start=1)]
            files.write(out / LISTING, json.dumps(listing, ensure_ascii=False, indent=1))
        except OSError as error:
            raise StationError(
                f"không ghi được vào {out} / {out} cannot be written",
                "USB đầy hay bị khóa? / is the stick full or locked?",
            ) from error
    click.echo(f"{len(found)} thông báo / notices: {out}")


def _entry(number: int, item: bulletin.Published, out: Path) -> dict[str, object]:
    """What the listing says of a notice, whose recordings are written beside it."""
    name = f"{number:02}-{item.notice.topic}"
    sounds = {language: f"{name}.{language}.ogg" for language in item.sounds}
    for language, audio in item.sounds.items():
        files.write(out / sounds[language], audio)
    return {"name": name, "vi": item.notice.vi, "hmn": item.notice.hmn, "sounds": sounds}


def _notice_key(folder: Path, bundle: Path) -> bytes | None:
    try:
        root, signed = (folder / AUTHORITY).read_bytes(), (bundle / MANIFEST_FILE).read_bytes()
    except OSError as error:
        raise StationError(
            f"không đọc được {MANIFEST_FILE} / {MANIFEST_FILE} cannot be read",
            "chép lại từ nơi cấp / copy it from the authority again",
        ) from error
    return read_manifest(signed, root).notice_key

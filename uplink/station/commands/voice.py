"""`homthu-station voice` and `speak`: a report's voice, or the report read out, as a WAV file."""

import os
from contextlib import closing
from pathlib import Path

import click

from kiosk.common.errors import StationError
from kiosk.content import catalog
from kiosk.content.assets import Clips
from kiosk.content.catalog import LANGUAGES
from kiosk.protocol import report as reports
from kiosk.protocol.cells import Kind
from kiosk.settings.station import load_station
from uplink.link.command_line import explained
from uplink.station.commands.command_line import config_option, passphrase_option, read_passphrase
from uplink.station.keys import unlock
from uplink.station.reading import decoding, spoken_report
from uplink.station.reading.opening import open_reports, unseal
from uplink.station.receive.store import Store

_out_option = click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Tệp WAV sẽ ghi. / The WAV file to write.",
)


@click.command()
@config_option
@passphrase_option
@click.argument("report")
@_out_option
def voice(config: Path, passphrase_file: Path | None, report: str, out: Path) -> None:
    """Ghi tiếng nói kèm tin REPORT ra tệp. / Write out the voice that came with REPORT.

    Người quen vẫn có thể nhận ra tiếng: nghe bằng tai nghe, rồi xóa tệp. / It can still be known
    to people: listen by headphones, then delete the file.
    """
    with explained():
        settings = load_station(config)
        keys = unlock(settings.folder, read_passphrase(passphrase_file, confirm=False))
        with closing(Store(settings.database_url)) as store:
            parts = [p for p in store.complete_parts(Kind.VOICE) if _is(report, p.report_id)]
        if len(parts) != 1:
            raise StationError(
                "không có tiếng nói đủ cho tin này / no whole voice for this report",
                "xem mã tin trong inbox / see the report's number in inbox",
            )
        _write(out, decoding.voice_as_wav(reports.unpad(unseal(parts[0], keys))))


@click.command()
@config_option
@passphrase_option
@click.argument("report")
@_out_option
@click.option(
    "--assets",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("/usr/share/homthu"),
    show_default=True,
    help="Thư mục có clips. / The folder that holds the clips.",
)
@click.option("--language", type=click.Choice(LANGUAGES), default="vi", show_default=True)
def speak(
    config: Path,
    passphrase_file: Path | None,
    report: str,
    out: Path,
    assets: Path,
    language: str,
) -> None:
    """Đọc tin REPORT thành tiếng của máy. / Read REPORT out in the machine's voice."""
    with explained():
        settings = load_station(config)
        keys = unlock(settings.folder, read_passphrase(passphrase_file, confirm=False))
        with closing(Store(settings.database_url)) as store:
            told = [item.report for item in open_reports(store, keys) if item.report]
        found = [item for item in told if _is(report, item.report_id)]
        if len(found) != 1:
            raise StationError(
                "không có tin này / no such report",
                "xem mã tin trong inbox / see the report's number in inbox",
            )
        clips = Clips([assets / "clips" / language])
        ids = spoken_report.clip_ids(found[0])
        _write(out, spoken_report.read_out(ids, language, clips, catalog.load()))


def _is(number: str, report_id: bytes) -> bool:
    """Whether `number` begins this id; an id has 32 digits, its first eight are enough."""
    return bool(number) and report_id.hex().startswith(number.lower())


def _write(path: Path, data: bytes) -> None:
    """For the owner's eyes alone."""
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(data)
    except OSError as error:
        raise StationError(
            f"không ghi được {path.name} / {path.name} cannot be written",
            "chọn thư mục khác / choose another folder",
        ) from error

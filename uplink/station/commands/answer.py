"""`homthu-station answer`: an answer to one report, without the desk."""

from contextlib import closing
from pathlib import Path

import click

from kiosk.protocol.reply import MAX_VOICE_S, phrases
from kiosk.settings.station import load_station
from uplink.link.command_line import explained
from uplink.station.commands.command_line import (
    config_option,
    passphrase_option,
    read,
    read_passphrase,
)
from uplink.station.downlink import answers
from uplink.station.downlink.queue import DownQueue
from uplink.station.downlink.recording import as_opus
from uplink.station.downlink.sender import Sender
from uplink.station.keys import unlock
from uplink.station.reading.opening import open_reports
from uplink.station.receive.store import Store


@click.command()
@config_option
@click.argument("report")
@click.option(
    "--phrase",
    "chosen",
    multiple=True,
    help=f"Câu có sẵn, có thể nhiều. / Ready-made, may be repeated: {', '.join(phrases().asks)}.",
)
@click.option("--place", default="", help="Đến đâu. / Where to come.")
@click.option("--day", default="", help="Ngày nào. / On which day.")
@click.option("--half-day", default="", help="Buổi nào. / In which half of it.")
@click.option("--number", default="", help="Gọi số nào. / Which number to call.")
@click.option("--text", default="", help="Một dòng tiếng Việt. / A line, at most 200 characters.")
@click.option(
    "--voice",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Tệp thu âm lời cán bộ. / An officer's recording, at most half a minute.",
)
@passphrase_option
def answer(
    config: Path,
    report: str,
    chosen: tuple[str, ...],
    place: str,
    day: str,
    half_day: str,
    number: str,
    text: str,
    voice: Path | None,
    passphrase_file: Path | None,
) -> None:
    """Trả lời một tin. / Answer the report whose id begins with REPORT; see inbox --json."""
    details = {"place": place, "day": day, "half_day": half_day, "number": number}
    with explained():
        spoken = as_opus(read(voice), MAX_VOICE_S) if voice else b""
        composed = answers.compose(chosen, details, text, spoken)
        settings = load_station(config)
        keys = unlock(settings.folder, read_passphrase(passphrase_file, confirm=False))
        with closing(Store(settings.database_url)) as store:
            found, kiosk = answers.find(open_reports(store, keys), report)
        with closing(DownQueue(settings.database_url)) as queue:
            click.echo(answers.send(composed, found, kiosk, Sender(settings, queue)).hex())

"""`homthu-voice`: the voices of the kiosk, the machine's and people's."""

import logging
import sys
from pathlib import Path

import click

from audio.clips.notice_files import render as speak_notices
from audio.clips.options import FOLDER, data_option, progress
from audio.clips.pack_commands import check, install, record, sheet
from audio.clips.render import render
from audio.hmong.build import build
from audio.speech.espeak import VOICES, Engine
from kiosk.common.command_line import explained
from kiosk.common.errors import AudioError
from kiosk.content import catalog as catalogues


@click.group(epilog="Mã thoát / exit codes: 0, 1, 2 (dữ liệu sai / bad input), 130.")
def main() -> None:
    """Giọng nói của kiosk. / The voices of the kiosk."""
    logging.basicConfig(stream=sys.stderr, format="%(levelname)s %(message)s")


@main.command("build")
@data_option
def build_command(data: Path) -> None:
    """Tạo giọng Hmông từ espeak-ng của máy này. / Build the Hmong voice."""
    with explained():
        build(data)
        click.echo(data)


@main.command()
@data_option
@click.option("--language", type=click.Choice(list(VOICES)), required=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True)
@click.argument("text")
def say(data: Path, language: str, out: Path, text: str) -> None:
    """Đọc một câu vào tệp WAV. / Speak TEXT into a WAV file."""
    with explained():
        out.write_bytes(Engine(data).synthesise(text, language))
        click.echo(out)


@main.command("render")
@data_option
@click.option("--out", type=FOLDER, default=Path("build/clips"), show_default=True)
def render_command(data: Path, out: Path) -> None:
    """Đọc sẵn mọi câu thành tệp âm thanh. / Render every string in every language as a clip."""
    catalog = catalogues.load()
    problems = []
    with explained(), progress() as bar:
        clips = bar.add_task("clips", total=len(VOICES) * len(catalog.ids()))
        made = 0
        for language in VOICES:
            try:
                made += render(
                    out / language, language, catalog, data, lambda _: bar.advance(clips)
                )
            except AudioError as error:
                problems.append(error)
        if problems:
            raise problems[0]
    click.echo(f"{out}: {made} rendered" if made else f"{out}: nothing changed")


@main.command()
@data_option
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("out", type=click.Path(exists=True, file_okay=False, path_type=Path))
def notices(data: Path, folder: Path, out: Path) -> None:
    """Đọc thông báo thành tệp cho loa xã. / Speak the notices in FOLDER into files in OUT."""
    with explained():
        for path in speak_notices(folder, out, Engine(data).synthesise):
            click.echo(path)


for command in (record, check, install, sheet):
    main.add_command(command)


if __name__ == "__main__":
    main()

"""`homthu-voice`: builds the Hmong voice and lets a technician hear both."""

import logging
import sys
from pathlib import Path

import click

from audio.hmong.build import build
from audio.speech import VOICES, Engine
from kiosk.command_line import explained

FOLDER = click.Path(file_okay=False, path_type=Path)

data_option = click.option(
    "--data",
    type=FOLDER,
    default=Path("build/espeak"),
    show_default=True,
    envvar="HOMTHU_ESPEAK",
    help="Thư mục giọng nói. / Where the voice data are, on a kiosk /var/lib/homthu/espeak.",
)


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


if __name__ == "__main__":
    main()

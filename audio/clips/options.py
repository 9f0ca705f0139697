"""What the commands of `homthu-voice` share: options, and a bar for long work."""

from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

FOLDER = click.Path(file_okay=False, path_type=Path)

data_option = click.option(
    "--data",
    type=FOLDER,
    default=Path("build/espeak"),
    show_default=True,
    envvar="HOMTHU_ESPEAK",
    help="Thư mục giọng nói. / Where the voice data are, on a kiosk /usr/share/homthu/espeak.",
)
assets_option = click.option(
    "--assets",
    type=FOLDER,
    default=Path("build"),
    show_default=True,
    help="Nơi có tiếng máy đọc sẵn. / Where the rendered clips are.",
)


def progress() -> Progress:
    """A bar on standard error that goes when the work is done."""
    return Progress(console=Console(stderr=True), transient=True)

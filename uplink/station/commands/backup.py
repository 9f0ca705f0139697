"""`homthu-station backup` and `restore`."""

from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from uplink.link.command_line import explained
from uplink.station.commands.command_line import config_option, passphrase_option, read_passphrase
from uplink.station.database import backup as backups


@click.command()
@config_option
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@passphrase_option
def backup(config: Path, file: Path, passphrase_file: Path | None) -> None:
    """Sao lưu cả đồn vào FILE. / Back up keys, settings and reports into FILE, encrypted."""
    with explained():
        secret = read_passphrase(passphrase_file, confirm=True)
        with _progress() as progress:
            backups.back_up(config, file, secret, progress)
    click.echo("Đã sao lưu và đọc lại thử. / Backed up, and read back.")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--folder",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Thư mục của đồn sẽ tạo. / The station's folder to make.",
)
@click.option("--replace", is_flag=True, help="Thay đồn đang có. / Replace the station there.")
@passphrase_option
def restore(file: Path, folder: Path, replace: bool, passphrase_file: Path | None) -> None:
    """Khôi phục cả đồn từ FILE; tắt serve trước. / Restore from FILE; stop serve first."""
    with explained():
        secret = read_passphrase(passphrase_file, confirm=False)
        with _progress() as progress:
            before = backups.restore(file, folder, secret, progress, replace=replace)
    if before is not None:
        click.echo(f"Đồn cũ ở / the old one is in: {before}", err=True)
    click.echo("Đã khôi phục. / Restored.")


def _progress() -> Progress:
    return Progress(console=Console(stderr=True), transient=True)

"""`homthu-provision demo`."""

import json
import signal
import sys
from pathlib import Path

import click

from provisioning import demo
from provisioning.commands.common import FOLDER, told_plainly


@click.command(name="demo")
@click.option("--folder", type=FOLDER, help="Giữ làng thử ở đây / keep the village here.")
@click.option("--keep", is_flag=True, help="Thăm xong vẫn chạy / go on after the visits.")
@click.option("--no-touch", is_flag=True, help="Không mở màn hình / without the touch app.")
@click.option("--assets", type=FOLDER, default=Path("build"), show_default=True)
@click.option("--visit", "pictures", type=FOLDER, help="Tự đi thăm, lưu ảnh / visit and save.")
@click.option("--size", default="800x480", show_default=True, metavar="WIDTHxHEIGHT")
@click.option("--phone", metavar="ADDRESS:PORT", help="Trang cho điện thoại / the phones' page.")
@told_plainly
def demo_command(
    folder: Path | None,
    keep: bool,
    no_touch: bool,
    assets: Path,
    pictures: Path | None,
    size: str,
    phone: str | None,
) -> None:
    """Cả một làng trên máy này (a whole village on this machine)."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    plan = demo.Plan(
        _size(size),
        assets.resolve(),
        keep,
        not no_touch,
        pictures,
        _address(phone) if phone else None,
    )

    def tell(event: dict[str, object]) -> None:
        click.echo(json.dumps(event, ensure_ascii=False))

    if not demo.run(plan, folder, tell):
        sys.exit(1)


def _address(text: str) -> tuple[str, int]:
    address, _, port = text.rpartition(":")
    if not (address and port.isdigit()):
        raise click.BadParameter(f"{text!r} is not ADDRESS:PORT, as in 10.42.0.1:8080")
    return address, int(port)


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    if not (width.isdigit() and height.isdigit()):
        raise click.BadParameter(f"{text!r} is not WIDTHxHEIGHT, as in 800x480")
    return int(width), int(height)

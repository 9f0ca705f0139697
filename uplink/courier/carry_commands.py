"""`homthu-courier export` and `collect`: cells to and from a technician's stick."""

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import click

from kiosk.common.errors import CarryError
from kiosk.device.outbox import Outbox
from kiosk.settings.courier import load_courier
from uplink.courier.carry import Carrier
from uplink.courier.downlink import Downlink
from uplink.link.carry_file import CELLS
from uplink.link.command_line import config_option, explained

_stick = click.argument("stick", type=click.Path(exists=True, file_okay=False, path_type=Path))


@click.command()
@config_option
@_stick
def export(config: Path, stick: Path) -> None:
    """Ghi gói tin ra USB. / Write cells to STICK, a folder; answers on it are read first."""
    with explained(), _carrier(config) as carrier:
        if carrier.has_answers(stick):
            try:
                carrier.collect(stick)
            except CarryError as error:
                click.echo(error, err=True)
        carrier.export(stick)
    click.echo(f"Đã ghi {CELLS} gói, mang USB tới đồn. / Carry this stick to the station.")


@click.command()
@config_option
@_stick
def collect(config: Path, stick: Path) -> None:
    """Đọc trả lời từ USB. / Read the station's answers from STICK."""
    with explained(), _carrier(config) as carrier:
        carrier.collect(stick)
    click.echo("Đã nhận trả lời của đồn. / The station's answers are in.")


@contextmanager
def _carrier(config: Path) -> Iterator[Carrier]:
    settings = load_courier(config)
    with ExitStack() as stack:
        outboxes = [
            stack.enter_context(closing(Outbox(path, settings.row_key.read_bytes())))
            for path in settings.outboxes
        ]
        yield Carrier(
            outboxes,
            bytes.fromhex(settings.topic_id),
            settings.link_keys,
            settings.row_key.read_bytes(),
            settings.folder,
            stack.enter_context(closing(Downlink(settings, outboxes))),
        )

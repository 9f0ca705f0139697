"""`homthu-provision station` and `rotate`."""

from datetime import timedelta
from pathlib import Path

import click

from provisioning import fleet, ledger, station
from provisioning.commands.common import (
    FILE,
    FOLDER,
    authority_argument,
    passphrase_option,
    told_plainly,
    unlocked,
)
from provisioning.station import StationPlace

LISTEN = "0.0.0.0:8883"
BROKER_PLACES = ("station", "server")
NEAR_END = timedelta(days=2 * 365)


@click.command(name="station")
@authority_argument
@click.argument("request", type=FILE)
@click.argument("bundle", type=FOLDER)
@click.option(
    "--broker",
    "brokers",
    multiple=True,
    metavar="HOST:PORT",
    help="Nơi kiosk gửi tới; lặp lại được / where kiosks send to; may be repeated.",
)
@click.option(
    "--broker-at",
    type=click.Choice(BROKER_PLACES),
    help="Mosquitto ở máy của đồn hay máy chủ thuê / at the station or on a rented server.",
)
@click.option("--listen", metavar="ADDRESS:PORT", help=f"Mosquitto nghe ở / default {LISTEN}.")
@click.option("--phone", help="Số điện thoại của đồn / the station's telephone.")
@click.option("--form", metavar="URL", help="Mẫu trên mạng của đồn / its online form.")
@passphrase_option
@told_plainly
def station_command(
    folder: Path,
    request: Path,
    bundle: Path,
    brokers: tuple[str, ...],
    broker_at: str | None,
    listen: str | None,
    phone: str | None,
    form: str | None,
    passphrase_file: Path | None,
) -> None:
    """Nhận đồn, ghi gói cài vào BUNDLE (admit a station).

    Theo tệp request.json của đồn; làm lại được, bỏ trống thì như trước. / By the request that the
    station made; may be repeated, what is left out stays as it was.
    """
    authority = unlocked(folder, passphrase_file)
    known = station.known(authority, request)
    before = station.place_of(known) if known else None
    if before is None and not brokers:
        raise click.UsageError("đồn mới cần --broker / a new station needs --broker")
    place = StationPlace(
        phone=_new(phone, before.phone if before else ""),
        brokers=brokers or (before.brokers if before else ()),
        listen=_new(listen, before.listen if before else LISTEN),
        form=_new(form, before.form if before else ""),
        broker_here=(broker_at == "station") if broker_at else before is None or before.broker_here,
    )
    _tell(bundle, station.admit(authority, request, place, bundle))


@click.command(name="rotate")
@authority_argument
@click.argument("request", type=FILE)
@click.argument("bundle", type=FOLDER)
@passphrase_option
@told_plainly
def rotate_command(folder: Path, request: Path, bundle: Path, passphrase_file: Path | None) -> None:
    """Ký khóa mới của đồn (sign its new keys).

    Đồn làm khóa bằng homthu-station rekey. Chứng thư được gia hạn. / Renews certificates too, and
    names the kiosks whose own will end.
    """
    authority = unlocked(folder, passphrase_file)
    grown = station.rotate(authority, request, bundle)
    _tell(bundle, grown)
    click.echo(
        "Cài xong, gửi khóa mới tới kiosk / then send the keys: homthu-station send manifest"
    )
    for kiosk in fleet.ending(grown, authority.now + NEAR_END):
        click.echo(
            f"{kiosk.hall}: chứng thư hết hạn {kiosk.ends}, làm thẻ mới bằng replace / its "
            "certificate ends, replace it"
        )


def _tell(bundle: Path, admitted: ledger.Station) -> None:
    click.echo(f"Đồn {admitted.name}, khóa số / epoch {admitted.epoch}")
    click.echo(f"Ở máy của đồn / at the station: sudo bash {bundle.name}/install.sh")
    if not admitted.broker_here:
        click.echo(
            f"Ở máy chủ, chép riêng / on the server, copy only {bundle.name}/broker: "
            "sudo bash broker/install.sh"
        )


def _new(given: str | None, before: str) -> str:
    return before if given is None else given

"""`homthu-provision`: the authority's command line."""

import json
import secrets
import signal
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import ParamSpec

import click

from kiosk import voice_pack
from kiosk.catalog import HMONG_SCRIPTS, RPA
from kiosk.errors import EXIT_BAD_INPUT, KioskError
from kiosk.staff import PIN_DIGITS
from provisioning import authority, demo, kiosk, modem_profile, station
from provisioning.card.commands import card
from provisioning.hotspot import Hotspot, draw_phrase
from provisioning.paper import papers

Args = ParamSpec("Args")
FOLDER = click.Path(file_okay=False, path_type=Path)
FILE = click.Path(dir_okay=False, exists=True, path_type=Path)

secret_option = click.option(
    "--passphrase-file", type=FILE, help="Tệp chứa mật khẩu / file that holds the passphrase."
)


def _clear_errors(command: Callable[Args, None]) -> Callable[Args, None]:
    @wraps(command)
    def run(*args: Args.args, **kwargs: Args.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except KioskError as error:
            click.echo(f"homthu-provision: {error}", err=True)
            sys.exit(EXIT_BAD_INPUT)
        except KeyboardInterrupt:
            sys.exit(130)

    return run


@click.group()
def main() -> None:
    """Cấp phép trạm và kiosk (admit stations and kiosks)."""


main.add_command(card)


@main.command()
@click.argument("folder", type=FOLDER)
@click.option("--name", required=True, help="Tên nơi cấp phép / name of the authority.")
@secret_option
@_clear_errors
def init(folder: Path, name: str, passphrase_file: Path | None) -> None:
    """Lập nơi cấp phép mới trong FOLDER (make a new authority)."""
    authority.create(folder, name, _secret(passphrase_file, confirm=True))
    click.echo(f"{folder / authority.PUBLIC}: đưa tệp này cho đồn (give this file to the station)")


@main.command(name="station")
@click.argument("folder", type=FOLDER)
@click.argument("request", type=FILE)
@click.argument("bundle", type=FOLDER)
@click.option("--broker", "brokers", multiple=True, required=True, metavar="HOST:PORT")
@click.option("--listen", default="0.0.0.0:8883", show_default=True, metavar="ADDRESS:PORT")
@click.option("--phone", default="", help="Số điện thoại của đồn / the station's telephone.")
@click.option("--form", default="", metavar="URL", help="Mẫu trên mạng của đồn / its online form.")
@secret_option
@_clear_errors
def station_command(
    folder: Path,
    request: Path,
    bundle: Path,
    brokers: tuple[str, ...],
    listen: str,
    phone: str,
    form: str,
    passphrase_file: Path | None,
) -> None:
    """Nhận đồn theo tệp REQUEST, ghi vào BUNDLE (admit a station, write its bundle)."""
    unlocked = authority.unlock(folder, _secret(passphrase_file))
    station.admit(unlocked, request, station.Place(phone, brokers, listen, form), bundle)
    click.echo(f"{bundle}: cài vào máy của đồn (install at the station)")


@main.command(name="kiosk")
@click.argument("folder", type=FOLDER)
@click.argument("station_name")
@click.argument("bundle", type=FOLDER)
@click.option("--hall", required=True, help="Tên nhà văn hóa / name of the village hall.")
@click.option("--size", default="800x480", show_default=True, metavar="WIDTHxHEIGHT")
@click.option("--width-mm", default=154.0, show_default=True, help="Bề ngang tấm cảm ứng, mm.")
@click.option("--slot", "slot_s", default=300.0, show_default=True, help="Giây / seconds.")
@click.option(
    "--hmong-script",
    type=click.Choice(HMONG_SCRIPTS),
    default=RPA,
    show_default=True,
    help="Chữ Hmông trên màn hình / how Hmong is written.",
)
@click.option("--ssid", default="", help="Tên mạng Wi-Fi của kiosk / the hotspot's name.")
@click.option(
    "--staff-pin",
    callback=lambda _context, _option, pin: _pin(pin),
    help="Mã kỹ thuật 6 số, bỏ trống thì tự chọn / six digits, drawn when left out.",
)
@click.option("--voices", type=FOLDER, multiple=True, help="Gói giọng đã ký / signed voice pack.")
@secret_option
@_clear_errors
def kiosk_command(
    folder: Path,
    station_name: str,
    bundle: Path,
    hall: str,
    size: str,
    width_mm: float,
    slot_s: float,
    hmong_script: str,
    ssid: str,
    staff_pin: str,
    voices: tuple[Path, ...],
    passphrase_file: Path | None,
) -> None:
    """Thêm một kiosk của đồn, ghi vào BUNDLE (add a kiosk, write its bundle)."""
    described = kiosk.Hall(
        name=hall,
        size=_size(size),
        width_mm=width_mm,
        slot_s=slot_s,
        hmong_script=hmong_script,
        hotspot=Hotspot(ssid, draw_phrase()) if ssid else None,
        staff_pin=staff_pin,
        voices=voices,
    )
    unlocked = authority.unlock(folder, _secret(passphrase_file))
    grown = kiosk.add(unlocked, station_name, described, bundle)
    station.write_kiosk_list(bundle.parent, grown)
    click.echo(
        f"{bundle}: ghi vào thẻ (put on the card); "
        f"{bundle.parent / 'kiosks.toml'}: đưa cho đồn (give to the station)\n"
        f"Mã kỹ thuật (staff code): {staff_pin}"
    )


@main.command(name="voices")
@click.argument("folder", type=FOLDER)
@click.argument("pack", type=FOLDER)
@secret_option
@_clear_errors
def voices_command(folder: Path, pack: Path, passphrase_file: Path | None) -> None:
    """Ký gói giọng ở PACK cho mọi kiosk (sign a voice pack, which every kiosk then plays)."""
    signed = voice_pack.sign(pack, authority.unlock(folder, _secret(passphrase_file)).root)
    click.echo(f"{pack}: {signed.name} {signed.version}, {len(signed.clips)} câu (clips)")


@main.command(name="modem")
@click.argument("bundle", type=FOLDER)
@click.option("--apn", required=True, help="APN của SIM / the SIM's access point name.")
@click.option("--usb", required=True, metavar="VENDOR:PRODUCT", help="Như lsusb / as lsusb shows.")
@click.option("--interface", default="02", show_default=True, help="Cổng AT / the AT port.")
@click.option("--dns", multiple=True, metavar="ADDRESS", help="Máy chủ tên / name server.")
@click.option("--roaming", is_flag=True, help="Cho chuyển vùng / allow foreign networks.")
@click.option("--power", default="", help="Tệp bật tắt nguồn modem / file of its power switch.")
@_clear_errors
def modem_command(
    bundle: Path,
    apn: str,
    usb: str,
    interface: str,
    dns: tuple[str, ...],
    roaming: bool,
    power: str,
) -> None:
    """Thêm modem vào BUNDLE của kiosk (add a modem to a kiosk's bundle)."""
    plan = modem_profile.ModemPlan(apn, usb, interface, dns, roaming, power)
    modem_profile.write(plan, bundle)
    click.echo(f"{bundle}: {plan.usb}, {plan.apn}")


@main.command(name="poster")
@click.argument("bundle", type=FOLDER)
@click.argument("out", type=FOLDER)
@click.option("--assets", type=FOLDER, default=Path("build"), show_default=True)
@_clear_errors
def poster_command(bundle: Path, out: Path, assets: Path) -> None:
    """In áp phích, tem, tờ rơi cho kiosk ở BUNDLE (poster, label and leaflet as PDFs in OUT)."""
    for path in papers.write(bundle, out, assets):
        click.echo(path)


@main.command(name="demo")
@click.option("--folder", type=FOLDER, help="Giữ làng thử ở đây / keep the village here.")
@click.option("--keep", is_flag=True, help="Thăm xong vẫn chạy / go on after the visits.")
@click.option("--no-touch", is_flag=True, help="Không mở màn hình / without the touch app.")
@click.option("--assets", type=FOLDER, default=Path("build"), show_default=True)
@click.option("--visit", "pictures", type=FOLDER, help="Tự đi thăm, lưu ảnh / visit and save.")
@click.option("--size", default="800x480", show_default=True, metavar="WIDTHxHEIGHT")
@click.option("--phone", metavar="ADDRESS:PORT", help="Trang cho điện thoại / the phones' page.")
@_clear_errors
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


def _secret(file: Path | None, confirm: bool = False) -> str:
    if file:
        return file.read_text("utf-8").strip()
    secret: str = click.prompt(
        "Mật khẩu (passphrase)", hide_input=True, confirmation_prompt=confirm, err=True
    )
    return secret


def _pin(given: str | None) -> str:
    pin = given or f"{secrets.randbelow(10**PIN_DIGITS):0{PIN_DIGITS}}"
    if len(pin) != PIN_DIGITS or not (pin.isascii() and pin.isdigit()):
        raise click.BadParameter(f"must be {PIN_DIGITS} digits (phải là {PIN_DIGITS} chữ số)")
    return pin


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


if __name__ == "__main__":
    main()

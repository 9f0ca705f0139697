"""`homthu-provision poster`, `voices` and `modem`: what is added to bundles and halls."""

from pathlib import Path

import click

from kiosk.content import voice_pack
from provisioning import modem_profile
from provisioning.commands.common import (
    FOLDER,
    authority_argument,
    passphrase_option,
    told_plainly,
    unlocked,
)
from provisioning.paper import papers


@click.command(name="poster")
@click.argument("bundle", type=FOLDER)
@click.argument("out", type=FOLDER)
@click.option("--assets", type=FOLDER, default=Path("build"), show_default=True)
@told_plainly
def poster_command(bundle: Path, out: Path, assets: Path) -> None:
    """In áp phích, tem, tờ rơi (poster, label, leaflet).

    Cho kiosk ở BUNDLE, thành tệp PDF trong OUT. / PDFs in OUT for the kiosk of BUNDLE.
    """
    for path in papers.write(bundle, out, assets):
        click.echo(path)


@click.command(name="voices")
@authority_argument
@click.argument("pack", type=FOLDER)
@passphrase_option
@told_plainly
def voices_command(folder: Path, pack: Path, passphrase_file: Path | None) -> None:
    """Ký gói giọng ở PACK (sign a voice pack)."""
    signed = voice_pack.sign(pack, unlocked(folder, passphrase_file).root)
    click.echo(f"{pack}: {signed.name} {signed.version}, {len(signed.clips)} câu (clips)")


@click.command(name="modem")
@click.argument("bundle", type=FOLDER)
@click.option("--apn", required=True, help="APN của SIM / the SIM's access point name.")
@click.option("--usb", required=True, metavar="VENDOR:PRODUCT", help="Như lsusb / as lsusb shows.")
@click.option("--interface", default="02", show_default=True, help="Cổng AT / the AT port.")
@click.option("--dns", multiple=True, metavar="ADDRESS", help="Máy chủ tên / name server.")
@click.option("--roaming", is_flag=True, help="Cho chuyển vùng / allow foreign networks.")
@click.option("--power", default="", help="Tệp bật tắt nguồn modem / file of its power switch.")
@told_plainly
def modem_command(
    bundle: Path,
    apn: str,
    usb: str,
    interface: str,
    dns: tuple[str, ...],
    roaming: bool,
    power: str,
) -> None:
    """Thêm modem vào BUNDLE của kiosk (add a modem)."""
    plan = modem_profile.ModemPlan(apn, usb, interface, dns, roaming, power)
    modem_profile.add(plan, bundle)
    click.echo(f"{bundle}: {plan.usb}, {plan.apn}")

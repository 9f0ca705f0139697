"""`homthu-provision kiosk add`, `replace` and `revoke`."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import click

from kiosk.common.errors import ProvisioningError
from provisioning import hall_file, kiosk, ledger, station_bundle
from provisioning.authority import Authority
from provisioning.commands.common import (
    FILE,
    FOLDER,
    authority_argument,
    drawn_pin,
    passphrase_option,
    progress,
    told_plainly,
    unlocked,
    voices_option,
)
from provisioning.hall import Hall, recalled

_bundles_argument = click.argument("bundles", type=FOLDER)
_kiosk_argument = click.argument("named", metavar="KIOSK")


@click.group(name="kiosk")
def kiosk_group() -> None:
    """Kiosk của các nhà văn hóa (the kiosks of village halls)."""


@kiosk_group.command()
@authority_argument
@click.argument("station_name", metavar="STATION")
@_bundles_argument
@click.option("--file", type=FILE, help="Tệp TOML tả một hay nhiều kiosk / TOML, any number.")
@voices_option
@passphrase_option
@told_plainly
def add(
    folder: Path,
    station_name: str,
    bundles: Path,
    file: Path | None,
    voices: tuple[Path, ...],
    passphrase_file: Path | None,
) -> None:
    """Thêm kiosk: hỏi từng câu, hoặc theo --file (add kiosks).

    Mỗi kiosk một thư mục trong BUNDLES; chạy lại thì bỏ qua kiosk đã xong. / Each gets a folder in
    BUNDLES; when a file is given again, kiosks that are done are passed over.
    """
    authority = unlocked(folder, passphrase_file)
    known = ledger.station(folder, station_name)
    halls = hall_file.read(file) if file else [_asked()]
    with progress() as bar:
        for hall in bar.track(_missing(known, halls, bundles), description="Kiosk"):
            given = replace(hall, staff_pin=hall.staff_pin or drawn_pin(), voices=voices)
            bundle = bundles / hall_file.slug(hall.name)
            known = kiosk.add(authority, station_name, given, bundle)
            click.echo(_made(bundle, given.staff_pin))
    _tell_update(authority, known, bundles)


@click.command(name="replace")
@authority_argument
@_kiosk_argument
@_bundles_argument
@click.option("--file", type=FILE, help="Tệp TOML, nơi kiosk được tả lại / describes it again.")
@voices_option
@passphrase_option
@told_plainly
def replace_command(
    folder: Path,
    named: str,
    bundles: Path,
    file: Path | None,
    voices: tuple[Path, ...],
    passphrase_file: Path | None,
) -> None:
    """Làm thẻ mới, khóa mới cho KIOSK (replace its keys).

    KIOSK là tên nhà văn hóa hoặc đầu mã; khóa cũ bị thu hồi. Không có --file thì kiosk như trước. /
    Named by its hall or the beginning of its id; the old keys are revoked. Without --file it is
    made as it was.
    """
    authority = unlocked(folder, passphrase_file)
    _, old = ledger.find(folder, named)
    kept = recalled(old.described, drawn_pin(), voices)
    hall = _described_anew(kept, file) if file else kept
    bundle = bundles / f"{hall_file.slug(old.hall)}-{old.generation + 1}"
    grown = kiosk.replace(authority, named, hall, bundle)
    click.echo(_made(bundle, hall.staff_pin))
    _tell_update(authority, grown, bundles)


@click.command(name="revoke")
@authority_argument
@_kiosk_argument
@_bundles_argument
@passphrase_option
@told_plainly
def revoke_command(folder: Path, named: str, bundles: Path, passphrase_file: Path | None) -> None:
    """Thu hồi KIOSK bị mất (revoke a lost one).

    Máy chủ không cho nó vào, đồn không nghe nó nữa. / The broker lets it in no more, the station
    does not listen to it.
    """
    authority = unlocked(folder, passphrase_file)
    _tell_update(authority, kiosk.revoke(authority, named), bundles)


def _described_anew(kept: Hall, file: Path) -> Hall:
    """The hall as the file has it now; the pictures of a Wi-Fi of the same name hang there."""
    for hall in hall_file.read(file):
        if hall.name == kept.name:
            pin = hall.staff_pin or kept.staff_pin
            hotspot = hall.hotspot
            if hotspot and kept.hotspot and hotspot.ssid == kept.hotspot.ssid:
                hotspot = kept.hotspot
            return replace(hall, staff_pin=pin, voices=kept.voices, hotspot=hotspot)
    raise ProvisioningError(
        f"{file.name} không tả {kept.name} / does not describe it",
        "thêm [[kiosk]] của nhà văn hóa ấy / add its [[kiosk]]",
    )


def _asked() -> Hall:
    given = {}
    for question in hall_file.QUESTIONS:
        while True:
            text = click.prompt(
                f"{question.vi} ({question.en})",
                default=hall_file.default(question),
                show_default=bool(hall_file.default(question)),
                err=True,
            )
            try:
                given[question.key] = hall_file.answer(question, text)
                break
            except ProvisioningError as error:
                click.echo(error, err=True)
    return hall_file.asked(given)


def _missing(known: ledger.Station, halls: Iterable[Hall], bundles: Path) -> list[Hall]:
    """Those of the halls that are not done: in the ledger, with a bundle here."""
    done = {entry.hall for entry in known.kiosks}
    return [
        hall
        for hall in halls
        if hall.name not in done or not (bundles / hall_file.slug(hall.name)).exists()
    ]


def _made(bundle: Path, pin: str) -> str:
    return f"{bundle}: ghi vào thẻ / write onto the card. Mã kỹ thuật / staff code: {pin}"


def _tell_update(authority: Authority, changed: ledger.Station, bundles: Path) -> None:
    update = bundles / station_bundle.UPDATE
    station_bundle.write_update(authority, changed, update)
    click.echo(f"{update}: ở máy của đồn / at the station: sudo bash {update.name}/install.sh")
    if not changed.broker_here:
        click.echo(f"{update}/broker: ở máy chủ / on the server: sudo bash broker/install.sh")

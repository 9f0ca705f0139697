"""`homthu-provision card`: write a card, tell what is on one, make a file for Imager."""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import click

from kiosk.common.command_line import explained
from kiosk.common.errors import EXIT_BAD_INPUT, CardError, KioskError
from provisioning.card import (
    console,
    data_partition,
    disk,
    drives,
    imager,
)
from provisioning.card import (
    verify as verifying,
)
from provisioning.card import (
    write as writing,
)
from provisioning.card.checks import Finding
from provisioning.card.image import DATA, Blocks, Image, load, put_in
from provisioning.card.target import Target, resolve
from provisioning.paper import papers

FOLDER = click.Path(file_okay=False, path_type=Path)
FILE = click.Path(dir_okay=False, exists=True, path_type=Path)


@click.group()
def card() -> None:
    """Ghi và kiểm tra thẻ nhớ của kiosk (write and check the kiosks' SD cards)."""


@card.command()
@click.argument("image_file", metavar="IMAGE", type=FILE)
@click.argument("kiosk", type=FOLDER)
@click.argument("target", metavar="[DEVICE|FILE]", required=False)
@click.option("--yes", is_flag=True, help="Không hỏi lại / do not ask.")
@click.option("--assets", type=FOLDER, default=Path("build"), show_default=True)
@explained()
def write(image_file: Path, kiosk: Path, target: str | None, yes: bool, assets: Path) -> None:
    """Ghi IMAGE và kiosk ở KIOSK vào thẻ, đọc lại, in nhãn (write a card, draw its label).

    Không nêu thẻ thì hiện danh sách để chọn (without a card: a list to choose from).
    """
    image, bundle = load(image_file), data_partition.bundle(kiosk)
    _warn(bundle)
    chosen = _chosen(target, image, bundle, yes)
    try:
        _write(image, bundle, chosen)
    except KeyboardInterrupt:
        click.echo("Chưa xong; chạy lại để ghi tiếp (not done: run it again, it goes on)", err=True)
        raise
    click.echo(f"{chosen.name}: {bundle.hall} · {image.version}, đọc lại đúng (read back: right)")
    _draw_label(bundle, assets)


@card.command()
@click.argument("target", metavar="DEVICE|FILE", type=FILE)
@click.option("--image", "image_file", type=FILE, help="Ảnh đã ghi / the image it was made from.")
@click.option("--authority", "home", type=FOLDER, help="Nơi cấp phép / the authority's folder.")
@click.option("--json", "as_json", is_flag=True)
@explained()
def verify(target: Path, image_file: Path | None, home: Path | None, as_json: bool) -> None:
    """Thẻ này của kiosk nào, có nguyên vẹn không (which kiosk's card is this, and is it whole)."""
    image = load(image_file) if image_file else None
    with disk.opened(target) as opened:
        with disk.trouble():
            opened.forget()
        found = verifying.read(opened, target)
        findings = [*_of_image(found, image), *verifying.kiosk_findings(found, home)]
        about = verifying.about(found)
    good = all(finding.good is not False for finding in findings)
    if as_json:
        facts = {**about, "good": good, "checks": [asdict(finding) for finding in findings]}
        click.echo(json.dumps(facts, ensure_ascii=False))
    else:
        console.findings(f"{target} · {about.get('image', '?')}", findings)
    if not good:
        sys.exit(EXIT_BAD_INPUT)


@card.command(name="image")
@click.argument("image_file", metavar="IMAGE", type=FILE)
@click.argument("kiosk", type=FOLDER)
@click.argument("out", metavar="OUT.img.zst", type=click.Path(dir_okay=False, path_type=Path))
@explained()
def image_command(image_file: Path, kiosk: Path, out: Path) -> None:
    """Cả thẻ thành một tệp cho Raspberry Pi Imager (a whole card as one file, for Imager)."""
    image, bundle = load(image_file), data_partition.bundle(kiosk)
    _warn(bundle)
    with console.progress() as progress:
        image.check(console.bar(progress, "Kiểm tra ảnh (checking)", image.size))
        advance = console.bar(progress, "Nén (packing)", image.size)
        imager.write(bundle, image, _personalised(image, bundle)(), out, advance)
    bundle.note(image, out.name)
    click.echo(f"{out}, {out.name}.sha256, {imager.LIST}")


def _chosen(target: str | None, image: Image, bundle: data_partition.Bundle, yes: bool) -> Target:
    if target is None:
        found = drives.listed()
        console.drives(found, image.size)
        if all(drives.refusal(drive, image.size) for drive in found):
            raise CardError("không thấy thẻ nào (no card found)", "cắm thẻ vào (put one in)")
        if yes:
            raise CardError("chưa nêu thẻ (no card named)", "nêu một thẻ ở trên (name one)")
        target = click.prompt(f"{bundle.hall} → thẻ nào (which card)", err=True)
        return resolve(target, image, lambda: found)
    chosen = resolve(target, image, drives.listed)
    if not yes:
        click.confirm(
            f"{bundle.hall} → {chosen.name}: xóa hết và ghi (erase and write)?",
            abort=True,
            err=True,
        )
    return chosen


def _write(image: Image, bundle: data_partition.Bundle, chosen: Target) -> None:
    with console.progress() as progress:
        image.check(console.bar(progress, "Kiểm tra ảnh (checking)", image.size))
        blocks = _personalised(image, bundle)
        with disk.opened(chosen.path, image.size) as opened:
            writing.write(
                blocks, image.size, opened, progress, lambda: bundle.note(image, chosen.name)
            )


def _personalised(image: Image, bundle: data_partition.Bundle) -> Callable[[], Blocks]:
    own = data_partition.partition(bundle, image)
    return lambda: put_in(image.blocks(), image.partitions[DATA].start, own)


def _of_image(found: verifying.CardContents, image: Image | None) -> list[Finding]:
    if image is None:
        return [Finding("image", None, "chưa so với ảnh nào (compared with no image: --image)")]
    with console.progress() as progress:
        system = sum(part.size for part in image.partitions.values() if part.name != DATA)
        advance = console.bar(progress, "Đọc (reading)", system)
        return list(verifying.image_findings(found, image, advance))


def _warn(bundle: data_partition.Bundle) -> None:
    for earlier in bundle.written():
        click.echo(
            f"CHÚ Ý: {bundle.hall} đã có thẻ, {earlier['day']}, {earlier['place']}: "
            "hai thẻ cùng chạy thì trạm báo động (this kiosk has a card already; "
            "two that run raise the station's takeover alarm). "
            "Hủy thẻ cũ trước (destroy the old one first).",
            err=True,
        )


def _draw_label(bundle: data_partition.Bundle, assets: Path) -> None:
    out = bundle.folder.with_name(f"{bundle.folder.name}-papers")
    try:
        (label,) = papers.write(bundle.folder, out, assets, [papers.LABEL])
    except KioskError as error:
        click.echo(f"Không có nhãn (no label): {error}", err=True)
    else:
        click.echo(f"{label}: in và dán lên kiosk (print it, stick it on the kiosk)")

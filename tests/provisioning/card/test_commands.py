"""`homthu-provision card` on files, with the real image tools: written, examined, packed."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from provisioning import demo
from provisioning.card import drives
from provisioning.card.image import BLOCK
from provisioning.main import main
from provisioning.processes import python
from tests.provisioning.card import tiny_image
from tests.provisioning.card.commands import everything, run, verify, write
from tests.ui.touch.place import ROOT

FOUND = {
    "bootsel", "boot_a", "boot_b", "root_a", "root_a verity", "root_b", "root_b verity", "data",
    "kiosk", "certificate", "manifest", "authority", "ledger",
}  # fmt: skip


@pytest.fixture
def card(image: Path, bundle: Path, tmp_path: Path) -> Path:
    path = tmp_path / "card.img"
    done = write(image, bundle, path)
    assert done.exit_code == 0, done.output
    return path


def system_of(path: Path) -> bytes:
    content = path.read_bytes()
    start = tiny_image.starts()["data"]
    return content[:start] + content[start + tiny_image.SIZES["data"] * tiny_image.MB :]


def test_a_card_has_the_images_system_and_the_kiosks_data(
    image: Path, card: Path, village: demo.Village
) -> None:
    assert system_of(card) == system_of(image)
    code, found = verify(card, *everything(image, village))
    assert set(found) == FOUND
    assert {name for name, good in found.items() if not good} == {"root_b verity"}
    assert found["root_b verity"] is None
    assert code == 0


def test_the_data_are_roots_and_private_and_tell_no_time(card: Path, bundle: Path) -> None:
    place = f"{card}?offset={tiny_image.starts()['data']}"

    def debugfs(request: str) -> str:
        command = ["/usr/sbin/debugfs", "-R", request, place]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    key = tomllib.loads((bundle / "courier.toml").read_text())["tls_key"]
    for path in ("/card.json", "/kiosk", "/kiosk/kiosk.toml", f"/kiosk/{key}"):
        told = debugfs(f'stat "{path}"')
        assert "User:     0   Group:     0 " in told
        assert "time: 0x00000001:" in told
        assert all("0x00000001:" in line for line in told.splitlines() if "time: " in line)
    assert "Mode:  0600" in debugfs(f"stat /kiosk/{key}")
    about = json.loads(debugfs("cat /card.json"))
    assert about["hall"] == "Nhà văn hóa bản Na Cô Sa 3"
    assert about["image"] == tiny_image.VERSION


def test_the_bundle_arrives_byte_for_byte(card: Path, bundle: Path, tmp_path: Path) -> None:
    place = f"{card}?offset={tiny_image.starts()['data']}"
    out = tmp_path / "out"
    out.mkdir()
    command = ["/usr/sbin/debugfs", "-R", f"rdump /kiosk {out}", place]
    subprocess.run(command, capture_output=True, check=True)
    (bundle / "cards.json").unlink()
    assert {
        str(path.relative_to(out / "kiosk")): path.read_bytes()
        for path in (out / "kiosk").rglob("*")
        if path.is_file()
    } == {str(p.relative_to(bundle)): p.read_bytes() for p in bundle.rglob("*") if p.is_file()}


def test_the_data_partition_is_sound(card: Path, tmp_path: Path) -> None:
    start = tiny_image.starts()["data"]
    size = tiny_image.SIZES["data"] * tiny_image.MB
    (tmp_path / "data").write_bytes(card.read_bytes()[start : start + size])
    checked = subprocess.run(
        ["/usr/sbin/e2fsck", "-fn", tmp_path / "data"], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout


def test_a_compressed_image_gives_the_same_card(
    image: Path, bundle: Path, card: Path, tmp_path: Path
) -> None:
    again = tmp_path / "again.img"
    done = write(tiny_image.packed(image), bundle, again)
    assert done.exit_code == 0, done.output
    assert again.read_bytes() == card.read_bytes()


def test_the_label_is_drawn(image: Path, bundle: Path, tmp_path: Path) -> None:
    done = write(image, bundle, tmp_path / "card.img")
    label = bundle.with_name("na-co-sa-3-papers") / "label.pdf"
    assert str(label) in done.output
    assert label.read_bytes().startswith(b"%PDF")


def test_a_second_card_of_one_kiosk_is_warned_of(image: Path, bundle: Path, tmp_path: Path) -> None:
    assert "takeover" not in write(image, bundle, tmp_path / "one.img").output
    second = write(image, bundle, tmp_path / "two.img")
    assert "takeover" in second.output
    assert str(tmp_path / "one.img") in second.output


def test_nothing_is_written_until_it_is_asked(image: Path, bundle: Path, tmp_path: Path) -> None:
    card = tmp_path / "card.img"
    arguments = ["card", "write", str(image), str(bundle), str(card)]
    assert CliRunner().invoke(main, arguments, input="n\n").exit_code == 130
    assert not card.exists()
    assert CliRunner().invoke(main, arguments, input="y\n").exit_code == 0


def test_without_a_card_a_list_is_shown(image: Path, bundle: Path) -> None:
    told = run("write", image, bundle)
    assert told.exit_code in (2, 130)
    assert all(drive.path in told.output for drive in drives.listed())
    assert not (bundle / "cards.json").exists()


def cut(image: Path) -> None:
    os.truncate(image, image.stat().st_size // 2)


def flip(image: Path) -> None:
    with image.open("r+b") as file:
        file.seek(image.stat().st_size // 3)
        byte = file.read(1)
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte[0] ^ 1]))


def undescribe(image: Path) -> None:
    image.with_name("image.json").unlink()


def misdescribe(image: Path) -> None:
    image.with_name("image.json").write_text("{}")


@pytest.mark.parametrize("form", ["plain", "zst"])
@pytest.mark.parametrize("spoil", [cut, flip, undescribe, misdescribe])
def test_a_wrong_or_half_image_is_refused_before_anything_is_written(
    image: Path, bundle: Path, tmp_path: Path, spoil: Callable[[Path], None], form: str
) -> None:
    copy = Path(shutil.copy(image, tmp_path / image.name))
    shutil.copy(image.with_name("image.json"), tmp_path)
    bad = tiny_image.packed(copy) if form == "zst" else copy
    spoil(bad)
    card = tmp_path / "card.img"
    card.write_bytes(b"what was there")
    told = write(bad, bundle, card)
    assert told.exit_code == 2
    assert "copy the image and image.json again" in told.output
    assert "Traceback" not in told.output
    assert card.read_bytes() == b"what was there"
    assert not (bundle / "cards.json").exists()


def test_a_bundle_that_does_not_fit_is_refused(image: Path, bundle: Path, tmp_path: Path) -> None:
    (bundle / "voices").mkdir()
    (bundle / "voices" / "much").write_bytes(os.urandom(21 << 20))
    told = write(image, bundle, tmp_path / "card.img")
    assert told.exit_code == 2
    assert "does not fit" in told.output
    assert not list(tmp_path.glob(".card-*"))
    assert not (tmp_path / "card.img").exists()


@pytest.mark.parametrize("target", ["/dev/null", "/dev/not-there", "/proc", "/no/where/card.img"])
def test_what_is_no_card_is_refused(image: Path, bundle: Path, target: str) -> None:
    told = write(image, bundle, Path(target))
    assert told.exit_code == 2
    assert not Path(target).is_file()


def test_the_image_itself_is_not_overwritten(image: Path, bundle: Path) -> None:
    before = image.stat().st_mtime_ns
    assert write(image, bundle, image).exit_code == 2
    assert image.stat().st_mtime_ns == before


@pytest.mark.soak
def test_power_cuts_at_any_moment(image: Path, bundle: Path, tmp_path: Path) -> None:
    card = tmp_path / "card.img"
    moments = random.Random(20261122)
    command = [*python("provisioning.main", "card", "write", image, bundle, card), "--yes"]
    for _ in range(40):
        process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
        try:
            process.wait(moments.uniform(0.5, 3))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        whole = card.exists() and run("verify", card).exit_code == 0
        assert not whole or verify(card, "--image", image)[0] == 0
    assert write(image, bundle, card).exit_code == 0
    assert verify(card, "--image", image)[0] == 0


def has_root(card: Path) -> bool:
    with card.open("rb") as file:
        file.seek(tiny_image.starts()["root_a"])
        return any(file.read(4096))


def test_an_interrupted_write_goes_on(image: Path, bundle: Path, tmp_path: Path) -> None:
    card = tmp_path / "card.img"
    process = subprocess.Popen(
        [sys.executable, "-m", "provisioning.main", "card", "write", image, bundle, card, "--yes"],
        cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    while not (card.exists() and has_root(card)):
        assert process.poll() is None
    process.send_signal(signal.SIGSTOP)
    assert not any(card.read_bytes()[:BLOCK]), "the machine was too slow to stop it in time"
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGCONT)
    _, told = process.communicate()
    assert process.returncode == 130
    assert "run it again" in told
    assert "Traceback" not in told
    assert run("verify", card).exit_code == 2
    done = write(image, bundle, card)
    assert done.exit_code == 0
    assert "takeover" not in done.output
    assert verify(card, "--image", image)[0] == 0

"""What is wrong with a card is found, and named."""

import json
import os
import re
import shutil
import subprocess
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.common import files
from provisioning import authority, certificates, demo, ledger
from provisioning import kiosk as provisioned
from provisioning.card import identity
from provisioning.card.verify import COUNTER
from provisioning.hall import recalled
from tests.provisioning.card import tiny_image
from tests.provisioning.card.commands import everything, run, verify, write

HERE = tiny_image.starts()
ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def written(image: Path, village: demo.Village, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("written")
    bundle = shutil.copytree(village.kiosk, folder / "bundle")
    assert write(image, bundle, folder / "card.img").exit_code == 0
    return folder / "card.img"


@pytest.fixture
def card(written: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(written, tmp_path / "card.img"))


def flip(card: Path, place: int) -> None:
    with card.open("r+b") as file:
        file.seek(place)
        byte = file.read(1)
        file.seek(place)
        file.write(bytes([byte[0] ^ 1]))


@pytest.mark.parametrize(
    ("place", "wrong"),
    [
        (HERE["boot_a"] + 9999, {"boot_a"}),
        (HERE["boot_b"] + 99, {"boot_b"}),
        (HERE["root_a"] + 5000, {"root_a", "root_a verity"}),
        (HERE["root_b"] + 5000, {"root_b", "root_b verity"}),
    ],
)
def test_one_flipped_bit_of_the_system_is_found(
    image: Path, card: Path, place: int, wrong: set[str]
) -> None:
    flip(card, place)
    code, found = verify(card, "--image", image)
    assert {name for name, good in found.items() if good is False} == wrong
    assert code == 2


def test_a_card_that_was_started_from_is_still_whole(image: Path, card: Path) -> None:
    tiny_image.start_up(card)
    code, found = verify(card, "--image", image)
    assert found["bootsel"] is True
    assert code == 0


@pytest.mark.parametrize("name", ["config.txt", "uboot.env"])
def test_what_decides_how_a_card_starts_is_never_taken_for_the_count(
    image: Path, card: Path, name: str
) -> None:
    tiny_image.start_up(card)
    changed = card.with_name(name)
    changed.write_bytes(b"y")
    place = f"{card}@@{HERE['bootsel']}"
    subprocess.run(["mcopy", "-o", "-i", place, changed, f"::{name}"], check=True)
    code, found = verify(card, "--image", image)
    assert found["bootsel"] is False
    assert code == 2


def test_the_count_is_the_file_that_the_cards_script_writes() -> None:
    script = (ROOT / "images" / "boot" / "boot.cmd").read_text()
    written = {line.split()[4] for line in script.splitlines() if line.startswith("fatwrite")}
    assert written == {COUNTER}


def test_a_grown_card_is_whole_and_a_moved_one_is_not(image: Path, card: Path) -> None:
    os.truncate(card, card.stat().st_size + (32 << 20))
    sfdisk = "/usr/sbin/sfdisk"
    subprocess.run([sfdisk, "-q", "--relocate", "gpt-bak-std", card], check=True)
    grow = [sfdisk, "-q", "-N", "6", str(card)]
    subprocess.run(grow, input=", +", text=True, check=True, capture_output=True)
    assert verify(card, "--image", image)[1]["data"] is True
    subprocess.run([sfdisk, "-q", "--delete", card, "3"], check=True, capture_output=True)
    code, found = verify(card, "--image", image)
    assert found["boot_b"] is False
    assert code == 2


def test_without_an_image_a_card_still_tells_whose_it_is(card: Path) -> None:
    code, found = verify(card)
    assert code == 0
    assert found["image"] is None
    assert found["kiosk"] is True


def test_the_image_is_no_kiosks_card_and_a_file_is_no_card(image: Path, tmp_path: Path) -> None:
    code, found = verify(image, "--image", image)
    assert found["kiosk"] is False
    assert code == 2
    (tmp_path / "x").write_bytes(bytes(1 << 20))
    told = run("verify", tmp_path / "x")
    assert told.exit_code == 2
    assert "half-written" in told.output


def test_the_report_is_read_by_people(image: Path, card: Path, village: demo.Village) -> None:
    flip(card, HERE["boot_a"])
    told = run("verify", card, *everything(image, village))
    assert "Na Cô Sa 3" in told.output
    assert re.search(r"✘\W+boot_a\W+khác ảnh", told.output)
    assert re.search(r"✔\W+sổ cấp phát \(ledger\)", told.output)
    assert "do not use this card" in told.output


def swap_key(bundle: Path, names: dict[str, str]) -> None:
    key = certificates.key_pem(certificates.new_key())
    files.write(bundle / names["tls_key"], key, files.PRIVATE)


def swap_certificate(bundle: Path, names: dict[str, str]) -> None:
    shutil.copy(bundle / names["tls_ca"], bundle / names["tls_cert"])


def spoil_manifest(bundle: Path, _names: dict[str, str]) -> None:
    flip(bundle / "manifest.cbor", 40)


def lose_manifest(bundle: Path, _names: dict[str, str]) -> None:
    (bundle / "manifest.cbor").unlink()


@pytest.mark.parametrize("spoil", [swap_key, swap_certificate, spoil_manifest, lose_manifest])
def test_a_bundle_with_other_keys_is_refused(
    image: Path, bundle: Path, tmp_path: Path, spoil: Callable[[Path, dict[str, str]], None]
) -> None:
    spoil(bundle, names_in(bundle))
    told = write(image, bundle, tmp_path / "card.img")
    assert told.exit_code == 2
    assert "make it again" in told.output
    assert not (tmp_path / "card.img").exists()


def names_in(bundle: Path) -> dict[str, str]:
    return tomllib.loads((bundle / "courier.toml").read_text())


@pytest.mark.parametrize(
    ("when", "told"),
    [
        (datetime(2099, 1, 1, tzinfo=UTC), "ended"),
        (datetime(1970, 1, 1, tzinfo=UTC), "clock says 1970"),
        (datetime.now(UTC), "until"),
    ],
)
def test_an_expired_authority_and_a_wrong_clock_are_told_apart(
    bundle: Path, village: demo.Village, when: datetime, told: str
) -> None:
    kiosk = next(
        iter(json.loads((village.folder / "authority" / "fleet.json").read_text()).values())
    )
    first, *_ = identity.examine(identity.in_folder(bundle), kiosk["kiosks"][0]["id"], when, None)
    assert first.good is (told == "until")
    assert told in first.detail


def test_the_card_of_another_authority_is_found(card: Path, tmp_path: Path) -> None:
    authority.create(tmp_path / "other", "Nơi khác", "mật khẩu khác")
    code, found = verify(card, "--authority", tmp_path / "other")
    assert found["certificate"] is True
    assert found["authority"] is False
    assert found["ledger"] is False
    assert code == 2


def test_a_replaced_or_revoked_card_is_found(
    card: Path, village: demo.Village, tmp_path: Path
) -> None:
    home = shutil.copytree(village.folder / "authority", tmp_path / "authority")
    unlocked = authority.unlock(home, demo.PASSPHRASE)
    id_ = json.loads(run("verify", card, "--json").stdout)["kiosk"]
    assert verify(card, "--authority", home)[1]["ledger"] is True
    provisioned.revoke(unlocked, id_)
    code, found = verify(card, "--authority", home)
    assert (code, found["ledger"]) == (2, False)
    _, old = ledger.find(home, id_)
    provisioned.replace(unlocked, id_, recalled(old.described, "123456", ()), tmp_path / "new")
    code, found = verify(card, "--authority", home)
    assert (code, found["ledger"]) == (2, False)

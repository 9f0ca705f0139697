"""A card as one file for Raspberry Pi Imager."""

import hashlib
import json
import subprocess
from pathlib import Path

import pytest

from provisioning.card import imager
from tests.cards import Card
from tests.provisioning.card.commands import run, verify, write


def test_the_file_holds_the_same_card(image: Path, bundle: Path, tmp_path: Path) -> None:
    card, packed = tmp_path / "card.img", tmp_path / "out.img.zst"
    assert write(image, bundle, card).exit_code == 0
    told = run("image", image, bundle, packed)
    assert told.exit_code == 0, told.output
    assert "takeover" in told.output
    unpacked = tmp_path / "unpacked.img"
    subprocess.run(["zstd", "-dq", packed, "-o", unpacked], check=True)
    assert unpacked.read_bytes() == card.read_bytes()
    assert verify(unpacked, "--image", image)[0] == 0
    subprocess.run(["sha256sum", "--check", f"{packed.name}.sha256"], cwd=tmp_path, check=True)


def test_imager_is_given_a_list_of_all_kiosks(image: Path, bundle: Path, tmp_path: Path) -> None:
    for name in ("one", "two", "one"):
        assert run("image", image, bundle, tmp_path / f"{name}.img.zst").exit_code == 0
    entries = json.loads((tmp_path / imager.LIST).read_text("utf-8"))["os_list"]
    assert [entry["url"] for entry in entries] == [
        (tmp_path / f"{name}.img.zst").as_uri() for name in ("two", "one")
    ]
    packed = (tmp_path / "one.img.zst").read_bytes()
    unpacked = subprocess.run(["zstd", "-dc"], input=packed, capture_output=True, check=True).stdout
    assert entries[1]["extract_sha256"] == hashlib.sha256(unpacked).hexdigest()
    assert entries[1]["extract_size"] == len(unpacked)
    assert entries[1]["image_download_size"] == len(packed)
    assert entries[1]["image_download_sha256"] == hashlib.sha256(packed).hexdigest()
    assert entries[1]["name"] == "Nhà văn hóa bản Na Cô Sa 3"


def test_a_full_disk_leaves_nothing(image: Path, bundle: Path, tmp_path: Path) -> None:
    small = Card(tmp_path / "small", "1m")
    try:
        told = run("image", image, bundle, small.folder / "out.img.zst")
        assert told.exit_code == 2
        assert "make room" in told.output
        assert not list(small.folder.iterdir())
    finally:
        small.pull()
    assert not (bundle / "cards.json").exists()


def test_a_half_image_is_refused(image: Path, bundle: Path, tmp_path: Path) -> None:
    half = tmp_path / image.name
    half.write_bytes(image.read_bytes()[: 9 << 20])
    (tmp_path / "image.json").write_bytes(image.with_name("image.json").read_bytes())
    told = run("image", half, bundle, tmp_path / "out.img.zst")
    assert told.exit_code == 2
    assert "half" in told.output
    assert not list(tmp_path.glob("out*"))


@pytest.mark.parametrize("spoilt", ["", "[]", '{"os_list": [{}]}'])
def test_a_spoilt_list_is_begun_anew(
    image: Path, bundle: Path, tmp_path: Path, spoilt: str
) -> None:
    (tmp_path / imager.LIST).write_text(spoilt)
    told = run("image", image, bundle, tmp_path / "out.img.zst")
    assert told.exit_code == 0, told.output
    assert json.loads((tmp_path / imager.LIST).read_text())["os_list"]

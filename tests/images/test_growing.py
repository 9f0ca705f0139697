"""At the first start the last partition takes what the card has, and nothing else moves."""

import subprocess
from pathlib import Path

import pytest

from tests.images.card import MIB, Card
from tests.images.qemu import ROOT

DEFINITIONS = ROOT / "images" / "overlay" / "usr" / "lib" / "repart.d"
KEPT = ("bootsel", "root_a")


def data_type() -> str:
    text = (DEFINITIONS / "data.conf").read_text("utf-8")
    return next(line for line in text.splitlines() if line.startswith("Type=")).removeprefix(
        "Type="
    )


def grow(card: Card) -> Card:
    """What systemd-repart.service does on the device."""
    command = ["systemd-repart", "--dry-run=no", f"--definitions={DEFINITIONS}", str(card.path)]
    subprocess.run(command, check=True, capture_output=True)
    return Card(card.path)


@pytest.fixture
def card(tmp_path: Path) -> Card:
    """A card as it is written: an image of 48 MiB on a card of 200."""
    card = Card.small(tmp_path / "card.img", (*KEPT, "data"), size=16 * MIB)
    command = ["sfdisk", "--quiet", "--part-type", str(card.path), "3", data_type()]
    subprocess.run(command, check=True)
    for name in card.partitions:
        card.put(name, "mark", name.encode())
    with card.path.open("r+b") as file:
        file.truncate(200 * MIB)
    return card


def test_data_grows_to_the_end_of_the_card(card: Card) -> None:
    grown = grow(card)
    start, size = grown.partitions["data"]
    assert start == card.partitions["data"][0]
    assert 200 * MIB - (start + size) <= MIB
    assert {name: grown.partitions[name] for name in KEPT} == {
        name: card.partitions[name] for name in KEPT
    }
    assert [grown.get(name, "mark") for name in grown.partitions] == [
        name.encode() for name in card.partitions
    ]


def test_a_grown_card_stays_as_it_is(card: Card) -> None:
    grow(card)
    before = card.path.read_bytes()
    grow(card)
    assert card.path.read_bytes() == before

"""U-Boot counts the attempts of both slots as RAUC wants it, on an emulated Raspberry Pi."""

from itertools import islice
from pathlib import Path

import pytest

from images import boot
from tests.images.card import Card
from tests.images.raspberry import console

TRIED = "booted "
STAY = "while true; do sleep 1; done"
"""So that no further start is writing the counts when the board is switched off."""


@pytest.fixture
def card(tmp_path: Path) -> Card:
    """Slots whose script tells which slot it is and starts again, as after a crash."""
    card = Card.small(tmp_path / "card.img", ("bootsel", "boot_a", "boot_b"))
    card.put("bootsel", "uboot.env", boot.environment())
    card.put("bootsel", "boot.scr", boot.boot_script())
    for partition in ("boot_a", "boot_b"):
        put_slot(card, partition, "reset")
    return card


def put_slot(card: Card, partition: str, then: str) -> None:
    script = f"echo {TRIED}${{slot}} {partition}\n{then}"
    card.put(partition, "slot.scr", boot.compiled(script))


def tries(card: Card, count: int, typed: bytes = b"") -> list[str]:
    lines = (line for line in console(card.path, typed) if line.startswith(TRIED))
    return [line.removeprefix(TRIED) for line in islice(lines, count)]


def write_counts(card: Card, text: str) -> None:
    """As RAUC does by fw_setenv."""
    card.put("bootsel", "slots.env", boot.variables(text))


def test_each_slot_has_three_attempts_and_then_all_begins_anew(card: Card) -> None:
    assert tries(card, 7) == ["A boot_a"] * 3 + ["B boot_b"] * 3 + ["A boot_a"]


def test_an_installed_slot_goes_first_and_the_old_one_comes_back(card: Card) -> None:
    write_counts(card, "BOOT_ORDER=B A\nBOOT_A_LEFT=3\nBOOT_B_LEFT=3\n")
    assert tries(card, 4) == ["B boot_b"] * 3 + ["A boot_a"]


@pytest.mark.fresh
def test_a_slot_marked_bad_is_never_tried(card: Card) -> None:
    write_counts(card, "BOOT_ORDER=B\nBOOT_A_LEFT=0\nBOOT_B_LEFT=2\n")
    assert tries(card, 3) == ["B boot_b"] * 2 + ["A boot_a"]


@pytest.mark.parametrize("torn", [b"\xff" * 100, bytes(boot.ENVIRONMENT_SIZE)])
def test_torn_counts_count_as_none(card: Card, torn: bytes) -> None:
    card.put("bootsel", "slots.env", torn)
    put_slot(card, "boot_a", STAY)
    assert tries(card, 1) == ["A boot_a"]
    assert b"BOOT_A_LEFT=2" in card.get("bootsel", "slots.env")


def test_a_slot_without_its_script_is_counted_too(card: Card) -> None:
    card.put("boot_a", "slot.scr", b"half a scr")
    put_slot(card, "boot_b", STAY)
    assert tries(card, 1) == ["B boot_b"]
    assert b"BOOT_A_LEFT=0" in card.get("bootsel", "slots.env")


def test_keys_do_not_stop_it(card: Card) -> None:
    assert tries(card, 2, typed=b"\x03\r\n ") == ["A boot_a"] * 2


def test_no_screen_and_no_keyboard_belong_to_it(card: Card) -> None:
    card.put("bootsel", "boot.scr", boot.compiled("echo in ${stdin} out ${stdout}\nreset"))
    line = next(line for line in console(card.path) if line.startswith("in "))
    assert line == "in serial out serial"

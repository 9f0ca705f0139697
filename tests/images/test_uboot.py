"""U-Boot of the card counts the attempts of both slots as RAUC wants it, on a Raspberry Pi 4."""

from itertools import islice
from pathlib import Path

import pytest

from images import boot, boot_files
from images.tools import Tools
from kiosk.common.errors import ImageError
from tests.images.card import Card
from tests.images.qemu import BOARD
from tests.images.raspberry import SLOT, console, emulated

TRIED = "booted "
STAY = "while true; do sleep 1; done"
"""So that no further start is writing the counts when the board is switched off."""
TYPED = b"\x03\r\n "
_PLACES = (b"\0\0\0\x14", bytes(12), (64).to_bytes(8, "little"), bytes(32), b"ARM\x64", bytes(4))
NO_KERNEL = b"".join(_PLACES)
"""The header of an arm64 Image that jumps to itself (the kernel's arch/arm64/booting.rst)."""
ENVIRONMENTS = {
    "none": None,
    "torn": b"\xff" * 100,
    "half": boot.environment()[:8000],
    "of another": boot.variables("bootdelay=9\nbootcmd=echo theirs\nstdin=serial,usbkbd\n"),
}


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory, tools: Tools) -> Path:
    """The device tree of a Raspberry Pi 4 as it lies on the card, with QEMU's patches."""
    (board,) = (tree for tree in boot_files.boards(BOARD, tools) if tree.board.endswith("rpi-4-b"))
    return emulated(boot.device_tree(board), tmp_path_factory.mktemp("tree"))


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


def tries(card: Card, tree: Path, count: int, typed: bytes = b"") -> list[str]:
    with console(card.path, tree, typed) as lines:
        tried = (line.removeprefix(TRIED) for line in lines if line.startswith(TRIED))
        return list(islice(tried, count))


def printed(card: Card, tree: Path, last: str, typed: bytes = b"") -> list[str]:
    """All lines up to the first that begins like `last`."""
    found = []
    with console(card.path, tree, typed) as lines:
        for line in lines:
            found.append(line)
            if line.startswith(last):
                break
    return found


def write_counts(card: Card, text: str) -> None:
    """As RAUC does by fw_setenv."""
    card.put("bootsel", "slots.env", boot.variables(text))


def test_each_slot_has_three_attempts_and_then_all_begins_anew(card: Card, tree: Path) -> None:
    assert tries(card, tree, 7) == ["A boot_a"] * 3 + ["B boot_b"] * 3 + ["A boot_a"]


def test_an_installed_slot_goes_first_and_the_old_one_comes_back(card: Card, tree: Path) -> None:
    write_counts(card, "BOOT_ORDER=B A\nBOOT_A_LEFT=3\nBOOT_B_LEFT=3\n")
    assert tries(card, tree, 4) == ["B boot_b"] * 3 + ["A boot_a"]


@pytest.mark.fresh
def test_a_slot_marked_bad_is_never_tried(card: Card, tree: Path) -> None:
    write_counts(card, "BOOT_ORDER=B\nBOOT_A_LEFT=0\nBOOT_B_LEFT=2\n")
    assert tries(card, tree, 3) == ["B boot_b"] * 2 + ["A boot_a"]


@pytest.mark.parametrize("torn", [b"\xff" * 100, bytes(boot.ENVIRONMENT_SIZE)])
def test_torn_counts_count_as_none(card: Card, tree: Path, torn: bytes) -> None:
    card.put("bootsel", "slots.env", torn)
    put_slot(card, "boot_a", STAY)
    assert tries(card, tree, 1) == ["A boot_a"]
    assert b"BOOT_A_LEFT=2" in card.get("bootsel", "slots.env")


def test_a_slot_without_its_script_is_counted_too(card: Card, tree: Path) -> None:
    card.put("boot_a", "slot.scr", b"half a scr")
    put_slot(card, "boot_b", STAY)
    assert tries(card, tree, 1) == ["B boot_b"]
    assert b"BOOT_A_LEFT=0" in card.get("bootsel", "slots.env")


def test_keys_do_not_stop_it(card: Card, tree: Path) -> None:
    assert tries(card, tree, 2, TYPED) == ["A boot_a"] * 2


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_no_environment_opens_anything(card: Card, tree: Path, name: str) -> None:
    """No countdown, no key that counts, no other command, no addresses of its own."""
    card.remove("bootsel", "uboot.env")
    environment = ENVIRONMENTS[name]
    if environment is not None:
        card.put("bootsel", "uboot.env", environment)
    shown = "in ${stdin} out ${stdout} from ${devtype} ${devnum} to ${kernel_addr_r} ${fdt_high}"
    card.put("bootsel", "boot.scr", boot.compiled(f"mmc list\necho {shown}\nreset"))
    lines = printed(card, tree, "in ", TYPED)
    where = f"from mmc 0 to {boot.KERNEL:#x} ffffffffffffffff"
    assert lines[-1] == f"in nulldev out serial {where}"
    assert f"{Path(SLOT).name}: 0 (SD)" in lines
    assert [line for line in lines if "stop autoboot" in line or "theirs" in line] == []


def test_the_kernel_is_started_from_the_card(card: Card, tree: Path) -> None:
    """By the scripts of an image, up to the kernel's first instruction."""
    for partition in ("boot_a", "boot_b"):
        card.put(partition, "slot.scr", boot.slot_script("0" * 64, 4096))
        card.put(partition, "vmlinuz", NO_KERNEL)
        card.put(partition, "initrd.img", bytes(512))
    lines = printed(card, tree, "Starting kernel")
    assert "slot A left 2 3" in lines
    assert f"{len(NO_KERNEL)} bytes read" in " ".join(lines)
    assert lines[-1] == "Starting kernel ..."


@pytest.mark.parametrize(
    ("size", "initramfs", "what"),
    [
        (boot.INITRAMFS - boot.KERNEL + 1, 1, "kernel takes 96 MiB and has 96"),
        (1, boot.END - boot.INITRAMFS + 1, "initramfs takes 128 MiB and has 128"),
    ],
)
def test_what_would_overlap_in_memory_is_refused(size: int, initramfs: int, what: str) -> None:
    kernel = NO_KERNEL[:16] + size.to_bytes(8, "little") + NO_KERNEL[24:]
    with pytest.raises(ImageError, match=what):
        boot.check_room(kernel, bytes(initramfs))


def test_a_kernel_that_uboot_cannot_start_is_refused() -> None:
    with pytest.raises(ImageError, match="uncompressed arm64 Image"):
        boot.check_room(b"\x1f\x8b a packed kernel", b"")

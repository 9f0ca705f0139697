"""What lies between a board's card and the processor is found in its device tree."""

from pathlib import Path

import pytest

from images import boot, boot_files, drivers
from images.device_tree import DeviceTree
from images.modules import Modules
from images.tools import Tools
from kiosk.common.errors import ImageError
from tests.images import bare
from tests.images.card import Card
from tests.images.qemu import BOARD, kernel
from tests.images.raspberry import emulated

TREE = """\
/dts-v1/;
/ {
    compatible = "the,board"; #address-cells = <1>; #size-cells = <0>; interrupt-parent = <&gic>;
    gic: gic { compatible = "a,gic"; };
    off: off { compatible = "an,off"; #clock-cells = <0>; status = "disabled"; };
    clock: clock { compatible = "a,clock"; #clock-cells = <2>; };
    pins { compatible = "some,pins"; gpio: gpio { compatible = "a,gpio"; #gpio-cells = <2>; }; };
    power: power { compatible = "a,power"; enable-gpios = <&gpio 2 6>; };
    unused { compatible = "an,unused"; };
    bus {
        compatible = "a,bus", "b,bus"; #address-cells = <1>; #size-cells = <0>;
        mmc@1 {
            compatible = "a,mmc"; reg = <1>;
            clocks = <0>, <&off>, <&clock 1 2>; vmmc-supply = <&power>;
        };
        mmc@2 { compatible = "a,mmc"; reg = <2>; chip { compatible = "a,wifi"; }; };
        mmc@3 { compatible = "a,mmc"; reg = <3>; status = "disabled"; };
    };
};
"""
WAY = ["/bus", "/bus/mmc@1", "/clock", "/gic", "/pins", "/pins/gpio", "/power"]


@pytest.fixture(scope="module")
def modules() -> Modules:
    """Those of the card's kernel."""
    return boot_files.modules(BOARD)


def tree(folder: Path, tools: Tools, text: str = TREE) -> DeviceTree:
    tools.run("dtc", "-q", "-o", folder / "a-board.dtb", feed=text)
    return DeviceTree(folder / "a-board.dtb", tools)


def test_the_slot_is_where_no_chip_is_soldered(tmp_path: Path, tools: Tools) -> None:
    assert tree(tmp_path, tools).slot == "/bus/mmc@1"


def test_two_slots_are_one_too_many(tmp_path: Path, tools: Tools) -> None:
    text = TREE.replace('status = "disabled"; };\n    };', "};\n    };")
    with pytest.raises(ImageError, match="a-board: 2 slots"):
        print(tree(tmp_path, tools, text).slot)


def test_the_way_holds_all_that_is_needed_and_nothing_else(tmp_path: Path, tools: Tools) -> None:
    board = tree(tmp_path, tools)
    assert board.way(board.slot) == WAY


def test_every_part_of_the_way_is_driven_by_a_module_or_the_kernel(
    tmp_path: Path, tools: Tools, modules: Modules
) -> None:
    board = tree(tmp_path, tools)
    kernel = b"\0".join(f"a,{name}".encode() for name in ("gic", "clock", "bus", "gpio", "power"))
    with pytest.raises(ImageError, match=r"a-board: nothing drives /bus/mmc@1 \(a,mmc\)"):
        drivers.of_the_card([board], modules, kernel + b"\0")


@pytest.mark.parametrize("board", ["bcm2711-rpi-4-b", "bcm2711-rpi-400", "bcm2711-rpi-cm4-io"])
def test_the_boards_of_a_kiosk_need_these(board: str, tools: Tools, modules: Modules) -> None:
    (one,) = (tree for tree in boot_files.boards(BOARD, tools) if tree.board == board)
    found = drivers.of_the_card([one], modules, kernel())
    assert found == ["fixed", "gpio_regulator", "sdhci_iproc"]


def test_a_board_that_debian_does_not_drive_is_refused(tools: Tools, modules: Modules) -> None:
    """A Raspberry Pi 5: the pins that switch its slot's power have no driver in Debian's kernel."""
    (five,) = BOARD.glob("usr/lib/linux-image-*/broadcom/bcm2712-rpi-5-b.dtb")
    with pytest.raises(ImageError, match="bcm2712-rpi-5-b: nothing drives"):
        drivers.of_the_card([DeviceTree(five, tools)], modules, kernel())


@pytest.mark.parametrize("without", [None, "fixed"])
def test_with_these_drivers_and_no_less_a_raspberry_finds_its_card(
    without: str | None, tmp_path: Path, tools: Tools, modules: Modules
) -> None:
    """The kernel of the card on QEMU's Raspberry Pi 4, loading what its initramfs lists."""
    (board,) = (tree for tree in boot_files.boards(BOARD, tools) if tree.board.endswith("rpi-4-b"))
    names = drivers.of_the_card([board], modules, kernel())
    files = modules.files(names)
    script = "\n".join(f"modprobe {name}" for name in names if name != without)
    script += "\nsleep 10\ncat /sys/class/block/*/uevent"
    card = Card.small(tmp_path / "card.img", ("bootsel", "root_a"))
    machine = ["-M", "raspi4b", "-dtb", str(emulated(boot.device_tree(board), tmp_path))]
    machine += ["-drive", f"if=sd,format=raw,file={card.path}"]
    machine += ["-append", "console=ttyAMA0 loglevel=3 panic=-1"]
    machine += ["-serial", "stdio"]
    told = bare.run(tmp_path, modules.folder, files, script, *machine)
    found = [line for line in told.splitlines() if line.startswith("PARTNAME=")]
    assert found == ([] if without else ["PARTNAME=bootsel", "PARTNAME=root_a"]), told[-2000:]

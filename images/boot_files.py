"""The files of the boot partitions that come from Debian, found in its root file system."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from images import boot, drivers
from images.device_tree import DeviceTree
from images.modules import Modules
from images.tools import Tools
from kiosk.common.errors import ImageError

FIRMWARE = ("bootcode.bin", "start4.elf", "start4cd.elf", "fixup4.dat", "fixup4cd.dat")
BOARDS = "bcm2711-rpi-*.dtb"
"""Raspberry Pi 4, 400 and CM4."""


def kernel_version(root: Path) -> str:
    """The version of the one kernel in a root file system."""
    versions = [path.name for path in (root / "usr/lib/modules").iterdir()]
    if len(versions) != 1:
        raise ImageError(f"{len(versions)} kernels in the root file system instead of one")
    return versions[0]


def modules(root: Path) -> Modules:
    """The modules of that kernel."""
    return Modules(root / "usr/lib/modules" / kernel_version(root))


def boards(root: Path, tools: Tools) -> list[DeviceTree]:
    """The device trees of the boards that the card is for, as Debian's kernel brings them."""
    folder = root / "usr/lib" / f"linux-image-{kernel_version(root)}" / "broadcom"
    return [DeviceTree(file, tools) for file in sorted(folder.glob(BOARDS))]


def card_drivers(root: Path, tools: Tools) -> list[str]:
    """The modules that every board needs before it can read its card."""
    return drivers.of_the_card(boards(root, tools), modules(root), _kernel(root).read_bytes())


def firmware(root: Path, tools: Tools) -> Mapping[str, bytes]:
    """What the Raspberry Pi itself reads, by name: its firmware, the boards, and U-Boot."""
    own = root / "usr/lib/raspi-firmware"
    uboot = root / "usr/lib/u-boot/rpi_arm64/u-boot.bin"
    trees = {board.file.name: boot.device_tree(board) for board in boards(root, tools)}
    return {**trees, **_read((*(own / name for name in FIRMWARE), uboot))}


def slot(root: Path) -> Mapping[str, bytes]:
    """What U-Boot loads, by name: the kernel and its initramfs. Raises ImageError for no room."""
    kernel, initramfs = _kernel(root).read_bytes(), (root / "boot/initrd.img").read_bytes()
    boot.check_room(kernel, initramfs)
    return {"vmlinuz": kernel, "initrd.img": initramfs}


def _kernel(root: Path) -> Path:
    return root / "boot" / f"vmlinuz-{kernel_version(root)}"


def _read(files: Iterable[Path]) -> Mapping[str, bytes]:
    return {file.name: file.read_bytes() for file in files}

"""The files of the boot partitions that come from Debian, found in its root file system."""

from collections.abc import Iterable, Mapping
from pathlib import Path

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


def firmware(root: Path) -> Mapping[str, bytes]:
    """What the Raspberry Pi itself reads, by name: its firmware, the boards, and U-Boot."""
    boards = root / "usr/lib" / f"linux-image-{kernel_version(root)}" / "broadcom"
    own = root / "usr/lib/raspi-firmware"
    uboot = root / "usr/lib/u-boot/rpi_arm64/u-boot.bin"
    return _read((*(own / name for name in FIRMWARE), *boards.glob(BOARDS), uboot))


def slot(root: Path) -> Mapping[str, bytes]:
    """What U-Boot loads, by name: the kernel and its initramfs."""
    return {
        "vmlinuz": (root / "boot" / f"vmlinuz-{kernel_version(root)}").read_bytes(),
        "initrd.img": (root / "boot/initrd.img").read_bytes(),
    }


def _read(files: Iterable[Path]) -> Mapping[str, bytes]:
    return {file.name: file.read_bytes() for file in files}

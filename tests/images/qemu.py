"""QEMU, and what it starts: the kernel, the boards and U-Boot of the card, all in `build/board`."""

from functools import cache
from pathlib import Path

from images import boot_files

ROOT = Path(__file__).parent.parent.parent
BOARD = ROOT / "build" / "board" / "root"
"""The packages that `.ci/fetch-board.sh` has unpacked."""
UBOOT = BOARD / "usr/lib/u-boot"
PROGRAM = "qemu-system-aarch64"


def qemu() -> list[str]:
    """How a QEMU that knows `raspi4b` is started: the machine's own, or that in `build/board`."""
    own = BOARD.parent / "qemu" / "usr"
    if not own.exists():
        return [PROGRAM]
    (modules,) = own.glob("lib/*/qemu")
    return ["env", f"QEMU_MODULE_DIR={modules}", f"{own}/bin/{PROGRAM}", "-L", f"{own}/share/qemu"]


@cache
def kernel() -> bytes:
    """The kernel of the card."""
    return (BOARD / "boot" / f"vmlinuz-{boot_files.kernel_version(BOARD)}").read_bytes()

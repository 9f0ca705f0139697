"""The emulated Raspberry Pi 4 that starts U-Boot from a card.

QEMU's `raspi4b` has no firmware: it starts U-Boot itself, with the device tree of the card.
"""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.images.qemu import UBOOT, qemu

WIFI, SLOT, POWER = "/soc/mmc@7e300000", "/emmc2bus/mmc@7e340000", "/regulator-sd-vcc"
PATCHES = (
    # QEMU plugs a card into the controller at 7e300000, a board into that at 7e340000.
    ("-t", "x", "{tree}", WIFI, "reg", "7e340000", "100"),
    ("-t", "x", "{tree}", SLOT, "reg", "0", "7e300000", "100"),
    # QEMU's firmware has no GPIO expander, which switches the slot's power and voltage.
    ("-d", "{tree}", SLOT, "vqmmc-supply"),
    ("-d", "{tree}", POWER, "gpio"),
    # As slot.cmd does; without it the serial port of QEMU that works belongs to a Bluetooth chip.
    ("-r", "{tree}", "/soc/serial@7e201000/bluetooth"),
    # QEMU has nothing where HDMI is: to read there stops the kernel.
    *(
        ("-t", "s", "{tree}", f"/soc/{node}", "status", "disabled")
        for node in (
            *("interrupt-controller@7ef00100", "clock@7ef00000", "hdmi@7ef00700"),
            *("hdmi@7ef05700", "i2c@7ef04500", "i2c@7ef09500"),
        )
    ),
)
"""What is changed in the card's device tree for QEMU alone, as arguments of fdtput."""


def emulated(tree: bytes, folder: Path) -> Path:
    """The device tree of a card with QEMU's patches, in a file in `folder`."""
    patched = folder / "emulated.dtb"
    patched.write_bytes(tree)
    for patch in PATCHES:
        command = ["fdtput", *(word.format(tree=patched) for word in patch)]
        subprocess.run(command, check=True, capture_output=True)
    return patched


@contextmanager
def console(card: Path, tree: Path, typed: bytes = b"") -> Iterator[Iterator[str]]:
    """The lines that a Raspberry Pi with this card prints, which somebody types at meanwhile."""
    command = [*qemu(), "-M", "raspi4b", "-kernel", str(UBOOT / "rpi_arm64" / "u-boot.bin")]
    command += ["-dtb", str(tree), "-drive", f"if=sd,format=raw,file={card}"]
    command += ["-display", "none", "-monitor", "none", "-serial", "null", "-serial", "stdio"]
    board = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    try:
        yield _lines(board, typed)
    finally:
        board.kill()
        board.communicate()


def _lines(board: "subprocess.Popen[bytes]", typed: bytes) -> Iterator[str]:
    assert board.stdin is not None
    assert board.stdout is not None
    for line in board.stdout:
        yield line.decode("utf-8", "replace").strip()
        board.stdin.write(typed)
        board.stdin.flush()

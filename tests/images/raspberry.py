"""The emulated Raspberry Pi that starts U-Boot from a card."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.images.machine import UBOOT


def console(card: Path, typed: bytes = b"") -> Iterator[str]:
    """The lines that a Raspberry Pi with this card prints, which somebody types at meanwhile.

    The emulated board ends with the iteration.
    """
    command = ["qemu-system-aarch64", "-M", "raspi3b", "-kernel", str(UBOOT / "rpi_3.bin")]
    command += ["-drive", f"if=sd,format=raw,file={card}", "-display", "none", "-monitor", "none"]
    command += ["-serial", "null", "-serial", "stdio"]
    board = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert board.stdin is not None
    assert board.stdout is not None
    try:
        for line in board.stdout:
            yield line.decode("utf-8", "replace").strip()
            board.stdin.write(typed)
            board.stdin.flush()
    finally:
        board.kill()
        board.communicate()

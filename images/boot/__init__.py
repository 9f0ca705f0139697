"""What the firmware, U-Boot and the kernel of a slot are told."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from images.device_tree import DeviceTree
from kiosk.common.errors import ImageError

MIB = 1 << 20
SCRIPT, KERNEL, INITRAMFS, END = 112 * MIB, 160 * MIB, 256 * MIB, 384 * MIB
"""Where U-Boot loads to, and where that has to end: below the memory that a board of 512 MB leaves
to its graphics. Device tree and U-Boot itself lie higher."""
_MAGIC, _MAGIC_AT, _SIZE_AT = b"ARM\x64", 56, 16
"""Of an arm64 kernel's Image (the kernel's Documentation/arch/arm64/booting.rst)."""

ENVIRONMENT_SIZE = 0x4000
"""Bytes of an environment of U-Boot; `boot.cmd` and `fw_env.config` say the same."""

_NO_DATE = {"SOURCE_DATE_EPOCH": "0"}
_HERE = Path(__file__).parent
_SCRIPT = ("mkimage", "-A", "arm64", "-T", "script", "-C", "none", "-d")
_ENVIRONMENT = ("mkenvimage", "-s", hex(ENVIRONMENT_SIZE), "-o")


def config() -> bytes:
    """`config.txt` of the Raspberry Pi's firmware."""
    return (_HERE / "config.txt").read_bytes()


def environment() -> bytes:
    """`uboot.env`: a U-Boot that asks nobody and shows nothing on the screen.

    Without it, or with another, U-Boot still does what `device_tree` says.
    """
    return variables(_text("uboot-env.txt"))


def device_tree(board: DeviceTree) -> bytes:
    """A board's tree as it lies on the card: with what U-Boot reads in it.

    U-Boot numbers the card's slot 0, where it looks for its environment too. Its command is
    `start.cmd`, without a countdown and without heeding a key (U-Boot's doc/develop/devicetree,
    node `/config`; -2 is BOOTDELAY's "do not check for abort").
    """
    lines = (line for line in _text("start.cmd").splitlines() if not line.startswith("#"))
    command = "\n".join(lines)
    for name, place in (("SCRIPT", SCRIPT), ("KERNEL", KERNEL), ("INITRAMFS", INITRAMFS)):
        command = command.replace(f"@{name}@", hex(place))
    with tempfile.TemporaryDirectory() as folder:
        changed = Path(folder) / "board.dtb"
        shutil.copyfile(board.file, changed)
        for put in (
            ("-c", changed, "/config"),
            ("-t", "s", changed, "/config", "bootcmd", command),
            ("-t", "x", changed, "/config", "bootdelay", hex(-2 & 0xFFFFFFFF)),
            ("-t", "s", changed, "/aliases", "mmc0", board.slot),
        ):
            subprocess.run(["fdtput", *put], check=True, capture_output=True)
        return changed.read_bytes()


def check_room(kernel: bytes, initramfs: bytes) -> None:
    """Raise ImageError when kernel and initramfs would not lie beside each other in memory."""
    if kernel[_MAGIC_AT:][: len(_MAGIC)] != _MAGIC:
        raise ImageError("the kernel is not an uncompressed arm64 Image, which U-Boot starts")
    size = int.from_bytes(kernel[_SIZE_AT:][:8], "little")
    for name, start, length, end in (
        ("kernel", KERNEL, size, INITRAMFS),
        ("initramfs", INITRAMFS, len(initramfs), END),
    ):
        if start + length > end:
            raise ImageError(
                f"the {name} takes {length / MIB:.0f} MiB and has {(end - start) // MIB}",
                "change the addresses in images/boot",
            )


def boot_script() -> bytes:
    """`boot.scr`: chooses a slot and counts its attempts."""
    return compiled(_text("boot.cmd"))


def slot_script(root_hash: str, hash_offset: int) -> bytes:
    """`slot.scr`: starts the kernel of a slot on the root that has this hash."""
    arguments = " ".join(kernel_arguments(root_hash, hash_offset))
    return compiled(_text("slot.cmd").replace("@ARGUMENTS@", arguments))


def kernel_arguments(root_hash: str, hash_offset: int) -> list[str]:
    """The kernel's command line, one argument each; `${slot}` is for U-Boot to fill in.

    `root_hash` is the dm-verity root hash in hexadecimal, `hash_offset` the byte at which the
    hash tree begins in the root partition.
    """
    text = _text("kernel-arguments.txt")
    text = text.replace("@ROOT_HASH@", root_hash).replace("@HASH_OFFSET@", str(hash_offset))
    return text.split()


def compiled(script: str) -> bytes:
    """A script in the form in which U-Boot reads it."""
    return _made(_SCRIPT, script)


def variables(text: str) -> bytes:
    """An environment of U-Boot; each line of `text` is NAME=value."""
    return _made(_ENVIRONMENT, text, result_first=True)


def _text(name: str) -> str:
    return (_HERE / name).read_text("utf-8")


def _made(tool: tuple[str, ...], text: str, *, result_first: bool = False) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        source, result = Path(folder) / "source", Path(folder) / "result"
        source.write_text(text, "utf-8")
        files = (result, source) if result_first else (source, result)
        subprocess.run([*tool, *files], check=True, capture_output=True, env=os.environ | _NO_DATE)
        return result.read_bytes()

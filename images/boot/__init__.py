"""What the firmware, U-Boot and the kernel of a slot are told."""

import os
import subprocess
import tempfile
from pathlib import Path

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
    """`uboot.env`: a U-Boot that asks nobody, shows nothing and knows one command."""
    return variables(_text("uboot-env.txt"))


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

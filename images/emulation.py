"""Letting this machine run the card's programs, by QEMU and the kernel's binfmt_misc."""

import platform
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kiosk.common.errors import ImageError

BINFMT = Path("/proc/sys/fs/binfmt_misc")
ENTRY = BINFMT / "homthu-aarch64"
QEMU = "/usr/bin/qemu-aarch64-static"
MAGIC = r"\x7f\x45\x4c\x46\x02\x01\x01" + r"\x00" * 9 + r"\x02\x00\xb7\x00"
"""ELF, 64-bit, little-endian, EM_AARCH64 (elf.h)."""
MASK = r"\xff" * 7 + r"\x00" + r"\xff" * 8 + r"\xfe" + r"\xff" * 3
"""Any operating system's ABI, executable or shared object."""
NEEDED = "run as root on a Linux machine of one's own, with qemu-user-static"


@contextmanager
def emulation() -> Iterator[None]:
    """Run aarch64 programs meanwhile; what was not registered before is not afterwards.

    Flag F keeps the emulator open, so that it works in a chroot without being copied there.
    """
    if platform.machine() == "aarch64" or _registered():
        yield
        return
    try:
        _register()
        yield
    finally:
        if ENTRY.exists():
            ENTRY.write_text("-1")


def _registered() -> bool:
    entries = (entry.read_text() for entry in BINFMT.glob("*aarch64*"))
    return any(re.search(r"^enabled$.*^flags: \w*F", text, re.M | re.S) for text in entries)


def _register() -> None:
    try:
        if not (BINFMT / "register").exists():
            subprocess.run(["mount", "-t", "binfmt_misc", "none", BINFMT], check=True)
        (BINFMT / "register").write_text(f":{ENTRY.name}:M::{MAGIC}:{MASK}:{QEMU}:F")
    except (OSError, subprocess.CalledProcessError) as error:
        raise ImageError(f"aarch64 programs cannot be run here: {error}", NEEDED) from None

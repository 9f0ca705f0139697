"""The system's own programs for disks, file systems and compression."""

import os
import subprocess
from pathlib import Path

from kiosk.common.errors import CardError

PACKAGES = {
    "debugfs": "e2fsprogs",
    "lsblk": "util-linux",
    "mcopy": "mtools",
    "mke2fs": "e2fsprogs",
    "sfdisk": "fdisk",
    "veritysetup": "cryptsetup-bin",
    "zstd": "zstd",
}
_PATH = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin"


class ToolFailed(Exception):
    """A program ended with an error; the text is what it said."""


def start(
    *command: str | Path,
    environment: dict[str, str] | None = None,
    stdin: int = subprocess.DEVNULL,
    stdout: int = subprocess.PIPE,
) -> subprocess.Popen[bytes]:
    """A program that runs while the context lasts; Ctrl-C is ours to handle, not its.

    Raises CardError when it is not installed.
    """
    try:
        return subprocess.Popen(
            command,
            stdin=stdin,
            stdout=stdout,
            stderr=subprocess.PIPE,
            env={**os.environ, "PATH": _PATH, "LC_ALL": "C", **(environment or {})},
            start_new_session=True,
        )
    except FileNotFoundError:
        name = str(command[0])
        raise CardError(
            f"chưa có chương trình {name} (program missing)", f"apt install {PACKAGES[name]}"
        ) from None


def run(*command: str | Path, environment: dict[str, str] | None = None) -> bytes:
    """What a program writes. Raises ToolFailed with what it said when it fails."""
    with start(*command, environment=environment) as process:
        output, said = process.communicate()
    if process.returncode:
        raise ToolFailed(said.decode(errors="replace").strip())
    return output

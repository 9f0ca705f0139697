"""Real file systems of a test's own, to fill, to make read-only and to pull out."""

import os
import subprocess
from pathlib import Path

import pytest


class Card:
    """A small tmpfs at `folder`; tests that need one are skipped where it cannot be mounted."""

    def __init__(self, folder: Path, size: str = "4m") -> None:
        self.folder = folder
        folder.mkdir()
        if os.getuid() != 0:
            pytest.skip("only root can mount a small file system")
        try:
            self._mount("-t", "tmpfs", "-o", f"size={size}", "tmpfs")
        except subprocess.CalledProcessError:
            pytest.skip("this machine does not let a test mount a file system")

    def make_read_only(self) -> None:
        """As the kernel does after an error; no file may be open for writing."""
        self._mount("-o", "remount,ro")

    def make_writable(self) -> None:
        """As after a repair."""
        self._mount("-o", "remount,rw")

    def fill(self) -> None:
        """Leave not a byte."""
        with (self.folder / "filling").open("wb", buffering=0) as file:
            try:
                while file.write(bytes(4096)):
                    pass
            except OSError:
                return

    def empty(self) -> None:
        """Make room again."""
        (self.folder / "filling").unlink()

    def pull(self) -> None:
        """Be gone, whoever still has files open."""
        subprocess.run(["umount", "--lazy", str(self.folder)], check=True)

    def _mount(self, *options: str) -> None:
        command = ["mount", *options, str(self.folder)]
        subprocess.run(command, check=True, capture_output=True)

"""Running the programs that build an image, always in the same surroundings."""

import os
import shutil
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from subprocess import PIPE, Popen

from kiosk.common.errors import ImageError

PACKAGES = Path(".ci/apt-packages.txt")
SYSTEM_PATH = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin"
LAST_WORDS = 600


class Tools:
    """The building machine's programs. What they write is dated `date` at the latest.

    INITRD tells Debian's kernel package to make no initramfs: one is made when all else is there.
    """

    def __init__(self, date: datetime) -> None:
        self.seconds = int(date.timestamp())

    def run(self, *command: str | Path, feed: str = "", cure: str = "") -> str:
        """What a program prints when it is fed `feed`.

        Raises ImageError with what it complained of, and the `cure`. On Ctrl-C, which reaches the
        program too, it may put its things away first.
        """
        name = str(command[0])
        if shutil.which(name, path=SYSTEM_PATH) is None:
            raise ImageError(f"{name} is not installed", f"install what {PACKAGES} lists")
        with Popen(
            command, stdin=PIPE, stdout=PIPE, stderr=PIPE, text=True, env=self._surroundings
        ) as program:
            try:
                told, complaint = program.communicate(feed)
            except KeyboardInterrupt:
                program.wait()
                raise
        if program.returncode:
            raise ImageError(f"{name}: {_reason(complaint or told)[-LAST_WORDS:]}", cure)
        return told

    def date(self, folder: Path) -> None:
        """Give everything in a folder the one date."""
        for path in (folder, *folder.rglob("*")):
            os.utime(path, (self.seconds, self.seconds), follow_symlinks=False)

    @property
    def _surroundings(self) -> Mapping[str, str]:
        return os.environ | {
            "PATH": SYSTEM_PATH,
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
            "SOURCE_DATE_EPOCH": str(self.seconds),
            "E2FSPROGS_FAKE_TIME": str(self.seconds),
            "INITRD": "No",
        }


def _reason(output: str) -> str:
    """The errors among what apt and mmdebstrap print, or all that another program did."""
    errors = [line for line in output.splitlines() if line.startswith("E: ")]
    return "\n".join(errors) or output.strip()

"""A terminal in which a command runs: keys go in, and what it shows is read."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
import threading

from tests.ui.touch.place import ROOT
from tests.waiting import DEADLINE, wait_until

ROWS, COLUMNS = 40, 110
CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal:
    """Runs `python -m <command>` with a real pseudo-terminal."""

    def __init__(self, *command: str) -> None:
        self._own, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self.process = subprocess.Popen(
            [sys.executable, "-m", *command],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            cwd=ROOT,
            env={**os.environ, "TERM": "xterm-256color"},
            preexec_fn=_own_terminal,
            start_new_session=True,
        )
        os.close(theirs)
        self._shown = bytearray()
        self._from = 0
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def shown(self) -> str:
        """Everything shown so far, without colours."""
        return CONTROL.sub("", self._shown.decode("utf-8", "replace"))

    def press(self, keys: str, until: str) -> None:
        """Press keys and wait for words that were not shown before."""
        self._from = len(self.shown)
        os.write(self._own, keys.encode())
        self.wait_for(until)

    def wait_for(self, words: str) -> None:
        """Wait until words are shown after the last key."""
        wait_until(lambda: words in self.shown[self._from :] or self.process.poll() is not None)
        assert words in self.shown[self._from :], self.shown

    def end(self, keys: str = "") -> int:
        """Press the last keys; the exit code."""
        os.write(self._own, keys.encode())
        code = self.process.wait(DEADLINE)
        self._reader.join(DEADLINE)
        os.close(self._own)
        return code

    def _read(self) -> None:
        while True:
            try:
                part = os.read(self._own, 4096)
            except OSError:
                return
            self._shown.extend(part)


def _own_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)

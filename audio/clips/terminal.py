"""The keyboard of a terminal, key by key, and put back as it was found."""

import os
import select
import sys
import termios
import tty
from types import TracebackType

from kiosk.common.errors import AudioError


class Keyboard:
    """Single keys while it is entered; Ctrl-C interrupts as always.

    Raises AudioError when standard input is no terminal.
    """

    def __enter__(self) -> "Keyboard":
        if not sys.stdin.isatty():
            raise AudioError(
                "cần cửa sổ lệnh để bấm phím / this needs a terminal",
                "chạy trong cửa sổ lệnh, không qua ống dẫn / run it without a pipe",
            )
        self._handle = sys.stdin.fileno()
        self._before = termios.tcgetattr(self._handle)
        tty.setcbreak(self._handle)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        termios.tcsetattr(self._handle, termios.TCSADRAIN, self._before)

    def next(self) -> str:
        """The next key, in lower case. Raises KeyboardInterrupt when the terminal is closed."""
        key = os.read(self._handle, 64)
        if not key:
            raise KeyboardInterrupt
        return key.decode("utf-8", "replace").lower()

    def is_pressed(self) -> bool:
        """Whether a key waits; it is taken away."""
        waiting = bool(select.select([self._handle], [], [], 0)[0])
        if waiting:
            self.next()
        return waiting

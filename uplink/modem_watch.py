"""Looks at the modem once a slot on a thread of its own, so that no modem delays a cell."""

import threading

from uplink.modem import Modem
from uplink.modem_state import ModemStatus


class NoModem:
    """What watches where no modem is configured."""

    status: ModemStatus | None = None

    def start(self) -> None:
        """Nothing to begin."""

    def slot(self, missed: int) -> None:
        """Nothing to look at."""

    def stop(self) -> None:
        """Nothing to end."""


class ModemWatch:
    """Polls `modem`; resets it after `reset_after` missed slots in a row, then ever more rarely.

    Further resets come after two, four, eight ... times as many, so that a broker which is down
    for a week costs ten resets and not a thousand.
    """

    def __init__(self, modem: Modem, reset_after: int) -> None:
        self._modem = modem
        self._reset_after = self._next_reset = reset_after
        self._missed = 0
        self._wake = threading.Event()
        self._stopping = False
        self.status: ModemStatus | None = None
        self._thread = threading.Thread(target=self._run, name="modem", daemon=True)

    def start(self) -> None:
        """Begin to look, in the background."""
        self._thread.start()
        self._wake.set()

    def slot(self, missed: int) -> None:
        """A slot is over; so many in a row were missed. Never waits."""
        self._missed = missed
        self._wake.set()

    def stop(self) -> None:
        """Look no more; a poll that is under way ends with the process."""
        self._stopping = True
        self._wake.set()

    def _run(self) -> None:
        while True:
            self._wake.wait()
            self._wake.clear()
            if self._stopping:
                return
            if self._reset_is_due(self._missed):
                self._modem.reset()
            self.status = self._modem.poll()

    def _reset_is_due(self, missed: int) -> bool:
        if not missed:
            self._next_reset = self._reset_after
        due = missed >= self._next_reset
        if due:
            self._next_reset *= 2
        return due

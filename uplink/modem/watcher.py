"""Looks at the modem once a slot on a thread of its own, so that no modem delays a cell."""

import threading

from uplink.modem.answers import ModemStatus
from uplink.modem.modem import Modem
from uplink.modem.power import PowerSwitch

POWER_AFTER = 3
"""Missed slots in a row before the modem's power is cut for the first time."""


class NoModem:
    """What watches where no modem is configured."""

    status: ModemStatus | None = None

    def start(self) -> None:
        """Nothing to begin."""

    def slot(self, missed: int) -> None:
        """Nothing to look at."""

    def stop(self) -> None:
        """Nothing to end."""


class _Backoff:
    """Due after `first` missed slots in a row, then after two, four, eight ... times as many.

    A broker that is down for a week costs ten resets and not a thousand.
    """

    def __init__(self, first: int) -> None:
        self._first = self._next = first

    def due(self, missed: int) -> bool:
        """So many slots in a row were missed; whether to act on it."""
        if not missed:
            self._next = self._first
        due = missed >= self._next
        if due:
            self._next *= 2
        return due


class ModemWatch:
    """Polls `modem`; while slots are missed it resets it or, by `power`, takes its power away."""

    def __init__(self, modem: Modem, reset_after: int, power: PowerSwitch | None = None) -> None:
        self._modem = modem
        self._reset = _Backoff(reset_after)
        self._power = power
        self._cut = _Backoff(POWER_AFTER)
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
            self._cure(self._missed)
            self.status = self._modem.poll()

    def _cure(self, missed: int) -> None:
        reset, cut = self._reset.due(missed), self._cut.due(missed)
        if cut and self._power is not None:
            self._power.cycle()
        elif reset:
            self._modem.reset()

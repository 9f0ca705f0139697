"""Trouble in the log: once, and by its code alone."""

from collections.abc import Callable

from kiosk.common.event_codes import EventCode


class Reporter:
    """Logs by `say`, a method of a logger, what is not the trouble that it logged last."""

    def __init__(self, say: Callable[[str, EventCode], None]) -> None:
        self._say = say
        self._last: EventCode | None = None

    def report(self, code: EventCode) -> None:
        """Log the code of a trouble, unless it goes on."""
        if code != self._last:
            self._last = code
            self._say("%s", code)

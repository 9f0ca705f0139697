"""Remembers which error codes were logged lately, for the station."""

import logging
import time
from collections.abc import Callable

from kiosk.common.event_codes import EventCode

REMEMBERED_S = 86_400
_CODES = frozenset(map(str, EventCode))


class CodeMemory(logging.Handler):
    """A handler that keeps each code for a day after it was last logged, and nothing else."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._now = now
        self._seen: dict[str, float] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Remember a record that is a code."""
        message = record.getMessage()
        if message in _CODES:
            self._seen[message] = self._now()

    def codes(self) -> tuple[str, ...]:
        """The codes of the last day, in order."""
        oldest = self._now() - REMEMBERED_S
        self._seen = {code: at for code, at in self._seen.items() if at > oldest}
        return tuple(sorted(self._seen))

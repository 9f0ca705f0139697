"""Taking a modem's power away and giving it back, by a file."""

import logging
import time
from collections.abc import Callable
from pathlib import Path

from kiosk.common.event_codes import EventCode

OFF_S = 5.0

log = logging.getLogger(__name__)


class PowerSwitch:
    """A file that takes "0" for off and "1" for on: one of the kernel, or one that is passed on.

    Such are `value` of a GPIO that feeds the modem and, where nothing else can cut its power,
    `authorized` of its USB device (Linux, Documentation/ABI), which makes it start again.
    """

    def __init__(self, file: Path, wait: Callable[[float], None] = time.sleep) -> None:
        self._file = file
        self._wait = wait

    def cycle(self) -> None:
        """Off for five seconds, then on. Never raises; on is tried even when off failed."""
        log.warning(EventCode.MODEM_POWER_CYCLED)
        self._set("0")
        self._wait(OFF_S)
        self._set("1")

    def _set(self, value: str) -> None:
        try:
            self._file.write_text(value, "ascii")
        except OSError:
            log.warning(EventCode.MODEM_POWER_STUCK)

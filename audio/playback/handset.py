"""Whether the handset is lifted or headphones are plugged in, as a Linux input device tells it.

Sound cards with a jack and hook switches on a GPIO pin (`gpio-keys`) are both input devices that
send EV_SW or EV_KEY events (Linux: include/uapi/linux/input.h): value 0 is hung up, any other is
lifted. What the switch says when it is opened is asked with EVIOCGSW and EVIOCGKEY.
"""

import fcntl
import logging
import struct
import threading
from collections.abc import Callable
from io import FileIO

from kiosk.common.event_codes import EventCode

EVENT = struct.Struct("@llHHi")
EV_KEY, EV_SW = 0x01, 0x05
STATE_BYTES = 96
EVIOCGKEY, EVIOCGSW = ((2 << 30) | (STATE_BYTES << 16) | (ord("E") << 8) | n for n in (0x18, 0x1B))
RETRY_S = 5.0

log = logging.getLogger(__name__)


class Handset:
    """Watches a switch in a thread and tells `moved` of every change; hung up at first.

    Without a device, or when it goes away, the handset counts as hung up and the device is tried
    again and again; the log says so once.
    """

    def __init__(self, device: str, moved: Callable[[bool], None]) -> None:
        self._device = device
        self._moved = moved
        self._lifted = False

    def start(self) -> None:
        """Begin to watch, if there is a device to be watched."""
        if self._device:
            threading.Thread(target=self._watch, name="handset", daemon=True).start()

    def _watch(self) -> None:
        reported = False
        while True:
            try:
                with open(self._device, "rb", buffering=0) as switch:
                    self._follow(switch)
            except OSError:
                pass
            self._tell(False)
            if not reported:
                reported = True
                log.warning(EventCode.HANDSET_SWITCH_MISSING)
            threading.Event().wait(RETRY_S)

    def _follow(self, switch: FileIO) -> None:
        self._tell(_is_on(switch))
        while len(event := switch.read(EVENT.size) or b"") == EVENT.size:
            _, _, kind, _, value = EVENT.unpack(event)
            if kind in (EV_KEY, EV_SW):
                self._tell(value != 0)

    def _tell(self, lifted: bool) -> None:
        if lifted != self._lifted:
            self._lifted = lifted
            self._moved(lifted)


def _is_on(switch: FileIO) -> bool:
    """The state of a switch just opened; a pipe has none."""
    for request in (EVIOCGKEY, EVIOCGSW):
        state = bytearray(STATE_BYTES)
        try:
            fcntl.ioctl(switch, request, state)
        except OSError:
            continue
        if any(state):
            return True
    return False

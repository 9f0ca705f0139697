"""Tells systemd's watchdog that the kiosk serves: a frame was drawn and the outbox was read.

The datagrams are those of sd_notify(3); without a service manager nothing is sent.
"""

import os
import socket
from collections.abc import Callable

BEAT_S = 5.0
SOCKET = "NOTIFY_SOCKET"

_ALIVE = b"READY=1\nWATCHDOG=1"


class Heartbeat:
    """`redraw` asks for a frame and `read` for a look into the outbox; neither waits."""

    def __init__(
        self,
        tell: Callable[[bytes], None],
        redraw: Callable[[], None],
        read: Callable[[Callable[[], None]], None],
    ) -> None:
        self._tell, self._redraw, self._read = tell, redraw, read
        self._drawn = self._was_read = False

    def drawn(self) -> None:
        """A frame is on its way to the screen; the next beat comes only when it got there."""
        self._drawn = True

    def beat(self) -> None:
        """Tell that all went well since the last beat, if it did, and try again."""
        if self._drawn and self._was_read:
            self._tell(_ALIVE)
        self._drawn = self._was_read = False
        self._redraw()
        self._read(self._note_read)

    def _note_read(self) -> None:
        self._was_read = True


def service_manager() -> Callable[[bytes], None] | None:
    """How to tell the service manager that started this process; None when none did."""
    address = os.environ.get(SOCKET)
    if not address:
        return None
    place = f"\0{address[1:]}" if address.startswith("@") else address

    def tell(state: bytes) -> None:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.sendto(state, place)

    return tell

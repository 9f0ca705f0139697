"""The one way from another thread to the screen: a queue of frozen events."""

from collections.abc import Callable
from queue import Empty, SimpleQueue

from kiosk.flow.model import Event


class EventQueue:
    """Threads post events; the main thread takes them when it wakes."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self._waiting: SimpleQueue[Callable[[], None] | Event] = SimpleQueue()
        self._wake = wake

    def post(self, event: Callable[[], None] | Event) -> None:
        """Hand over an event, or a call to be made, and wake the main thread."""
        self._waiting.put(event)
        self._wake()

    def drain(self, handle: Callable[[Event], None]) -> None:
        """On the main thread: make the calls and handle the events that have come."""
        while True:
            try:
                event = self._waiting.get_nowait()
            except Empty:
                return
            if callable(event):
                event()
            else:
                handle(event)

"""Sleep until something happens instead of ticking sixty times a second.

Kivy's loop ticks for ever at its highest rate, which costs a quiet kiosk two per cent of a
processor day and night. Here it waits for an input event, a call from another thread or the next
second, whichever comes first, and a tap is acted on at once rather than at the next tick.
"""

import ctypes
import os
import select
import threading
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Any, Protocol

IDLE_S = 1.0
FRAME_S = 1 / 60
MOVING_S = 1 / 20
EAGER_TICKS = 4
_USER_EVENT = 0x8000
_EVENT_BYTES = 128


class Waiter(Protocol):
    """Waits for input."""

    def wait(self, seconds: float) -> bool:
        """Wait at most so long; say whether something happened."""

    def wake(self) -> None:
        """End the wait now; may come from any thread."""


class SdlWaiter:
    """Waits in the very SDL library that Kivy polls: under X11 it sleeps in the kernel."""

    def __init__(self, library: Path) -> None:
        self._sdl = ctypes.CDLL(str(library))
        self._sdl.SDL_WaitEventTimeout.argtypes = [ctypes.c_void_p, ctypes.c_int]
        self._sdl.SDL_PushEvent.argtypes = [ctypes.c_void_p]

    def wait(self, seconds: float) -> bool:
        """Wait without taking the event: Kivy reads it afterwards."""
        return bool(self._sdl.SDL_WaitEventTimeout(None, max(0, int(seconds * 1000))))

    def wake(self) -> None:
        """Put an event of nobody's into the queue."""
        event = (ctypes.c_uint32 * (_EVENT_BYTES // 4))(_USER_EVENT)
        self._sdl.SDL_PushEvent(ctypes.byref(event))


class DeviceWaiter:
    """Waits on the input devices themselves, where SDL would poll them (KMSDRM on a Pi)."""

    def __init__(self, devices: list[Path]) -> None:
        self._happened = threading.Event()
        self._files = [os.open(device, os.O_RDONLY | os.O_NONBLOCK) for device in devices]
        threading.Thread(target=self._read, name="touch-wake", daemon=True).start()

    def wait(self, seconds: float) -> bool:
        """Wait until a device reports something."""
        happened = self._happened.wait(seconds)
        self._happened.clear()
        return happened

    def wake(self) -> None:
        """End the wait."""
        self._happened.set()

    def _read(self) -> None:
        poller = select.poll()
        for number in self._files:
            poller.register(number, select.POLLIN)
        while True:
            for number, event in poller.poll():
                if not event & select.POLLIN or not _drained(number):
                    poller.unregister(number)
            self._happened.set()


def _drained(number: int) -> bool:
    """Read what a device has to say; false when it was pulled out."""
    try:
        return bool(os.read(number, 4096))
    except OSError:
        return False


class NapWaiter:
    """Where neither works: short naps, as Kivy itself does."""

    def wait(self, seconds: float) -> bool:
        """Nap for one frame."""
        threading.Event().wait(min(seconds, FRAME_S))
        return False

    def wake(self) -> None:
        """Nothing to do: the nap is short."""


class FramePacer:
    """Decides before every tick how long the loop may sleep."""

    def __init__(self, waiter: Waiter, now: Callable[[], float] = monotonic) -> None:
        self._waiter, self._now = waiter, now
        self._eager = EAGER_TICKS
        self._moving_until = 0.0

    def keep_moving(self, seconds: float) -> None:
        """For so long the picture moves by itself: tick often enough for that."""
        self._moving_until = max(self._moving_until, self._now() + seconds)

    def pause(self) -> None:
        """Sleep, unless something has just happened whose consequences are not drawn yet."""
        if self._eager > 0:
            self._eager -= 1
        elif self._waiter.wait(MOVING_S if self._now() < self._moving_until else IDLE_S):
            self._eager = EAGER_TICKS

    def install(self, clock: Any) -> None:
        """Put the pause in front of the clock's own, which then never sleeps."""
        clock._max_fps = 0
        count: Callable[[], float] = clock.idle

        def idle() -> float:
            self.pause()
            return count()

        clock.idle = idle


def best_waiter() -> Waiter:
    """The waiter for this machine; Kivy's window must exist already."""
    library = _loaded_sdl()
    if library is not None and _video_driver(library) == b"x11":
        return SdlWaiter(library)
    devices = [d for d in sorted(Path("/dev/input").glob("event*")) if os.access(d, os.R_OK)]
    return DeviceWaiter(devices) if devices else NapWaiter()


def _loaded_sdl() -> Path | None:
    for line in Path("/proc/self/maps").read_text().splitlines():
        path = Path(line.split(maxsplit=5)[-1])
        if path.name.startswith("libSDL2-2"):
            return path
    return None


def _video_driver(library: Path) -> bytes | None:
    current = ctypes.CDLL(str(library)).SDL_GetCurrentVideoDriver
    current.restype = ctypes.c_char_p
    driver: bytes | None = current()
    return driver

"""A fast eye and a fast finger on an X display: single pixels and taps through Xlib."""

import ctypes
import time
from collections.abc import Callable
from ctypes.util import find_library

ALL_PLANES = ctypes.c_ulong(-1)
Z_PIXMAP = 2
LEFT = 1


class _Image(ctypes.Structure):
    _fields_ = [
        ("width", ctypes.c_int),
        ("height", ctypes.c_int),
        ("xoffset", ctypes.c_int),
        ("format", ctypes.c_int),
        ("data", ctypes.POINTER(ctypes.c_uint32)),
    ]


class Glass:
    """One connection to a display."""

    def __init__(self, name: str) -> None:
        self._x = ctypes.CDLL(find_library("X11"))
        self._test = ctypes.CDLL(find_library("Xtst"))
        self._x.XOpenDisplay.restype = ctypes.c_void_p
        self._x.XGetImage.restype = ctypes.POINTER(_Image)
        self._display = ctypes.c_void_p(self._x.XOpenDisplay(name.encode()))
        self._x.XDefaultRootWindow.restype = ctypes.c_ulong
        self._root = ctypes.c_ulong(self._x.XDefaultRootWindow(self._display))

    def close(self) -> None:
        """Release the display."""
        self._x.XCloseDisplay(self._display)

    def pixel(self, spot: tuple[int, int]) -> int:
        """The colour at a spot, as 0xRRGGBB."""
        image = self._x.XGetImage(self._display, self._root, *spot, 1, 1, ALL_PLANES, Z_PIXMAP)
        colour = image.contents.data[0] & 0xFFFFFF
        self._x.XFree(image.contents.data)
        self._x.XFree(image)
        return int(colour)

    def wait_for(
        self, spot: tuple[int, int], holds: Callable[[int], bool], seconds: float = 20.0
    ) -> float:
        """Look at a spot until `holds(colour)`; returns when that was."""
        deadline = time.perf_counter() + seconds
        while not holds(self.pixel(spot)):
            if time.perf_counter() > deadline:
                raise TimeoutError(f"the pixel at {spot} stays {self.pixel(spot):06x}")
            time.sleep(0.0002)
        return time.perf_counter()

    def press(self, spot: tuple[int, int]) -> float:
        """Put the finger down; returns when that was."""
        self._test.XTestFakeMotionEvent(self._display, -1, *spot, ctypes.c_ulong(0))
        self._x.XSync(self._display, 0)
        time.sleep(0.05)
        began = time.perf_counter()
        self._button(1)
        return began

    def release(self) -> None:
        """Take the finger away."""
        self._button(0)

    def _button(self, down: int) -> None:
        self._test.XTestFakeButtonEvent(self._display, LEFT, down, ctypes.c_ulong(0))
        self._x.XFlush(self._display)

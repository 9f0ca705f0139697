"""A kiosk on a display of its own: tapped where its scenes have their targets, and photographed."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from kiosk.views.model import View
from tests.ui.touch.place import app, display, finger, pixels, provision
from tests.waiting import wait_until
from ui.touch.input.screen_guard import GUARD_S
from ui.touch.layout.geometry import Panel
from ui.touch.layout.placement import place

SIZE = 800, 480
PANEL = Panel(*SIZE, 154.0)
PAUSE_S = GUARD_S
TAPPED_S = 0.15
DRAWN = 50


class Glass:
    """What is seen on a display, and a finger on it."""

    def __init__(self, on: str) -> None:
        self._on = on

    def photograph(self) -> Image.Image:
        """The screen as soon as it stands still."""
        seen = b""

        def stands_still() -> bool:
            nonlocal seen
            before, seen = seen, pixels(self._on)
            time.sleep(PAUSE_S)
            return before == seen and len(set(seen)) > DRAWN

        wait_until(stands_still)
        return Image.frombytes("RGB", SIZE, seen)

    def tap(self, shown: View, target: str) -> None:
        """Touch a target of the view that is shown, and see the screen change."""
        before = pixels(self._on)
        self.touch(place(shown, PANEL).targets[target].centre, TAPPED_S)
        wait_until(lambda: pixels(self._on) != before)
        self.photograph()

    def await_heading(self, shown: View) -> None:
        """Wait until there is a picture where a view has that of its heading."""
        header = place(shown, PANEL).header
        assert header is not None
        spot = header.picture
        area = spot.x, spot.y, spot.right - 5, spot.bottom
        wait_until(lambda: self.photograph().crop(area).getcolors(1) is None)

    def touch(self, spot: tuple[int, int], seconds: float = 0.0) -> None:
        """A finger on a spot for so long."""
        self._do("mousemove", *map(str, spot), "mousedown", "1")
        time.sleep(seconds)
        self._do("mouseup", "1", "mousemove", str(SIZE[0] // 2), str(SIZE[1] - 1))

    def _do(self, *arguments: str) -> None:
        finger(self._on, *arguments)


@contextmanager
def kiosk(
    before: Callable[[Path], None] = lambda _: None, rows: int = 40
) -> Iterator[tuple[Glass, Path]]:
    """A running kiosk and its kiosk.toml, which `before` may change before it starts."""
    with TemporaryDirectory() as name, display(*SIZE) as on:
        folder = Path(name)
        config = provision(folder / "kiosk", (*SIZE, 154.0), rows)
        before(config)
        with app(config, on, folder / "log"):
            yield Glass(on), config

"""The emulated panel as the walker sees and touches it."""

from pathlib import Path

from PIL import Image, ImageChops

from tests.images.machine import SIZE, Machine
from ui.touch import visit_driver
from ui.touch.layout.geometry import Panel, Rect

SLOWNESS = 8.0
"""How much longer an emulated kiosk may take than one on this machine."""

FAR = 48
"""A channel that differs by more is another colour; drivers round edges differently."""

ALIKE = 0.01
"""The share of pixels that may differ."""


class PanelGlass(visit_driver.Screenshots):
    """What `xdotool` and `import` are on a display."""

    deadline_s = visit_driver.DEADLINE_S * SLOWNESS

    def __init__(self, machine: Machine, panel: Panel) -> None:
        super().__init__(panel)
        self._machine = machine

    def tap(self, spot: tuple[int, int]) -> None:
        """Touch and let go."""
        self._machine.tap(spot)

    def save(self, path: Path) -> None:
        """Keep what is seen now."""
        self._machine.screen().save(path)

    def look(self, places: tuple[Rect, ...]) -> tuple[bytes, ...]:
        """The pixels inside each of `places`."""
        screen = self._machine.screen()
        boxes = ((place.x, place.y, place.right, place.bottom) for place in places)
        return tuple(screen.crop(box).tobytes() for box in boxes)


def differing(seen: Image.Image, wanted: Image.Image) -> float:
    """The share of the pixels that clearly differ."""
    if seen.size != SIZE:
        return 1.0
    apart = ImageChops.difference(seen, wanted).convert("L").point(lambda v: 255 * (v > FAR))
    return apart.histogram()[255] / (SIZE[0] * SIZE[1])


def shows(machine: Machine, wanted: Image.Image) -> bool:
    """Whether the panel shows this picture."""
    return differing(machine.screen(), wanted) < ALIKE

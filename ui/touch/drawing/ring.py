"""The ring around the card that is pressed or spoken of, with a soft halo outside it."""

from kivy.graphics import Color, SmoothLine
from kivy.uix.widget import Widget

from ui.palette import CLEAR, Colour, faded
from ui.touch.drawing.draw_context import DrawContext
from ui.touch.drawing.shapes import AWAY
from ui.touch.layout.geometry import Rect

RING_MM = 1.1
HALO_MM = 1.7
HALO_ALPHA = 0.28


class Ring(Widget):  # type: ignore[misc]
    """One ring, moved from card to card; drawn over the still picture of the screen."""

    def __init__(self, studio: DrawContext) -> None:
        super().__init__(size=(0, 0))
        self._panel = studio.panel
        with self.canvas:
            self._halo_colour = Color(rgba=CLEAR)
            self._halo = SmoothLine(width=studio.panel.px(HALO_MM) / 2)
            self._colour = Color(rgba=CLEAR)
            self._line = SmoothLine(width=studio.panel.px(RING_MM) / 2)

    def show(self, place: Rect, colour: Colour, radius: int) -> None:
        """Ring `place`."""
        px = self._panel.px
        ring, halo = px(RING_MM), px(HALO_MM)
        self._halo_colour.rgba, self._colour.rgba = faded(colour, HALO_ALPHA), colour
        self._put(self._halo, place.grown(halo // 2), radius + halo // 2)
        self._put(self._line, place.grown(-ring // 2), max(radius - ring // 2, 1))

    def hide(self) -> None:
        """Show no ring."""
        self._halo_colour.rgba = self._colour.rgba = CLEAR
        for line in (self._halo, self._line):
            line.rounded_rectangle = (*AWAY, 10, 10, 1)

    def _put(self, line: SmoothLine, place: Rect, radius: int) -> None:
        y = self._panel.height - place.bottom
        line.rounded_rectangle = (place.x, y, place.w, place.h, radius)

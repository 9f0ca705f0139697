"""The veil over a new screen, which lifts while the picture settles."""

from time import monotonic

from kivy.clock import Clock
from kivy.graphics import Color, Rectangle
from kivy.uix.widget import Widget

from ui.palette import GROUND, faded
from ui.touch.drawing.draw_context import DrawContext
from ui.touch.input.screen_guard import GUARD_S

THICKEST = 0.6
STEP_S = 0.05


class Veil(Widget):  # type: ignore[misc]
    """The ground's colour over the whole screen, thinner the less there is to wait."""

    def __init__(self, studio: DrawContext) -> None:
        super().__init__(size=(0, 0))
        self._whole = studio.panel.width, studio.panel.height
        self._lifted_at = 0.0
        self._steps = Clock.create_trigger(self._step, STEP_S, interval=True)
        with self.canvas:
            self._colour = Color()
            self._cloth = Rectangle(size=(0, 0))

    def settle(self, seconds: float) -> None:
        """Lift the veil within so many seconds."""
        self._lifted_at = monotonic() + seconds
        self._steps()
        self._step(0.0)

    def _step(self, _dt: float) -> None:
        left = self._lifted_at - monotonic()
        if left <= 0:
            self._steps.cancel()
        self._colour.rgba = faded(GROUND, THICKEST * min(1.0, max(0.0, left / GUARD_S)))
        self._cloth.size = self._whole if left > 0 else (0, 0)

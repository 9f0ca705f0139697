"""The woven band along the top, the frame of the idle warning, and the ground under all."""

from kivy.graphics import Color, Rectangle

from kiosk.views.model import IDLE_PICTURE
from ui.palette import AMBER, CRIMSON, GOLD, GROUND, INDIGO, from_hex
from ui.touch.drawing.draw_context import DrawContext
from ui.touch.drawing.widget import DrawnWidget
from ui.touch.layout import screens
from ui.touch.layout.geometry import Rect, centred, fitted

REPEAT_MM = 7.0
FRAME_MM = 1.6
SIGN_MM = 26.0


class Ground(DrawnWidget):
    """The warm ground and the band: indigo cloth with crimson and gold diamonds and threads."""

    def __init__(self, studio: DrawContext) -> None:
        super().__init__(studio)
        panel, band = studio.panel, screens.band(studio.panel)
        self._height = panel.height
        with self.canvas:
            Color(rgba=GROUND)
            self._fill(panel.whole)
            Color(rgba=INDIGO)
            self._fill(band)
            Color(rgba=GOLD)
            self._fill(Rect(0, band.bottom - 1, panel.width, 2))
            for start in range(0, panel.width, panel.px(REPEAT_MM)):
                self._motif(start, band, panel.px(REPEAT_MM))

    def _motif(self, start: int, band: Rect, width: int) -> None:
        """One diamond of stacked bars, as cross-stitch makes them, and a thread beside it."""
        steps = max(band.h // 4, 2)
        middle = band.h // 2
        Color(rgba=CRIMSON)
        for step in range(steps):
            half = (steps - step) * width // (steps * 4)
            for y in {middle - (step + 1) * 2, middle + step * 2}:
                self._fill(Rect(start + width // 3 - half, max(y, 0), half * 2, 2))
        Color(rgba=GOLD)
        self._fill(Rect(start + width // 3 - 1, middle - 2, 3, 4))
        self._fill(Rect(start + width * 5 // 6, 0, 2, band.h))

    def _fill(self, place: Rect) -> None:
        Rectangle(pos=(place.x, self._height - place.bottom), size=(place.w, place.h))


class IdleWarning(DrawnWidget):
    """An amber frame and a picture: "are you still there?", without a word for others to hear."""

    def __init__(self, studio: DrawContext) -> None:
        super().__init__(studio)
        self._sides = [self.plate() for _ in range(4)]
        self._veil, self._edge, self._body = self.plate(), self.plate(), self.plate()
        self._picture = self.picture(rounded=True)

    def show(self) -> None:
        """Frame the screen."""
        whole, px = self.studio.panel.whole, self.studio.panel.px
        thick = px(FRAME_MM)
        self._veil.put(whole, from_hex("#1F1B16", 0.25), 1)
        for side, place in zip(
            self._sides,
            (
                Rect(0, 0, whole.w, thick),
                Rect(0, whole.h - thick, whole.w, thick),
                Rect(0, 0, thick, whole.h),
                Rect(whole.w - thick, 0, thick, whole.h),
            ),
            strict=True,
        ):
            side.put(place, AMBER, 1)
        texture = self.studio.pictures.texture(IDLE_PICTURE, px(SIGN_MM * 16 / 9))
        if texture is not None:
            place = fitted(centred(whole, px(SIGN_MM * 16 / 9), px(SIGN_MM)), *texture.size)
            self._edge.put(place.grown(px(2.6)), AMBER, px(3.0))
            self._body.put(place.grown(px(1.4)), GROUND, px(2.4))
            self._picture.put(place, texture, px(2.0))

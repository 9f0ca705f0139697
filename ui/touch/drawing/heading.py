"""The heading: what is asked, in pictures and words, and how far the visit has come."""

from kiosk.views.wording import Wording
from ui.palette import EDGE, INK_SOFT, Colour
from ui.touch.drawing.draw_context import DrawContext
from ui.touch.drawing.text import Style
from ui.touch.drawing.widget import DrawnWidget
from ui.touch.layout.geometry import Rect, centred, fitted
from ui.touch.layout.screens import Header

DOTS = 12
DOT_MM = 2.0


class Heading(DrawnWidget):
    """Prompt picture, prompt, the other language, and a dot for every question."""

    def __init__(self, studio: DrawContext) -> None:
        super().__init__(studio)
        self._picture = self.picture(rounded=True)
        self._large, self._small = self.picture(), self.picture()
        self._dots = [self.plate() for _ in range(DOTS)]

    def show(
        self, place: Header, picture: str, words: Wording, done: tuple[int, int], accent: Colour
    ) -> None:
        """Show a question; `done` says how many of how many are answered."""
        px = self.studio.panel.px
        texture = self.studio.pictures.texture(picture, place.picture.w)
        if texture is None:
            self._picture.hide()
        else:
            self._picture.put(fitted(place.picture, *texture.size), texture, px(1.6))
        self._words(place.text if done[1] else _joined(place), words)
        self._count(place.dots, done, accent)

    def _words(self, room: Rect, words: Wording) -> None:
        px, fit = self.studio.panel.scaled, self.studio.lettering.fit
        kept = px(3.3) * 3 // 2 if words.small else 0
        style = Style(px(5.4), bold=True, centred=False)
        first = fit(words.large, room.w, room.h - kept, style)
        height = first.height
        second = None
        if words.small:
            left = room.h - first.height
            small = Style(px(3.3), colour=INK_SOFT, centred=False, lines=1)
            second = fit(words.small, room.w, left, small)
            height += second.height
        block = centred(room, room.w, height)
        self._large.put(Rect(block.x, block.y, *first.size), first)
        if second:
            self._small.put(Rect(block.x, block.y + first.height, *second.size), second)
        else:
            self._small.hide()

    def _count(self, room: Rect, done: tuple[int, int], accent: Colour) -> None:
        size = self.studio.panel.scaled(DOT_MM)
        for number, dot in enumerate(self._dots):
            if number >= done[1]:
                dot.hide()
                continue
            place = Rect(room.x + number * size * 2, room.bottom - size, size, size)
            dot.put(place, accent if number < done[0] else EDGE, size // 2)


def _joined(place: Header) -> Rect:
    return Rect(place.text.x, place.text.y, place.text.w, place.dots.bottom - place.text.y)

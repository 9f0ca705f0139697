"""The poster: a screen that tells something, with a large picture, few words, numbers or a code."""

from kiosk.views.wording import Wording
from ui.palette import CARD, EDGE, INK, INK_SOFT, NUMBER
from ui.touch.drawing import qr
from ui.touch.drawing.draw_context import DrawContext
from ui.touch.drawing.text import Style
from ui.touch.drawing.widget import DrawnWidget
from ui.touch.layout.geometry import Rect, centred, columns, fitted
from ui.touch.layout.screens import MessagePlan, qr_place

NUMBERS = 2
FEW_LINES, MANY_LINES = 4, 12


class Poster(DrawnWidget):
    """Fills a MessagePlan."""

    def __init__(self, studio: DrawContext) -> None:
        super().__init__(studio)
        self._picture = self.picture(rounded=True)
        self._large, self._small = self.picture(), self.picture()
        self._boards = [(self.plate(), self.plate()) for _ in range(NUMBERS)]
        self._names = [self.picture() for _ in range(NUMBERS)]
        self._numbers = [self.picture() for _ in range(NUMBERS)]

    def show(
        self,
        plan: MessagePlan,
        picture: str | None,
        words: Wording,
        numbers: tuple[tuple[str, str], ...],
        many_words: bool = False,
    ) -> None:
        """Show picture and words; under them `numbers` as (whose, number)."""
        self.hide()
        texture = self.studio.pictures.texture(picture, plan.picture.w) if picture else None
        if texture is not None:
            place = fitted(plan.picture, *texture.size)
            self._picture.put(place, texture, self.studio.panel.px(2.4))
        lines = MANY_LINES if many_words else FEW_LINES
        self._tell(plan.words, words, not (numbers or many_words), lines)
        self._boards_in(plan.numbers, numbers)

    def _tell(self, room: Rect, words: Wording, centred_words: bool, lines: int) -> None:
        letters, fit = self.studio.panel.scaled, self.studio.lettering.fit
        style = Style(letters(7.4), bold=True, centred=centred_words, lines=lines)
        first = fit(words.large, room.w, room.h * (68 if words.small else 100) // 100, style)
        height, second = first.height, None
        if words.small:
            soft = Style(letters(4.2), colour=INK_SOFT, centred=centred_words, lines=lines)
            second = fit(words.small, room.w, room.h - height, soft)
            height += second.height
        block = centred(room, room.w, height)
        self._large.put(Rect(block.x, block.y, *first.size), first)
        if second:
            self._small.put(Rect(block.x, block.y + first.height, *second.size), second)

    def _boards_in(self, room: Rect, numbers: tuple[tuple[str, str], ...]) -> None:
        px, letters = self.studio.panel.px, self.studio.panel.scaled
        fit = self.studio.lettering.fit
        places = columns(room, len(numbers), px(3.0)) if numbers else ()
        for index, ((name, number), place) in enumerate(zip(numbers, places, strict=True)):
            edge, body = self._boards[index]
            edge.put(place, EDGE, px(2.0))
            body.put(place.grown(-px(0.4)), CARD, px(1.7))
            inner = place.grown(-px(1.2))
            label = Rect(inner.x, inner.y, inner.w, inner.h * 34 // 100)
            digits = Rect(
                inner.x + px(1.0), label.bottom, inner.w - px(2.0), inner.bottom - label.bottom
            )
            small = fit(name, label.w, label.h, Style(letters(3.8), colour=INK, lines=1))
            large = fit(number, digits.w, digits.h, _digits(letters(11.0)))
            self._names[index].put(centred(label, *small.size), small)
            self._numbers[index].put(centred(digits, *large.size), large)


class CodeCard(DrawnWidget):
    """A QR code on white."""

    def __init__(self, studio: DrawContext) -> None:
        super().__init__(studio)
        self._plate, self._code = self.plate(), self.picture()
        self._text: str | None = None
        self._matrix: list[list[bool]] = []

    def show(self, room: Rect, text: str) -> Rect:
        """Show the code of `text` as large as whole modules allow; returns where it stands."""
        if text != self._text:
            self._matrix, self._text = qr.modules(text), text
        place = qr_place(len(self._matrix), room)
        self._plate.put(place, CARD, self.studio.panel.px(1.5))
        self._code.put(place, qr.texture(self._matrix))
        return place


def _digits(size: int) -> Style:
    return Style(size, bold=True, colour=NUMBER, lines=1)

"""A card: the white, ringed plate with a picture and words that people touch."""

from dataclasses import dataclass
from enum import Enum

from kiosk.views.model import PHONE_BADGE, SPEAKER_BADGE
from kiosk.views.wording import Wording
from ui.palette import CARD, EDGE, GREEN, INK, INK_SOFT, SHADE, WHITE, Colour
from ui.touch.drawing.draw_context import DrawContext
from ui.touch.drawing.shapes import NOWHERE
from ui.touch.drawing.text import Style
from ui.touch.drawing.widget import DrawnWidget
from ui.touch.layout.geometry import Panel, Rect, centred, fitted

RADIUS_MM = 2.4
EDGE_MM = 0.45
PADDING_MM = 1.2
SMALL_CARD_MM = 26.0
LETTER_LINES = 9


class Kind(Enum):
    """How picture and words stand to each other."""

    TILE = "tile"
    LANGUAGE = "language"
    STRIP = "strip"
    ACTION = "action"
    SEND = "send"
    NAV = "nav"
    SHOWN = "shown"
    PHONE = "phone"
    KEY = "key"
    LETTER = "letter"


@dataclass(frozen=True, slots=True)
class Face:
    """What one card shows."""

    kind: Kind
    picture: str
    words: Wording
    accent: Colour


class Card(DrawnWidget):
    """One card; `show` puts it somewhere, `hide` takes it away."""

    def __init__(self, studio: DrawContext) -> None:
        super().__init__(studio)
        self._shade, self._edge, self._body = self.plate(), self.plate(), self.plate()
        self._picture = self.picture(rounded=True)
        self._badge = self.picture()
        self._large, self._small = self.picture(), self.picture()
        self._parts = (self._picture, self._badge, self._large, self._small)
        self._place = NOWHERE
        self._face: Face | None = None

    def show(self, place: Rect, face: Face) -> None:
        """Put the card at `place` with this face."""
        self._place, self._face = place, face
        self.pos, self.size = (
            (place.x, self.studio.panel.height - place.bottom),
            (place.w, place.h),
        )
        for part in self._parts:
            part.hide()
        self._frame(place, face)
        _ARRANGEMENTS[face.kind](self, place.grown(-self.studio.panel.px(PADDING_MM)), face)

    def hide(self) -> None:
        """Show nothing."""
        self._face, self._place, self.size = None, NOWHERE, (0, 0)
        super().hide()

    @property
    def ring(self) -> tuple[Rect, Colour]:
        """Where a ring around this card stands, and its colour."""
        assert self._face is not None
        return self._place, INK if self._face.kind is Kind.SEND else self._face.accent

    def _frame(self, place: Rect, face: Face) -> None:
        px = self.studio.panel.px
        radius, edge = px(RADIUS_MM), px(EDGE_MM)
        self._shade.put(Rect(place.x, place.y + px(0.5), place.w, place.h), SHADE, radius)
        if face.kind is Kind.SEND:
            self._edge.put(place, GREEN, radius)
            self._body.hide()
            return
        thin = 1 if face.kind is Kind.SHOWN else edge
        self._edge.put(place, EDGE if _quiet(face.kind) else face.accent, radius)
        self._body.put(place.grown(-thin), CARD, max(radius - thin, 1))

    # How each kind arranges its picture and words

    def _stacked(self, inner: Rect, face: Face) -> None:
        """Picture over words; a small card that is only looked at has one language."""
        px, scaled = self.studio.panel.px, self.studio.panel.scaled
        words = face.words
        if face.kind is Kind.SHOWN and inner.h < scaled(SMALL_CARD_MM):
            words, height = Wording(words.large), scaled(5.4)
        else:
            height = max(scaled(8.8), inner.h * 28 // 100)
        room = Rect(inner.x, inner.y, inner.w, inner.h - height)
        used = self._draw_picture(room, face.picture)
        left = Rect(inner.x + px(0.6), used.bottom, inner.w - px(1.2), inner.bottom - used.bottom)
        unit = scaled(10.0) / 10
        lines = 2.3 if words.small else 1.4
        large = min(max(inner.w / unit * 0.12, 3.6), 6.4, left.h / unit / lines)
        self._draw_words(left, words, large, large * 0.66, INK)

    def _language(self, inner: Rect, face: Face) -> None:
        px = self.studio.panel.px
        room = Rect(inner.x, inner.y + px(1.5), inner.w, inner.h * 54 // 100)
        used = self._draw_picture(room, face.picture)
        size = self.studio.panel.scaled(12.0)
        badge = Rect(inner.x, inner.bottom - size - px(1.0), inner.w, size)
        self._draw_badge(badge, SPEAKER_BADGE)
        words = Rect(inner.x, used.bottom, inner.w, badge.y - used.bottom)
        self._draw_words(words, face.words, 8.0, 4.0, INK)

    @staticmethod
    def code_room(place: Rect, panel: Panel) -> Rect:
        """Where a card of the kind PHONE leaves room for its code."""
        inner = place.grown(-panel.px(PADDING_MM))
        return Rect(inner.x, inner.y, inner.w, min(inner.w, inner.h * 58 // 100))

    def _phone(self, inner: Rect, face: Face) -> None:
        px, code = self.studio.panel.scaled, Card.code_room(self._place, self.studio.panel)
        icon = Rect(inner.x, code.bottom, inner.w, px(11.0))
        self._draw_badge(icon, PHONE_BADGE)
        words = Rect(inner.x + px(1.0), icon.bottom, inner.w - px(2.0), inner.bottom - icon.bottom)
        self._draw_words(words, face.words, 4.6, 3.4, INK)

    def _strip(self, inner: Rect, face: Face) -> None:
        px = self.studio.panel.px
        used = self._draw_picture(Rect(inner.x, inner.y, inner.h * 16 // 9, inner.h), face.picture)
        badge = Rect(inner.right - inner.h, inner.y, inner.h, inner.h)
        self._draw_badge(badge.grown(-px(2.0)), SPEAKER_BADGE)
        x = used.right + px(3.0)
        words = Rect(x, inner.y, badge.x - x - px(2.0), inner.h)
        self._draw_words(words, face.words, 5.6, 3.6, INK, centred_words=False)

    def _key(self, inner: Rect, face: Face) -> None:
        large = 10.0 if len(face.words.large) == 1 else 5.4
        self._draw_words(inner, face.words, large, 3.2, INK)

    def _letter(self, inner: Rect, face: Face) -> None:
        """A few lines that somebody wrote, from the left, as large as they fit."""
        px = self.studio.panel.px
        room = inner.grown(-px(2.0))
        style = Style(self.studio.panel.scaled(6.4), bold=True, centred=False, lines=LETTER_LINES)
        written = self.studio.lettering.fit(face.words.large, room.w, room.h, style)
        block = centred(room, room.w, written.height)
        self._large.put(_line(block, block.y, written.size, False), written)

    def _action(self, inner: Rect, face: Face) -> None:
        px, sent = self.studio.panel.px, face.kind is Kind.SEND
        room = Rect(inner.x + px(1.0), inner.y, inner.w * 36 // 100, inner.h)
        used = self._draw_picture(room.grown(-px(1.0)), face.picture)
        x = used.right + px(2.4)
        words = Rect(x, inner.y, inner.right - x, inner.h)
        colour = WHITE if sent else INK
        self._draw_words(words, face.words, 5.4, 3.2, colour, centred_words=False)

    def _nav(self, inner: Rect, face: Face) -> None:
        words = self.studio.panel.scaled(4.2) if face.words.large else 0
        room = Rect(inner.x, inner.y, inner.w, inner.h - words)
        self._draw_picture(room, face.picture)
        if words:
            place = Rect(inner.x, room.bottom, inner.w, words)
            self._draw_words(place, Wording(face.words.large), 3.2, 2.0, INK)

    def _draw_picture(self, room: Rect, name: str) -> Rect:
        texture = self.studio.pictures.texture(name, min(room.w, room.h * 16 // 9))
        if texture is None:
            return room
        used = fitted(room, *texture.size)
        self._picture.put(used, texture, self.studio.panel.px(RADIUS_MM * 0.6))
        return used

    def _draw_badge(self, room: Rect, name: str) -> None:
        texture = self.studio.pictures.texture(name, room.h)
        if texture is not None:
            self._badge.put(fitted(room, *texture.size), texture)

    def _draw_words(
        self,
        room: Rect,
        words: Wording,
        large_mm: float,
        small_mm: float,
        colour: Colour,
        centred_words: bool = True,
    ) -> None:
        """Large words over small ones, as one block in the middle of `room`."""
        px, fit = self.studio.panel.scaled, self.studio.lettering.fit
        kept = px(small_mm) * 3 // 2 if words.small else 0
        style = Style(px(large_mm), bold=True, colour=colour, centred=centred_words)
        first = fit(words.large, room.w, room.h - kept, style)
        second = None
        if words.small:
            soft = INK_SOFT if colour == INK else colour
            small = Style(px(small_mm), colour=soft, centred=centred_words)
            second = fit(words.small, room.w, room.h - first.height, small)
        block = centred(room, room.w, first.height + (second.height if second else 0))
        self._large.put(_line(block, block.y, first.size, centred_words), first)
        if second:
            top = block.y + first.height
            self._small.put(_line(block, top, second.size, centred_words), second)


def _quiet(kind: Kind) -> bool:
    return kind in (Kind.NAV, Kind.ACTION, Kind.STRIP, Kind.SHOWN, Kind.PHONE, Kind.LETTER)


def _line(room: Rect, top: int, size: tuple[int, int], middle: bool) -> Rect:
    x = room.x + (room.w - size[0]) // 2 if middle else room.x
    return Rect(x, top, *size)


_ARRANGEMENTS = {
    Kind.TILE: Card._stacked,
    Kind.SHOWN: Card._stacked,
    Kind.LANGUAGE: Card._language,
    Kind.STRIP: Card._strip,
    Kind.ACTION: Card._action,
    Kind.SEND: Card._action,
    Kind.NAV: Card._nav,
    Kind.PHONE: Card._phone,
    Kind.KEY: Card._key,
    Kind.LETTER: Card._letter,
}

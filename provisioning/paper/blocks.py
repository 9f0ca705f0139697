"""What several papers show: steps, codes, the phrase, lists, and whom to call."""

from provisioning.paper.kiosk_details import KioskDetails
from provisioning.paper.sheet import Box, Sheet
from provisioning.paper.texts import Text

STEPS = (("step_join", "join_wifi"), ("step_open", ""), ("step_send", "kept"))
"""Text and picture of each step; where no picture is named, the phrase stands."""

CODE_MM = 75.0
"""At this size a phone reads a code from 70 cm away."""

_PICTURE = 9 / 16


def step(sheet: Sheet, place: KioskDetails, number: int, box: Box) -> None:
    """One step as a card: a picture with its number, and words under it."""
    name, picture = STEPS[number - 1]
    sheet.panel(box, "card", "edge")
    inner = box.inset(2.5)
    above, words = inner.rows(inner.w * _PICTURE)
    if picture:
        sheet.picture(picture, above)
    else:
        phrase(sheet, place, above)
    sheet.disc(str(number), box.x + 5.5, box.y + 5.5, 5.0, "indigo")
    sheet.both(place.texts.text(name), Box(words.x, words.y + 2, words.w, words.h - 2), 12.5)


def step_across(sheet: Sheet, place: KioskDetails, number: int, box: Box) -> None:
    """One step as a low card: picture or code, and words beside it."""
    name, picture = STEPS[number - 1]
    sheet.panel(box, "card", "edge")
    left, right = box.inset(3.0).columns(2, 5.0)
    if picture:
        sheet.picture(picture, left)
    else:
        sheet.code(place.url, left)
    sheet.disc(str(number), box.x + 5.5, box.y + 5.5, 5.0, "indigo")
    sheet.both(place.texts.text(name), right.inset(1.0), 15.0)


def phrase(sheet: Sheet, place: KioskDetails, box: Box) -> None:
    """The three pictures of this kiosk, in their order."""
    for name, spot in zip(place.phrase, box.columns(len(place.phrase), 2.0), strict=True):
        sheet.picture(name, spot)


def code(sheet: Sheet, text: str, words: Text, box: Box, accent: str) -> None:
    """A code as a card, with what it is for under it."""
    sheet.panel(box, "card", accent, line=0.8)
    square, below = box.inset(2.0).rows(CODE_MM)
    sheet.code(text, square)
    sheet.both(words, Box(below.x + 2, below.y - 3, below.w - 4, below.h + 3), 12.0, centred=True)


def phrase_card(sheet: Sheet, place: KioskDetails, box: Box) -> None:
    """The three pictures with the rule that belongs to them."""
    sheet.panel(box, "card", "gold", line=0.8)
    head, pictures, rule = box.inset(4.0).rows(16.0, (box.w - 8.0) / 3 * _PICTURE + 4)
    sheet.both(place.texts.text("phrase"), head, 17.0, centred=True)
    phrase(sheet, place, pictures)
    sheet.both(place.texts.text("phrase_rule"), rule.inset(1.5), 15.0, centred=True)


def listing(
    sheet: Sheet, place: KioskDetails, name: str, mark: str, colour: str, box: Box, size: float
) -> None:
    """A heading and its lines, each with a mark before it."""
    heading = place.texts.text(name)
    head, body = box.rows(12.5)
    sheet.words(heading.vi, Box(head.x, head.y, head.w, 7.5), 15.0, True, colour)
    sheet.words(heading.hmn, Box(head.x, head.y + 6.8, head.w, 4.6), 9.5, False, "ink_soft")
    items = place.texts.items(name)
    rows = body.rows(*[body.h / len(items)] * (len(items) - 1))
    for row in rows:
        sheet.picture(mark, Box(row.x, row.y + 0.4, 5.5, 5.5))
    places = [Box(row.x + 7.5, row.y, row.w - 7.5, row.h - 0.6) for row in rows]
    sheet.alike(items, places, size)


def danger(sheet: Sheet, place: KioskDetails, box: Box) -> None:
    """Whom to call when somebody is in danger."""
    sheet.panel(box, "number")
    inner = Box(box.x + 4, box.y + 2, box.w - 8, box.h - 4)
    words = Box(inner.x, inner.y, inner.w * 0.36, inner.h)
    sheet.both(place.texts.text("danger"), words, 13.0, colour="card")
    right = Box(inner.x + inner.w * 0.38, inner.y, inner.w * 0.62, inner.h)
    for (whose, number), board in zip(
        place.numbers, right.columns(len(place.numbers), 3.0), strict=True
    ):
        sheet.panel(board, "card", corner=2.0)
        sheet.words(whose, Box(board.x, board.y + 0.3, board.w, 4.5), 8.5, centred=True)
        digits = Box(board.x + 1, board.y + 4.2, board.w - 2, board.h - 4.2)
        sheet.words(number, digits, 18, True, "number", centred=True)

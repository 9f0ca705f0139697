"""The leaflet: A4 on its side, two pages, folded once in the middle."""

from provisioning.paper import blocks
from provisioning.paper.kiosk_details import KioskDetails
from provisioning.paper.sheet import BAND_MM, Box, Sheet

SIZE = 297.0, 210.0
_MARGIN = 9.0


def draw(sheet: Sheet, place: KioskDetails) -> None:
    """Outside: back and cover. Inside: the steps, and what is and is not promised."""
    back, cover = _halves(sheet)
    _cover(sheet, place, cover)
    _back(sheet, place, back)
    sheet.turn()
    left, right = _halves(sheet)
    _steps(sheet, place, left)
    _lists(sheet, place, right)


def _halves(sheet: Sheet) -> tuple[Box, Box]:
    width, height = SIZE
    sheet.band(0)
    sheet.band(height - BAND_MM)
    half = Box(0, BAND_MM, width / 2, height - 2 * BAND_MM)
    return half.inset(_MARGIN), Box(half.w, half.y, half.w, half.h).inset(_MARGIN)


def _cover(sheet: Sheet, place: KioskDetails, box: Box) -> None:
    picture, title, lead, names = box.rows(box.w * 9 / 16 + 10, 34, 34)
    sheet.picture("welcome", Box(picture.x, picture.y, picture.w, box.w * 9 / 16), corner=4.0)
    sheet.both(place.texts.text("cover"), title, 27, centred=True)
    sheet.both(place.texts.text("lead"), lead, 13, colour="green", centred=True)
    sheet.words(place.hall, Box(names.x, names.y, names.w, 10), 13, True, centred=True)
    sheet.words(place.station, Box(names.x, names.y + 7, names.w, 8), 12, centred=True)


def _back(sheet: Sheet, place: KioskDetails, box: Box) -> None:
    card, keep, call = box.rows(88, box.h - 88 - 20)
    if place.form:
        middle = Box(card.x + (card.w - 84) / 2, card.y, 84, 96)
        blocks.code(sheet, place.form, place.texts.text("code_form"), middle, "green")
    else:
        blocks.phrase_card(sheet, place, Box(card.x, card.y, card.w, 80))
    sheet.both(place.texts.text("keep"), Box(keep.x, keep.y + 14, keep.w, 34), 15, centred=True)
    blocks.danger(sheet, place, Box(call.x, call.y, call.w, 19))


def _steps(sheet: Sheet, place: KioskDetails, box: Box) -> None:
    for number, row in enumerate(box.rows(box.h / 3, box.h / 3), 1):
        blocks.step_across(sheet, place, number, Box(row.x, row.y, row.w, row.h - 4))


def _lists(sheet: Sheet, place: KioskDetails, box: Box) -> None:
    first, second = box.rows(box.h * 0.54)
    blocks.listing(sheet, place, "promised", "ok", "green", first, 13.0)
    blocks.listing(sheet, place, "not_promised", "warn", "number", second, 13.0)

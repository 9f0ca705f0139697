"""The poster beside the kiosk: drawn for A4 and enlarged for A3."""

from provisioning.paper import blocks
from provisioning.paper.kiosk_details import KioskDetails
from provisioning.paper.sheet import BAND_MM, Box, Sheet

SIZE = 210.0, 297.0
_MARGIN = 10.0
_GAP = 4.0


def draw(sheet: Sheet, place: KioskDetails) -> None:
    """What it is, how it is done in three steps, the codes, and what is and is not promised."""
    width, height = SIZE
    sheet.band(0)
    sheet.band(height - BAND_MM)
    inside = Box(_MARGIN, BAND_MM + 4, width - 2 * _MARGIN, height - 2 * BAND_MM - 7)
    head, steps, codes, lists, foot = inside.rows(50, 60, 99, 53)
    _head(sheet, place, head)
    for number, box in enumerate(steps.columns(len(blocks.STEPS), _GAP), 1):
        blocks.step(sheet, place, number, Box(box.x, box.y, box.w, box.h - _GAP))
    _codes(sheet, place, Box(codes.x, codes.y, codes.w, codes.h - _GAP))
    left, right = lists.columns(2, 6.0)
    blocks.listing(sheet, place, "promised", "ok", "green", left, 10.0)
    blocks.listing(sheet, place, "not_promised", "warn", "number", right, 10.0)
    blocks.danger(sheet, place, foot)


def _head(sheet: Sheet, place: KioskDetails, box: Box) -> None:
    picture = Box(box.x + box.w - 80, box.y + 1, 80, 45)
    sheet.picture("welcome", picture, corner=3.0)
    words = Box(box.x, box.y, box.w - 85, box.h)
    hall, title, lead = words.rows(7, 31)
    sheet.words(f"{place.hall} · {place.station}", hall, 10.5, colour="ink_soft")
    sheet.both(place.texts.text("title"), title, 23)
    sheet.both(place.texts.text("lead"), Box(lead.x, lead.y, lead.w, 11), 11.5, colour="green")


def _codes(sheet: Sheet, place: KioskDetails, box: Box) -> None:
    left, right = box.columns(2, _GAP)
    blocks.code(sheet, place.url, place.texts.text("code_page"), left, "indigo")
    if place.form:
        blocks.code(sheet, place.form, place.texts.text("code_form"), right, "green")
    else:
        blocks.phrase_card(sheet, place, right)

"""The tamper label on the kiosk: its Wi-Fi's name, its three pictures and its number."""

from provisioning.paper import blocks
from provisioning.paper.kiosk_details import KioskDetails
from provisioning.paper.sheet import Box, Sheet

SIZE = 105.0, 74.0


def draw(sheet: Sheet, place: KioskDetails) -> None:
    """Small enough for the edge of the lid, so that opening it tears the label."""
    frame = Box(0, 0, *SIZE).inset(2.5)
    sheet.panel(frame, "card", "crimson", line=1.2)
    inner = frame.inset(4.0)
    head, pictures, rule, foot = inner.rows(13, 20, 23)
    sheet.words("Wi-Fi", Box(head.x, head.y, head.w, 5), 9, colour="ink_soft")
    sheet.words(place.ssid, Box(head.x, head.y + 4, head.w, 9), 17, True)
    blocks.phrase(sheet, place, Box(pictures.x, pictures.y, pictures.w, 18.5))
    sheet.both(place.texts.text("seal"), rule, 11.5)
    number = f"{place.hall} · {place.serial}"
    sheet.words(number, Box(foot.x, foot.y + 0.5, foot.w, 5), 8.5, colour="ink_soft")

"""Every letter of every string, in both Hmong scripts, is in the fonts: no empty boxes."""

import pytest
from PIL import ImageFont

from kiosk.content import catalog
from ui.touch.drawing.text import NOTO

NOWHERE = "\U0010fffe"


def letters() -> set[str]:
    plain = catalog.load()
    return {
        letter
        for script in catalog.HMONG_SCRIPTS
        for string_id in plain.ids()
        for language in catalog.LANGUAGES
        for letter in plain.written_in(script).words(string_id, language).show
        if not letter.isspace()
    }


@pytest.mark.parametrize("name", ["NotoSans-Regular.ttf", "NotoSans-Bold.ttf"])
def test_the_fonts_have_every_letter(name: str) -> None:
    font = ImageFont.truetype(str(NOTO / name), 40)

    def drawn(letter: str) -> tuple[object, bytes]:
        mask = font.getmask(letter)
        return mask.size, bytes(mask)

    box = drawn(NOWHERE)
    shown = letters()
    assert {"đ", "ư", "ơ", "ê", "Đ"} <= shown | {letter.upper() for letter in shown}
    assert {letter for letter in shown if drawn(letter) == box} == set()
    assert drawn("\U00016b00") == box

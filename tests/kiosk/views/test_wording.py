"""Words: none invented, none cut, none shown as boxes."""

import pytest
from PIL import ImageFont

from kiosk.content import catalog as catalogues
from kiosk.views.model import Tile
from kiosk.views.wording import DOUBT, tile_wording, wording

NOTO = "/usr/share/fonts/truetype/noto/NotoSans-{}.ttf"
CATALOG = catalogues.load()
BOTH = ("vi", "hmn")


def test_the_persons_language_is_the_large_one() -> None:
    shown = wording(CATALOG, BOTH, "hmn", "ask.where")
    assert shown.large == CATALOG.words("ask.where", "hmn").show
    assert shown.small == CATALOG.words("ask.where", "vi").show


def test_hmong_that_nobody_has_settled_never_stands_large() -> None:
    unsettled = CATALOG.unsettled("hmn")
    assert unsettled
    for string_id in unsettled:
        shown = wording(CATALOG, BOTH, "hmn", string_id)
        assert shown.large == CATALOG.words(string_id, "vi").show
        assert shown.small.endswith(DOUBT)


def test_unsettled_hmong_is_doubted_when_it_is_the_small_one_too() -> None:
    for string_id in CATALOG.unsettled("hmn"):
        assert wording(CATALOG, BOTH, "vi", string_id).small.endswith(DOUBT)


def test_a_kiosk_with_one_language_shows_one() -> None:
    assert wording(CATALOG, ("vi",), "vi", "ask.where").small == ""


def test_a_language_is_named_in_itself_and_a_village_as_the_station_wrote_it() -> None:
    hmong = Tile("lang:hmn", "lang_hmn", "language.hmn")
    assert tile_wording(CATALOG, BOTH, "vi", hmong).large == "Hmoob"
    village = Tile("choice:village:ncs1", "village", literal="Bản Na Cô Sa 1")
    assert tile_wording(CATALOG, BOTH, "hmn", village).large == "Bản Na Cô Sa 1"


@pytest.mark.parametrize("weight", ["Regular", "Bold"])
def test_every_letter_of_every_string_has_a_glyph(weight: str) -> None:
    font = ImageFont.truetype(NOTO.format(weight), 32)
    missing = _ink(font, "\uffff")
    texts = "".join(
        CATALOG.words(string_id, language).show for string_id in CATALOG.ids() for language in BOTH
    )
    letters = {letter for letter in texts + DOUBT if not letter.isspace()}
    assert "ộ" in letters
    assert [letter for letter in sorted(letters) if _ink(font, letter) == missing] == []


def _ink(font: ImageFont.FreeTypeFont, letter: str) -> tuple[tuple[int, int], bytes]:
    mask = font.getmask(letter)
    return mask.size, bytes(mask)

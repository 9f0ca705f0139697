"""Eyes grow old: words stand out at 7:1, rings at 3:1."""

import pytest

from ui import palette
from ui.palette import Colour, contrast


@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        (palette.INK, palette.GROUND),
        (palette.INK, palette.CARD),
        (palette.INK_SOFT, palette.GROUND),
        (palette.INK_SOFT, palette.CARD),
        (palette.WHITE, palette.GREEN),
        (palette.NUMBER, palette.CARD),
    ],
)
def test_words_stand_out(ink: Colour, ground: Colour) -> None:
    assert contrast(ink, ground) >= 7


@pytest.mark.parametrize("accent", palette.ACCENTS.values())
def test_rings_stand_out(accent: Colour) -> None:
    assert contrast(accent, palette.GROUND) >= 3


def test_contrast_knows_its_ends() -> None:
    assert contrast(palette.BLACK, palette.WHITE) == pytest.approx(21)
    assert contrast(palette.WHITE, palette.WHITE) == 1

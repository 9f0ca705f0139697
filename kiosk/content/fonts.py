"""Letters on paper: the fonts, and the size at which a text fits its place."""

from pathlib import Path

from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from kiosk.common.errors import ProvisioningError

NOTO = Path("/usr/share/fonts/truetype/noto")
REGULAR, BOLD = "Noto", "Noto-Bold"
FONTS = {REGULAR: "NotoSans-Regular.ttf", BOLD: "NotoSans-Bold.ttf"}
LEADING = 1.28
SMALLEST_PT = 6.0

_STEP_PT = 0.25


def load_fonts() -> None:
    """Make the fonts known. Raises ProvisioningError when they are not installed."""
    for name, file in FONTS.items():
        if name not in pdfmetrics.getRegisteredFontNames():
            try:
                pdfmetrics.registerFont(TTFont(name, str(NOTO / file)))
            except OSError:
                raise ProvisioningError(
                    f"the font {file} is missing", "apt-get install fonts-noto-core"
                ) from None
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD)


def fitting(text: str, width: float, height: float, size: float, font: str) -> float:
    """The largest size, up to `size` points, at which a text fits; sides in millimetres.

    Raises ProvisioningError when it would become too small to read, or a letter is missing.
    """
    _check_letters(text, font)
    while True:
        lines = lines_of(text, width, size, font)
        widest = max((pdfmetrics.stringWidth(line, font, size) for line in lines), default=0.0)
        if height_of(lines, size) <= height and widest <= width * mm:
            return size
        size -= _STEP_PT
        if size < SMALLEST_PT:
            raise ProvisioningError(f"{text!r} does not fit on the paper", "shorten it")


def lines_of(text: str, width: float, size: float, font: str) -> list[str]:
    """The text broken into lines of at most `width` millimetres."""
    lines: list[str] = simpleSplit(text, font, size, width * mm)
    return lines


def height_of(lines: list[str], size: float) -> float:
    """The height of so many lines, in millimetres."""
    return len(lines) * size * LEADING / float(mm)


def _check_letters(text: str, font: str) -> None:
    known = pdfmetrics.getFont(font).face.charToGlyph
    missing = sorted({letter for letter in text if ord(letter) not in known})
    if missing:
        raise ProvisioningError(f"the font has no {' '.join(missing)}", "write it otherwise")

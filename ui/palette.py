"""Colours of the kiosk: a warm ground, dark ink, one strong accent for each box."""

from kiosk.common.colours import COLOURS

Colour = tuple[float, float, float, float]


def from_hex(code: str, alpha: float = 1.0) -> Colour:
    """Turn `#RRGGBB` into the numbers a canvas wants."""
    red, green, blue = (int(code[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue, alpha


def to_hex(colour: Colour) -> str:
    """Turn a colour into `#RRGGBBAA`, as a style sheet wants it."""
    return "#" + "".join(f"{round(part * 255):02X}" for part in colour)


def faded(colour: Colour, alpha: float) -> Colour:
    """The same colour, let through by `alpha`."""
    return (*colour[:3], alpha)


def contrast(first: Colour, second: Colour) -> float:
    """WCAG contrast ratio between two opaque colours, from 1 to 21."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: Colour) -> float:
    parts = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour[:3])
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))


GROUND = from_hex(COLOURS["ground"])
CARD = from_hex(COLOURS["card"])
EDGE = from_hex(COLOURS["edge"])
INK = from_hex(COLOURS["ink"])
INK_SOFT = from_hex(COLOURS["ink_soft"])
SHADE = from_hex("#3A2E1C", 0.07)
GREEN = from_hex(COLOURS["green"])
AMBER = from_hex(COLOURS["amber"])
INDIGO = from_hex(COLOURS["indigo"])
CRIMSON = from_hex(COLOURS["crimson"])
NUMBER = from_hex(COLOURS["number"])
GOLD = from_hex(COLOURS["gold"])
CLEAR = from_hex("#FFFFFF", 0.0)
WHITE = from_hex("#FFFFFF")
BLACK = from_hex("#000000")

ACCENTS = {
    "crime": CRIMSON,
    "border": INDIGO,
    "order": from_hex("#2E7D4F"),
    "opinion": from_hex("#B26A00"),
    "ask": from_hex("#0F6B6B"),
    "listen": from_hex("#6B3FA0"),
    "good": GREEN,
    "wait": from_hex("#B26A00"),
    "bad": CRIMSON,
    "alarm": NUMBER,
    "unable": INK_SOFT,
}


def accent_of(name: str | None) -> Colour:
    """The accent of a box or of a state's level; indigo where there is none."""
    return ACCENTS.get(name or "", INDIGO)

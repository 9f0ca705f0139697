"""Where everything stands on every screen, in millimetres of finger. No Kivy here.

Navigation has one rail at the left and the quick exit one corner at the top right, the same on
every screen; what a person came for fills the rest.
"""

from dataclasses import dataclass

from ui.touch.layout.geometry import Panel, Rect, cells, centred, columns, fitted

GAP_MM = 6.35
TOUCH_MM = 20.0
NAV_HEIGHT_MM = 15.0
BAND_MM = 2.0
MARGIN_MM = 2.0
HIT_MARGIN_MM = 3.0
WORDS_MM = 14.0
NUMBERS_MM = 19.0
RAIL_SLOTS = ("lang", "again", "home", "back")


@dataclass(frozen=True, slots=True)
class Header:
    """The line above the tiles: what is asked, and the way out."""

    picture: Rect
    text: Rect
    dots: Rect
    quick_exit: Rect


@dataclass(frozen=True, slots=True)
class StartPlan:
    """The start screen."""

    languages: tuple[Rect, ...]
    phone: Rect | None
    notices: Rect


@dataclass(frozen=True, slots=True)
class MessagePlan:
    """A screen with something to see and hear rather than to choose."""

    picture: Rect
    words: Rect
    numbers: Rect


@dataclass(frozen=True, slots=True)
class CodePlan:
    """A screen with a code to point a phone at; the message's numbers stand below the code."""

    code: Rect
    button: Rect
    message: MessagePlan


def band(panel: Panel) -> Rect:
    """The woven band along the top."""
    return Rect(0, 0, panel.width, panel.px(BAND_MM))


def _work(panel: Panel) -> Rect:
    """Everything below the band and inside the margins."""
    edge, top = panel.px(MARGIN_MM), panel.px(BAND_MM + 1.4)
    return Rect(edge, top, panel.width - 2 * edge, panel.height - top - edge)


def rail(panel: Panel) -> tuple[Rect, ...]:
    """The four places of the navigation rail, top to bottom as in RAIL_SLOTS."""
    work, gap = _work(panel), panel.px(GAP_MM)
    width = max(panel.px(TOUCH_MM), work.w // 9)
    height = (work.h - 3 * gap) // 4
    return tuple(Rect(work.x, work.y + i * (height + gap), width, height) for i in range(4))


def rail_slot(panel: Panel, target: str) -> Rect:
    """The place of one navigation target."""
    return rail(panel)[RAIL_SLOTS.index(target.partition(":")[0])]


def _right_of_rail(panel: Panel) -> Rect:
    work = _work(panel)
    left = rail(panel)[0].right + panel.px(GAP_MM)
    return Rect(left, work.y, work.right - left, work.h)


def header(panel: Panel) -> Header:
    """Prompt picture, prompt, progress dots and the quick exit."""
    area = _right_of_rail(panel)
    height = max(panel.px(NAV_HEIGHT_MM), panel.height * 15 // 100)
    exit_width = max(panel.px(TOUCH_MM), height * 5 // 4)
    quick_exit = Rect(area.right - exit_width, area.y, exit_width, height)
    picture = Rect(area.x, area.y, height * 16 // 9, height)
    space = panel.px(2.4)
    words_width = quick_exit.x - panel.px(GAP_MM) - picture.right - space
    dots_height = panel.scaled(2.6)
    text = Rect(picture.right + space, area.y, words_width, height - dots_height)
    dots = Rect(text.x, text.bottom, words_width, dots_height)
    return Header(picture, text, dots, quick_exit)


def content(panel: Panel) -> Rect:
    """The ground for tiles: right of the rail, below the header."""
    area, top = _right_of_rail(panel), header(panel).quick_exit.bottom + panel.px(GAP_MM)
    return Rect(area.x, top, area.w, area.bottom - top)


def grid(panel: Panel, count: int) -> tuple[Rect, ...]:
    """Places for up to twelve tiles, as few rows and as large tiles as the number allows."""
    area, gap = content(panel), panel.px(GAP_MM)
    if count <= 3:
        return _row_of(area, max(count, 2), count, gap, panel.scaled(WORDS_MM))
    across, down = {4: 2, 5: 3, 6: 3}.get(count, 4), 2 if count <= 8 else 3
    return cells(area, across, down, gap if down == 2 else gap // 2)[:count]


def _row_of(area: Rect, across: int, count: int, gap: int, words: int) -> tuple[Rect, ...]:
    """`count` places as wide as `across` would be, as high as a picture and its words want."""
    width = (area.w - gap * (across - 1)) // across
    row = centred(area, width * count + gap * (count - 1), min(area.h, width * 9 // 16 + words))
    return columns(row, count, gap)


def start(panel: Panel, languages: int, phone: bool) -> StartPlan:
    """Language tiles, the phone card and the strip of notices; no rail, nothing to lose yet.

    Without a card for phones the language tiles have the whole width.
    """
    work, gap = _work(panel), panel.px(GAP_MM)
    strip = max(panel.px(TOUCH_MM), work.h * 22 // 100)
    upper = Rect(work.x, work.y + panel.px(1.0), work.w, work.h - strip - gap - panel.px(1.0))
    phone_width = max(work.w * 28 // 100, panel.px(TOUCH_MM))
    talk = Rect(upper.x, upper.y, upper.w - (phone_width + gap if phone else 0), upper.h)
    return StartPlan(
        languages=columns(talk, languages, gap),
        phone=Rect(talk.right + gap, upper.y, phone_width, upper.h) if phone else None,
        notices=Rect(work.x, work.bottom - strip, work.w, strip),
    )


def button_row(panel: Panel) -> Rect:
    """The lowest row right of the rail, where a screen's one or two big actions stand."""
    area = _right_of_rail(panel)
    height = max(panel.px(TOUCH_MM), panel.height * 21 // 100)
    return Rect(area.x, area.bottom - height, area.w, height)


def buttons(panel: Panel, count: int) -> tuple[Rect, ...]:
    """One action at the right, or two at the far ends."""
    row = button_row(panel)
    width = row.w * 40 // 100
    right = Rect(row.right - width, row.y, width, row.h)
    return (right,) if count == 1 else (Rect(row.x, row.y, width, row.h), right)[:count]


def above_buttons(panel: Panel) -> Rect:
    """The ground between header and buttons."""
    area, row = content(panel), button_row(panel)
    top = header(panel).quick_exit.bottom + panel.px(3.0)
    return Rect(area.x, top, area.w, row.y - panel.px(GAP_MM) - top)


def read_back(panel: Panel, count: int) -> tuple[Rect, ...]:
    """Places for the chosen pictures: one row up to four, then two; they are only looked at."""
    area, gap = above_buttons(panel), panel.px(2.4)
    if count <= 4:
        return _row_of(area, max(count, 3), count, gap, panel.scaled(WORDS_MM))
    return cells(area, 4 if count <= 8 else 5, 2, gap)[:count]


def code_pictures(panel: Panel, count: int) -> tuple[Rect, ...]:
    """Places for square pictures to be remembered, in one row, since their order counts."""
    area, gap = above_buttons(panel), panel.px(1.6)
    width = (area.w - gap * (count - 1)) // count
    return columns(centred(area, area.w, min(area.h, width + panel.scaled(WORDS_MM))), count, gap)


def written(panel: Panel, shares: tuple[int, ...]) -> tuple[Rect, ...]:
    """Places for what was written, one under the other, as high as their shares."""
    area, gap = above_buttons(panel), panel.px(2.4)
    unit = (area.h - gap * (len(shares) - 1)) // sum(shares)
    tops = (area.y + unit * sum(shares[:i]) + gap * i for i in range(len(shares)))
    return tuple(Rect(area.x, y, area.w, unit * s) for y, s in zip(tops, shares, strict=True))


def papers(panel: Panel, count: int) -> tuple[tuple[Rect, ...], Rect]:
    """Places for the papers to bring, and the square at the right for the code of their form."""
    area, gap = above_buttons(panel), panel.px(2.4)
    top = header(panel).quick_exit.bottom + panel.px(GAP_MM)
    side = area.bottom - top
    code = Rect(area.right - side, top, side, side)
    left = Rect(area.x, area.y, code.x - panel.px(GAP_MM) - area.x, area.h)
    return _row_of(left, max(count, 2), count, gap, panel.scaled(WORDS_MM)), code


def code(panel: Panel) -> CodePlan:
    """A code as large as can be, what belongs to it below, and beside it words and one action."""
    area, gap = _right_of_rail(panel), panel.px(2.4)
    foot = area.h * 22 // 100
    side = min(area.h - foot - gap, area.w * 58 // 100)
    square = Rect(area.x, area.y, side, side)
    x, row = square.right + panel.px(4.0), button_row(panel)
    top = header(panel).quick_exit.bottom + panel.px(2.0)
    button = Rect(x, row.y, area.right - x, row.h)
    words = Rect(x, top, button.w, (button.y - top) * 45 // 100)
    picture = Rect(x, words.bottom, button.w, button.y - words.bottom - panel.px(GAP_MM))
    below = Rect(area.x, square.bottom + gap, side, foot)
    return CodePlan(square, button, MessagePlan(picture, words, below))


def message(panel: Panel, with_buttons: bool, numbers: bool, many_words: bool) -> MessagePlan:
    """A picture above its words, or beside them where numbers or many words need the height."""
    area = _right_of_rail(panel)
    foot = button_row(panel).y - panel.px(GAP_MM) if with_buttons else area.bottom
    boards = Rect(area.x, foot, area.w, 0)
    if numbers:
        height = panel.scaled(NUMBERS_MM)
        boards = Rect(area.x, foot - height, area.w, height)
        foot = boards.y - panel.px(3.0)
    if numbers or many_words:
        left = Rect(area.x, area.y, area.w * 44 // 100, foot - area.y)
        x, top = left.right + panel.px(4.0), header(panel).quick_exit.bottom + panel.px(2.0)
        return MessagePlan(left, Rect(x, top, area.right - x, foot - top), boards)
    clear = header(panel).quick_exit.w + panel.px(GAP_MM)
    words = (foot - area.y) * 36 // 100
    room = Rect(area.x + clear, area.y, area.w - 2 * clear, foot - area.y - words)
    return MessagePlan(fitted(room, 16, 9), Rect(area.x, foot - words, area.w, words), boards)


def qr_place(modules: int, room: Rect) -> Rect:
    """Where a QR code of so many modules stands in `room`: whole pixels a module."""
    side = min(room.w, room.h) // modules * modules
    return centred(room, side, side)


def hit(panel: Panel, places: dict[str, Rect], spot: tuple[int, int]) -> str | None:
    """The target under a finger: every place is felt a little beyond its drawing."""
    reach = panel.px(HIT_MARGIN_MM)
    for target, place in places.items():
        if place.grown(reach).contains(spot):
            return target
    return None

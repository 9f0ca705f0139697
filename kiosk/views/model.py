"""What a screen is made of, free of any toolkit: tiles, words to show and lines to say."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from kiosk.device.site import Site
from kiosk.flow.model import Rules, Screen, VisitState
from kiosk.protocol.notice import NoticeText


@dataclass(frozen=True)
class Tile:
    """One picture with a label. `target` is None where it cannot be tapped.

    `string_id` names the label in the catalogue; `literal` (a village's name) or `told` (words in
    both languages) replaces it where the station itself wrote it. `accent` names the colour of its
    frame where that is not the screen's. `spoken` is what is said in place of the label, where that
    differs: language, words; `recording` is Ogg Opus that is played after that.
    """

    target: str | None
    picture: str
    string_id: str = ""
    literal: str | None = None
    accent: str | None = None
    spoken: tuple[str, str] | None = None
    told: NoticeText | None = None
    recording: bytes = field(default=b"", repr=False)


@dataclass(frozen=True)
class View:
    """One screen.

    `tiles` fill the grid, `buttons` are the big far-apart actions, `rail` the targets of the
    left-hand column from the top ("" where a place stays empty), `numbers` telephone numbers to
    show large, `qr` the text of a QR code, `told` the station's own words in place of the prompt's.
    """

    screen: Screen
    language: str
    prompt: str
    picture: str
    accent: str | None = None
    tiles: tuple[Tile, ...] = ()
    buttons: tuple[Tile, ...] = ()
    rail: tuple[str, ...] = ("", "", "", "")
    quick_exit: bool = True
    progress: tuple[int, int] = (0, 0)
    warning: bool = False
    qr: str | None = None
    numbers: tuple[tuple[str, str], ...] = ()
    told: tuple[NoticeText, ...] = ()


@dataclass(frozen=True)
class Line:
    """One clip: a string in a language; `target` is the tile to highlight while it plays.

    `recorded` stands for the person's own words, as the officer will hear them; `recording` is Ogg
    Opus from the station, played in place of any words.
    """

    string_id: str
    language: str
    target: str | None = None
    literal: str | None = None
    recorded: bool = False
    recording: bytes = field(default=b"", repr=False)


def lines_of(tile: Tile, language: str) -> tuple[Line, ...]:
    """What is said of a tile on a screen in `language`: its words, then its recording."""
    words = _words_of(tile, language)
    if not tile.recording:
        return (words,)
    return words, Line("", language, tile.target, recording=tile.recording)


def _words_of(tile: Tile, language: str) -> Line:
    if tile.told is not None:
        return told_line(tile.told, language, tile.target)
    if tile.spoken is None:
        return Line(tile.string_id, language, tile.target, tile.literal)
    spoken_in, words = tile.spoken
    return Line(tile.string_id, spoken_in, tile.target, words)


def number_lines(shown: View) -> tuple[Line, ...]:
    """What is said of the numbers on a screen: whose each is and its digits one by one, twice.

    A number with letters in it, the name of a network, is said as a word.
    """
    said: list[Line] = []
    for whose, number in shown.numbers:
        said += 2 * [Line(whose, shown.language), *_digits(number, shown.language)]
    return tuple(said)


def _digits(number: str, language: str) -> tuple[Line, ...]:
    if any(sign.isalpha() for sign in number):
        return (Line("", language, literal=number),)
    return tuple(Line(f"{DIGIT}.{sign}", language) for sign in number if sign in DIGITS)


def told_line(text: NoticeText, language: str, target: str | None = None) -> Line:
    """What is said of the station's own words to a person who speaks `language`."""
    words, spoken_in = text.spoken(language)
    return Line("", spoken_in, target, words)


def base_view(state: VisitState, rules: Rules, prompt: str, picture: str) -> View:
    """A screen with nothing on it but its prompt and the rail."""
    language = state.language or rules.languages[0]
    others = [other for other in rules.languages if other != language]
    toggle = f"lang:{others[0]}" if others and state.language else ""
    return View(
        screen=state.place.screen,
        language=language,
        prompt=prompt,
        picture=picture,
        accent=state.box,
        rail=(toggle, "again", "home" if state.language else "", "back"),
        warning=state.warned,
    )


def message(
    prompt: str, picture: str, *buttons: Tile, rail: bool = True
) -> Callable[[VisitState, Rules, Site], View]:
    """A screen that says one thing, with its one or two actions."""

    def build(state: VisitState, rules: Rules, site: Site) -> View:
        base = replace(base_view(state, rules, prompt, picture), buttons=buttons)
        return base if rail else replace(base, rail=("", "again", "", ""))

    return build


DIGIT, DIGITS = "digit", "0123456789"
"""The strings that say a digit, and the digits."""

GO_ON = Tile("go_on", "ok", "ui.go_on")
FINISH = Tile("finish", "home", "ui.finish")
BACK = Tile("back", "back", "ui.back")

QUICK_EXIT = Tile("quit", "quick_exit")
JOIN_WIFI = Tile("phone", "join_wifi", "ui.phone")
IDLE_PICTURE = "idle"
SPEAKER_BADGE, PHONE_BADGE = "speaker", "phone"
FRAME = (
    *(QUICK_EXIT, JOIN_WIFI),
    *(Tile(None, picture) for picture in (IDLE_PICTURE, SPEAKER_BADGE, PHONE_BADGE)),
)
"""What is drawn around the tiles of many screens."""

RAIL = {
    "again": Tile("again", "listen_again", "ui.again"),
    "home": Tile("home", "home", "ui.home"),
    "back": Tile("back", "back", "ui.back"),
}
"""The left-hand column; a language to change to stands there as on the start screen."""

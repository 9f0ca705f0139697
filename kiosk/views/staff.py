"""What a technician's screen shows: Views like those of a visit, in Vietnamese and English."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import resources

from kiosk.content import status_codes
from kiosk.content.catalog import Catalog, Words
from kiosk.device.config import PIN_DIGITS
from kiosk.device.link_status import LinkStatus
from kiosk.flow.model import Screen
from kiosk.flow.staff import ERASE, StaffPage, StaffState
from kiosk.views.model import Tile, View

LANGUAGES = ("vi", "en")
SHOWN_STATES = 5
MOST_BARS = 5
STICK = {
    "": "staff_stick",
    "carrying": "stick_wait",
    "carried": "stick_good",
    "not_carried": "stick_bad",
    "looking": "stick_wait",
    "installing": "stick_wait",
    "installed": "stick_good",
    "not_installed": "stick_bad",
}
"""What may be done with a technician's USB stick, and its picture; "" is nothing."""


@dataclass(frozen=True)
class Machine:
    """What is known of this machine; `link` is None while no courier runs, `stick` one of STICK."""

    version: str
    image: str
    link: LinkStatus | None = None
    stick: str = ""


def catalogue() -> Catalog:
    """The words of the staff screens."""
    text = resources.files("kiosk.content").joinpath("strings/staff.toml").read_text("utf-8")
    groups = tomllib.loads(text)
    return Catalog({language: _words(groups, language) for language in LANGUAGES})


def _words(groups: dict[str, dict[str, dict[str, str]]], language: str) -> dict[str, Words]:
    return {
        f"{group}.{name}": Words(entry[language], entry[language])
        for group, entries in groups.items()
        for name, entry in entries.items()
    }


def view(state: StaffState, machine: Machine) -> View:
    """The screen for a state that is not closed."""
    return _SCREENS[state.page](state, machine)


def no_kiosk() -> View:
    """The screen of a card on which no kiosk can be found."""
    return replace(_base("no_kiosk", "staff_card"), rail=("", "", "", ""))


def _base(prompt: str, picture: str) -> View:
    return View(
        screen=Screen.STAFF,
        language=LANGUAGES[0],
        prompt=f"staff.{prompt}",
        picture=picture,
        rail=("", "", "home", "back"),
        quick_exit=False,
    )


def _keypad(prompt: str) -> Callable[[StaffState, Machine], View]:
    keys = tuple(Tile(digit, "", literal=digit) for digit in "1234567890")
    erase = Tile(ERASE, "", "staff.erase")

    def build(state: StaffState, _machine: Machine) -> View:
        base = _base(prompt, "staff_pin")
        return replace(base, tiles=(*keys, erase), progress=(len(state.typed), PIN_DIGITS))

    return build


def _message(prompt: str, picture: str, *buttons: Tile) -> Callable[[StaffState, Machine], View]:
    def build(_state: StaffState, _machine: Machine) -> View:
        return replace(_base(prompt, picture), buttons=buttons)

    return build


def _menu(_state: StaffState, _machine: Machine) -> View:
    names = ("link", "sound", "system", "stick", "card", "power")
    tiles = tuple(Tile(name, f"staff_{name}", f"staff.{name}") for name in names)
    return replace(_base("menu", "staff_menu"), tiles=tiles)


def _sound(state: StaffState, _machine: Machine) -> View:
    again = Tile("sound", "staff_sound", "staff.sound")
    tiles = tuple(_found(name) for name in state.sound)
    return replace(
        _base("sound_found" if tiles else "sound_test", "staff_sound"),
        tiles=(*tiles, again) if tiles else (),
    )


def _found(name: str) -> Tile:
    is_good = name.endswith("_good")
    part = name.partition("_")[0]
    picture = f"state_{part}" if is_good else f"state_no_{part}"
    return Tile(
        None, picture, f"staff.{name}", accent=status_codes.GOOD if is_good else status_codes.BAD
    )


def _link(_state: StaffState, machine: Machine) -> View:
    base = _base("link", "staff_link")
    link = machine.link
    if link is None:
        off = Tile(None, "state_off", "staff.not_running", accent=status_codes.BAD)
        return replace(base, tiles=(off,))
    tiles = [_state_tile(name) for name in link.names[:SHOWN_STATES]]
    if link.bars is not None:
        words = f"{link.operator} {link.bars}/{MOST_BARS}".strip()
        level = status_codes.GOOD if link.bars > 1 else status_codes.WAIT
        tiles.append(Tile(None, "state_signal", literal=words, accent=level))
    return replace(base, tiles=tuple(tiles))


def _state_tile(name: str) -> Tile:
    known = status_codes.load()[name]
    return Tile(None, known.picture, literal=known.vi, accent=known.level)


def _system(_state: StaffState, machine: Machine) -> View:
    numbers = (("staff.version", machine.version), ("staff.image", machine.image))
    return replace(_base("system", "staff_system"), numbers=numbers)


def _stick(_state: StaffState, machine: Machine) -> View:
    return _base(f"stick_{machine.stick or 'none'}", STICK[machine.stick])


_CANCEL = Tile("cancel", "back", "staff.cancel")

_SCREENS: dict[StaffPage, Callable[[StaffState, Machine], View]] = {
    StaffPage.PIN: _keypad("pin"),
    StaffPage.REFUSED: _keypad("wrong"),
    StaffPage.CHECKING: _message("checking", "staff_pin"),
    StaffPage.LOCKED: _message("locked", "staff_pin"),
    StaffPage.MENU: _menu,
    StaffPage.LINK: _link,
    StaffPage.SOUND: _sound,
    StaffPage.SYSTEM: _system,
    StaffPage.STICK: _stick,
    StaffPage.CARD: _message("card_steps", "staff_card"),
    StaffPage.POWER: _message(
        "power_ask", "staff_power", _CANCEL, Tile("power_off", "staff_power", "staff.power")
    ),
    StaffPage.POWER_OFF: _message("power_off", "staff_power"),
}

"""The technician's screens as a pure state machine: (state, event) -> (state, effects).

They show how the machine is and nothing of any report. A code opens them; after five wrong ones
they stay shut for a quarter of an hour.
"""

from dataclasses import dataclass, field, replace
from enum import Enum

from kiosk.device.config import PIN_DIGITS

ERASE = "erase"


class StaffPage(Enum):
    """Every staff screen; CLOSED is none of them."""

    CLOSED = "closed"
    PIN = "pin"
    REFUSED = "refused"
    CHECKING = "checking"
    LOCKED = "locked"
    MENU = "menu"
    LINK = "link"
    SOUND = "sound"
    SYSTEM = "system"
    STICK = "stick"
    CARD = "card"
    POWER = "power"
    POWER_OFF = "power_off"


@dataclass(frozen=True)
class StaffRules:
    """Times in seconds."""

    wrong_pins: int = 5
    locked_for_s: float = 900.0
    leave_after_s: float = 60.0


@dataclass(frozen=True)
class StaffState:
    """Where a technician is. `wrong` and `locked_until` outlive the visit.

    `sound` says how loudspeaker and microphone were found; it is empty while they are tested.
    """

    page: StaffPage = StaffPage.CLOSED
    typed: str = field(default="", repr=False)
    wrong: int = 0
    locked_until: float = float("-inf")
    touched_at: float = 0.0
    sound: tuple[str, ...] = ()


@dataclass(frozen=True)
class StaffOpened:
    """Somebody knows where the staff screen is."""

    at: float


@dataclass(frozen=True)
class StaffTap:
    """A finger chose `target`."""

    target: str
    at: float


@dataclass(frozen=True)
class PinChecked:
    """The code was right or wrong."""

    right: bool
    at: float


@dataclass(frozen=True)
class SoundTested:
    """How loudspeaker and microphone are, as in strings/staff.toml."""

    found: tuple[str, ...]


@dataclass(frozen=True)
class StaffTick:
    """Time has passed."""

    at: float


StaffEvent = StaffOpened | StaffTap | PinChecked | SoundTested | StaffTick


class Effect(Enum):
    """What the machine is to do, besides checking a code."""

    TEST_SOUND = "sound"
    POWER_OFF = "power_off"


@dataclass(frozen=True)
class CheckPin:
    """See whether the code is right, then answer PinChecked."""

    pin: str = field(repr=False)


StaffEffect = Effect | CheckPin
StaffStep = tuple[StaffState, tuple[StaffEffect, ...]]

_PAGES = {
    page.value: page
    for page in (StaffPage.LINK, StaffPage.SYSTEM, StaffPage.STICK, StaffPage.CARD, StaffPage.POWER)
}


def step(state: StaffState, event: StaffEvent, rules: StaffRules) -> StaffStep:
    """Carry a technician's visit one event further."""
    match event:
        case StaffOpened(at):
            return _open(state, at), ()
        case StaffTap(target, at):
            return _tap(replace(state, touched_at=at), target)
        case PinChecked(right, at):
            return _checked(state, right, at, rules), ()
        case SoundTested(found):
            return replace(state, sound=found), ()
        case StaffTick(at):
            idle = at - state.touched_at >= rules.leave_after_s
            return (_left(state) if idle else state), ()


def _open(state: StaffState, at: float) -> StaffState:
    page = StaffPage.LOCKED if at < state.locked_until else StaffPage.PIN
    return replace(_left(state), page=page, touched_at=at)


def _left(state: StaffState) -> StaffState:
    return replace(state, page=StaffPage.CLOSED, typed="")


def _tap(state: StaffState, target: str) -> StaffStep:
    if state.page is StaffPage.POWER_OFF:
        return state, ()
    if target == "home":
        return _left(state), ()
    if state.page in _TYPING:
        return _type(state, target)
    if target in ("back", "cancel"):
        return (_left(state) if state.page in _SHUT else replace(state, page=StaffPage.MENU)), ()
    if state.page in (StaffPage.MENU, StaffPage.SOUND) and target == Effect.TEST_SOUND.value:
        return replace(state, page=StaffPage.SOUND, sound=()), (Effect.TEST_SOUND,)
    if state.page is StaffPage.MENU and target in _PAGES:
        return replace(state, page=_PAGES[target]), ()
    if state.page is StaffPage.POWER and target == Effect.POWER_OFF.value:
        return replace(state, page=StaffPage.POWER_OFF), (Effect.POWER_OFF,)
    return state, ()


_TYPING = (StaffPage.PIN, StaffPage.REFUSED)
_SHUT = (StaffPage.CHECKING, StaffPage.LOCKED, StaffPage.MENU)


def _type(state: StaffState, target: str) -> StaffStep:
    if target == "back":
        return _left(state), ()
    if target == ERASE:
        return replace(state, page=StaffPage.PIN, typed=state.typed[:-1]), ()
    if not (target.isascii() and target.isdigit()):
        return state, ()
    typed = state.typed + target
    if len(typed) < PIN_DIGITS:
        return replace(state, page=StaffPage.PIN, typed=typed), ()
    return replace(state, page=StaffPage.CHECKING, typed=""), (CheckPin(typed),)


def _checked(state: StaffState, right: bool, at: float, rules: StaffRules) -> StaffState:
    """A code that was being checked when the technician left still counts when it was wrong."""
    waiting = state.page is StaffPage.CHECKING
    if right:
        return replace(state, page=StaffPage.MENU, wrong=0, touched_at=at) if waiting else state
    wrong = state.wrong + 1
    if wrong < rules.wrong_pins:
        return replace(state, page=StaffPage.REFUSED if waiting else state.page, wrong=wrong)
    shut = replace(state, wrong=0, locked_until=at + rules.locked_for_s)
    return replace(shut, page=StaffPage.LOCKED if waiting else state.page)

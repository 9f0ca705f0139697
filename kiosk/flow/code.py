"""The part of a visit that has to do with picture codes: remembering one, entering one, answers.

A picture is two taps: its family, then itself. The same two screens serve the person who proves to
himself that he remembers the new code, and the one who comes back for an answer.
"""

from dataclasses import replace

from kiosk.flow.model import (
    CodeEntry,
    Discard,
    Hush,
    Kept,
    OpenBox,
    Opened,
    Place,
    Rules,
    Screen,
    Speak,
    VisitState,
)
from kiosk.flow.transitions import Handler, Step, emptied, go
from kiosk.protocol import picture_code
from kiosk.protocol.picture_code import LENGTH, families

AGAIN = "again"
VOICE_LOST = "voice_lost"
CODE_RIGHT = "say.code_right"
ENTRY = (Screen.FAMILY, Screen.PICTURE)


def kept(state: VisitState, event: Kept) -> Step:
    """The report is safe; its code waits behind the offer on the Done screen."""
    done = replace(
        emptied(state, event.at),
        place=Place(Screen.DONE, None if event.whole else VOICE_LOST),
        filed_at=event.at,
        coding=CodeEntry(code=event.code),
    )
    return replace(done, speaking_since=event.at), (Discard(), Speak())


def show_code(state: VisitState, _argument: str, _at: float, rules: Rules) -> Step:
    """Who wants to hear back sees the code."""
    if not state.coding.code:
        return state, ()
    return go(state, Place(Screen.CODE), answers=rules.is_private(state))


def enter(state: VisitState, _argument: str, at: float, rules: Rules) -> Step:
    """Begin to enter a code, the one just shown or one of an earlier visit."""
    blank = replace(state, coding=replace(state.coding, entered=(), told=()))
    if not state.coding.code and _locked(state, at, rules):
        return go(blank, Place(Screen.TRIES))
    return go(blank, Place(Screen.FAMILY), answers=False)


def choose_family(state: VisitState, family: str, _at: float, _rules: Rules) -> Step:
    """The family of the next picture."""
    if family not in families():
        return state, ()
    return go(state, Place(Screen.PICTURE, family), answers=False)


def choose_picture(state: VisitState, picture: str, at: float, rules: Rules) -> Step:
    """The next picture; the sixth is compared with the code, or tries to open an answer box."""
    if picture not in families()[state.place.item or ""]:
        return state, ()
    coding = replace(state.coding, entered=(*state.coding.entered, picture))
    grown = replace(state, coding=coding)
    if len(coding.entered) < LENGTH:
        return go(grown, Place(Screen.FAMILY), answers=False)
    if coding.code:
        return _compared(grown, rules)
    if not picture_code.is_consistent(coding.entered):
        return _instead_of_entry(grown, Place(Screen.MISTAP))
    opening = replace(grown, place=Place(Screen.OPENING))
    return opening, (Hush(), OpenBox(coding.entered))


def opened(state: VisitState, event: Opened, rules: Rules) -> Step:
    """What the code opened. A wrong one and one without an answer are the same."""
    recent = tuple(t for t in state.tries if event.at - t < rules.code_tries_s)
    if not event.told:
        state = replace(state, tries=(*recent, event.at))
    if state.place.screen is not Screen.OPENING:
        return state, ()
    entered = state.coding.entered if event.told else ()
    after = _out_of_entry(replace(state, touched_at=event.at, speaking_since=event.at), entered)
    if not event.told:
        return replace(after, place=Place(Screen.NO_ANSWER)), (Speak(),)
    told = replace(after, place=Place(Screen.ANSWER), coding=CodeEntry((), entered, event.told))
    return told, (Speak(answers=rules.is_private(state)),)


def turn(state: VisitState, _argument: str, _at: float, rules: Rules) -> Step:
    """The next page of the answers."""
    place = replace(state.place, page=state.place.page + 1)
    return go(state, place, answers=rules.is_private(state))


def _compared(state: VisitState, rules: Rules) -> Step:
    """Right: done, and the code is forgotten here. Wrong: it is shown again."""
    if state.coding.entered == state.coding.code:
        right = replace(state, coding=CodeEntry(), history=())
        return replace(right, place=Place(Screen.DONE)), (Hush(), Speak(CODE_RIGHT))
    return _instead_of_entry(state, Place(Screen.CODE, AGAIN), rules.is_private(state))


def _instead_of_entry(state: VisitState, place: Place, answers: bool = True) -> Step:
    """Another screen, from which Back returns to the one before the entry."""
    return replace(_out_of_entry(state, ()), place=place), (Hush(), Speak(answers=answers))


def _out_of_entry(state: VisitState, entered: tuple[str, ...]) -> VisitState:
    """Back does not lead into a code that was already entered."""
    history = tuple(left for left in state.history if left.place.screen not in ENTRY)
    return replace(state, history=history, coding=replace(state.coding, entered=entered))


def _locked(state: VisitState, at: float, rules: Rules) -> bool:
    return sum(at - tried < rules.code_tries_s for tried in state.tries) >= rules.code_tries


HANDLERS: dict[tuple[Screen, str], Handler] = {
    (Screen.DONE, "hear_back"): show_code,
    (Screen.CODE, "go_on"): enter,
    (Screen.NOTICES, "enter_code"): enter,
    (Screen.MISTAP, "enter_code"): enter,
    (Screen.NO_ANSWER, "enter_code"): enter,
    (Screen.FAMILY, "family"): choose_family,
    (Screen.PICTURE, "picture"): choose_picture,
    (Screen.ANSWER, "go_on"): turn,
}

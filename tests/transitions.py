"""Every transition of a visit: all that can be tapped or can happen on every screen there is.

Visits that differ only in what was answered before are the same here; screens, questions, pages,
gates and codes are told apart.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from kiosk.content import questionnaire as questionnaires
from kiosk.device.notice_board import PICTURES, Board, Posted
from kiosk.flow import machine
from kiosk.flow.model import (
    BoardChanged,
    Effect,
    Event,
    Gate,
    GateKind,
    Kept,
    NotKept,
    Opened,
    Rules,
    Screen,
    SpeechEnded,
    Take,
    Taken,
    Tap,
    Tick,
    VisitState,
    VoiceGate,
)
from kiosk.protocol.notice import NoticeText
from kiosk.protocol.picture_code import check_picture, families, pictures
from kiosk.protocol.reply import Reply
from kiosk.views import inventory, screens
from kiosk.views.model import View

RULES = Rules(
    questionnaires.load().with_villages(("1",)), report_every_s=0, code_tries=2, distinct_spots=1
)
BOARD = Board(tuple(Posted(topic, topic, NoticeText("vi", "hmn")) for topic in PICTURES))
ANSWER = Reply(("received",), "0215 3", "x", b"x")
CODE = (*pictures()[:5], check_picture(pictures()[:5]))


@dataclass(frozen=True)
class Transition:
    """`event` led from one state to another, with its effects."""

    before: VisitState
    event: Event
    after: VisitState
    effects: tuple[Effect, ...]


def view(state: VisitState) -> View:
    """The screen of a state in a place that has everything."""
    return screens.view(state, RULES, inventory.SITE)


def targets(shown: View) -> tuple[str, ...]:
    """All that a finger can choose on a screen."""
    tiles = tuple(tile.target for tile in (*shown.tiles, *shown.buttons) if tile.target)
    rail = tuple(target for target in shown.rail if target)
    phone = ("phone",) if shown.screen is Screen.START and shown.qr else ()
    return (*tiles, *rail, *phone, *(("quit",) if shown.quick_exit else ()))


def transitions() -> Iterator[Transition]:
    """Walk from the start screen, at every gate, until nothing new is met."""
    waiting = deque(_starts())
    met = {_key(state) for state in waiting}
    while waiting:
        before = waiting.popleft()
        for event in _events(before):
            after, effects = machine.step(before, event, RULES)
            yield Transition(before, event, after, effects)
            if _key(after) not in met:
                met.add(_key(after))
                waiting.append(after)


def _starts() -> Iterator[VisitState]:
    gates = [Gate(kind) for kind in GateKind]
    for gate in (
        *gates,
        Gate(GateKind.OPEN, VoiceGate.ON),
        Gate(GateKind.OPEN, VoiceGate.OTHER_ONLY),
    ):
        state, _ = machine.step(machine.new_state(0.0), gate, RULES)
        yield state
    yield machine.step(machine.new_state(0.0), BoardChanged(BOARD, 0.0), RULES)[0]


def _events(state: VisitState) -> Iterator[Event]:
    """What may happen in a state whose voice has ended."""
    at = state.touched_at + 1
    if state.speaking_since is not None:
        yield SpeechEnded(at)
        return
    shown = view(state)
    match shown.screen:
        case Screen.SENDING:
            yield from (Kept(at, code=CODE), Kept(at), Kept(at, whole=False), NotKept(at))
        case Screen.OPENING:
            yield from (Opened((ANSWER,), at), Opened((), at))
        case Screen.MASKING:
            yield from (Taken(take, at) for take in Take)
        case Screen.FAMILY | Screen.PICTURE:
            yield Tap(_next_of_the_code(state), (0, 0), at)
    for number, target in enumerate(targets(shown)):
        yield Tap(target, (number, 1), at)
    yield Tick(at + max(RULES.wipe_after_s, RULES.done_for_s) + 1)


def _next_of_the_code(state: VisitState) -> str:
    picture = CODE[len(state.coding.entered)] if len(state.coding.entered) < len(CODE) else ""
    family = next((name for name, members in families().items() if picture in members), "")
    if state.place.screen is Screen.FAMILY:
        return f"family:{family}"
    return f"picture:{picture}" if family == state.place.item else "back"


def _key(state: VisitState) -> tuple[object, ...]:
    coding = state.coding
    right = CODE[: len(coding.entered)] == coding.entered
    return (
        *(state.place, state.box, state.gate, state.voice_gate, state.language),
        *(bool(state.board.notices), state.speaking_since is None, len(state.answers) > 0),
        *(len(coding.entered) if right else -1, bool(coding.code), bool(coding.told)),
        len(state.tries),
    )


def edges() -> dict[tuple[Screen, Screen], set[str]]:
    """By which verbs, or events, one screen leads to another."""
    found: dict[tuple[Screen, Screen], set[str]] = {}
    for one in transitions():
        before, after = one.before.place.screen, one.after.place.screen
        if before is after:
            continue
        event = one.event
        name = event.target.partition(":")[0] if isinstance(event, Tap) else type(event).__name__
        found.setdefault((before, after), set()).add(name)
    return found

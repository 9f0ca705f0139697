"""The moves that all parts of a visit are made of."""

from collections.abc import Callable
from dataclasses import replace

from kiosk.flow.model import Effect, Hush, Place, Rules, Snapshot, Speak, VisitState, Wipe

Step = tuple[VisitState, tuple[Effect, ...]]
Handler = Callable[[VisitState, str, float, Rules], Step]
"""(state, argument of the target, time, rules) -> step"""


def fresh(state: VisitState, at: float) -> VisitState:
    """Nobody there; what belongs to the kiosk stays."""
    return VisitState(
        touched_at=at,
        filed_at=state.filed_at,
        gate=state.gate,
        voice_gate=state.voice_gate,
        handset=state.handset,
        tries=state.tries,
        board=state.board,
        unheard=state.unheard,
    )


def emptied(state: VisitState, at: float) -> VisitState:
    """Nothing told any more, but still the same person."""
    return replace(fresh(state, at), language=state.language, louder=state.louder)


def wiped(state: VisitState, at: float) -> Step:
    """The start screen, with everything about the person forgotten."""
    return fresh(state, at), (Hush(), Wipe())


def go(state: VisitState, place: Place, echo: str | None = None, answers: bool = True) -> Step:
    """Another screen, from which Back returns to this one."""
    left = Snapshot(state.place, state.box, state.answers, state.coding)
    after = replace(state, place=place, history=(*state.history, left))
    return after, (Hush(), Speak(echo, answers))

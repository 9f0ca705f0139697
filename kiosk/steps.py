"""What every handler of the session is made of: a step, and the ways from one screen to another."""

from dataclasses import replace

from kiosk.visit import Effect, Hush, Place, Snapshot, Speak, State

Step = tuple[State, tuple[Effect, ...]]


def go(state: State, place: Place, echo: str | None = None, answers: bool = True) -> Step:
    """On to another screen, to which Back will not lead but from which it will."""
    left = Snapshot(state.place, state.box, state.answers, state.coding)
    after = replace(state, place=place, history=(*state.history, left))
    return after, (Hush(), Speak(echo, answers))


def fresh(state: State, at: float) -> State:
    """The start screen with what belongs to the kiosk, and nothing of the person."""
    return State(
        touched_at=at,
        filed_at=state.filed_at,
        gate=state.gate,
        handset=state.handset,
        tries=state.tries,
    )


def emptied(state: State, at: float) -> State:
    """Nothing told any more, but still the same person."""
    return replace(fresh(state, at), language=state.language, louder=state.louder)

"""One person's visit as a pure state machine: (state, event) -> (state, effects).

Nothing here touches a screen, a file or a clock.
"""

from dataclasses import replace

from kiosk.content.questionnaire import paged
from kiosk.flow import code, notices, voice
from kiosk.flow.model import (
    BoardChanged,
    CodeEntry,
    Crashed,
    Discard,
    Event,
    Gate,
    GateKind,
    HandsetMoved,
    Hush,
    Kept,
    NotKept,
    Opened,
    Place,
    Rules,
    Screen,
    Snapshot,
    Speak,
    SpeechEnded,
    Taken,
    Tap,
    Tick,
    VisitState,
    Wipe,
)
from kiosk.flow.transitions import Handler, Step, emptied, fresh, go, wiped

SPEECH_LIMIT_S = 120.0
TELLS_ANSWERS = (Screen.READ_BACK, Screen.CHANGE, Screen.CODE, Screen.ANSWER)
UNSPOKEN = (Screen.FAMILY, Screen.PICTURE)
BUSY = (Screen.SENDING, Screen.OPENING)
REPLY = "reply"
JOIN, OPEN_PAGE = "join", "open_page"


def new_state(at: float) -> VisitState:
    """The start screen as nobody has touched it yet."""
    return VisitState(touched_at=at)


def step(state: VisitState, event: Event, rules: Rules) -> Step:
    """Carry the visit one event further."""
    match event:
        case Tap():
            return _tap(state, event, rules)
        case Tick(at):
            return _tick(state, at, rules)
        case SpeechEnded(at):
            return replace(state, speaking_since=None, touched_at=at), ()
        case Gate(kind, voice_gate):
            return replace(state, gate=kind, voice_gate=voice_gate), ()
        case Taken():
            return voice.take(state, event)
        case HandsetMoved(lifted, at):
            return _handset(state, lifted, at)
        case BoardChanged():
            return notices.hear(state, event, rules)
        case Kept():
            return _kept(state, event)
        case NotKept(at):
            return _not_kept(state, at)
        case Opened():
            return code.opened(state, event, rules)
        case Crashed(at):
            return wiped(state, at)


def _tap(state: VisitState, tap: Tap, rules: Rules) -> Step:
    if state.place.screen in BUSY:
        return state, ()
    if state.warned:
        return _reassured(state, tap.at, rules)
    touched = replace(state, touched_at=tap.at, spots=state.spots | {tap.spot})
    verb, _, argument = tap.target.partition(":")
    handler = _ANYWHERE.get(verb) or _HANDLERS.get((state.place.screen, verb))
    if handler is None:
        return touched, ()
    after, effects = handler(touched, argument, tap.at, rules)
    if any(isinstance(effect, Speak) for effect in effects):
        after = replace(after, speaking_since=tap.at)
    return after, effects


def _reassured(state: VisitState, at: float, rules: Rules) -> Step:
    """A touch that answers the idle warning answers nothing beneath it: it is asked again."""
    there = replace(state, warned=False, touched_at=at, speaking_since=at)
    return there, (Hush(), _spoken_unasked(there, rules))


def _tick(state: VisitState, at: float, rules: Rules) -> Step:
    if state.place.screen in voice.BUSY:
        return voice.tick(state, at, rules)
    if state.speaking_since is not None:
        if at - state.speaking_since < SPEECH_LIMIT_S:
            return state, ()
        state = replace(state, speaking_since=None, touched_at=at)
    if state.place.screen is Screen.START:
        return _greet_again(state, at, rules)
    if state.place.screen in BUSY:
        return state, ()
    idle = at - state.touched_at
    limit = rules.done_for_s if state.place.screen is Screen.DONE else rules.wipe_after_s
    if idle >= limit:
        return wiped(state, at)
    if idle >= rules.warn_after_s and not state.warned:
        return replace(state, warned=True), ()
    return state, ()


def _greet_again(state: VisitState, at: float, rules: Rules) -> Step:
    if state.greet_from is None:
        return state, ()
    if at - state.greet_from > rules.greet_for_s:
        return replace(state, greet_from=None), ()
    if at - state.greeted_at < rules.greet_every_s:
        return state, ()
    return replace(state, greeted_at=at, speaking_since=at), (Speak(),)


def _handset(state: VisitState, lifted: bool, at: float) -> Step:
    """Who lifts it hears the screen in private; what it was saying never goes on in the hall."""
    held = replace(state, handset=lifted, touched_at=at, warned=False, speaking_since=None)
    if not lifted or state.place.screen in (*BUSY, *voice.BUSY):
        return held, (Hush(),)
    return replace(held, speaking_since=at), (Hush(), Speak())


def _kept(state: VisitState, event: Kept) -> Step:
    if state.place.screen is not Screen.SENDING:
        return replace(state, filed_at=event.at), ()
    return code.kept(state, event)


def _not_kept(state: VisitState, at: float) -> Step:
    if state.place.screen is not Screen.SENDING:
        return state, ()
    return replace(state, place=Place(Screen.FAULT), touched_at=at, speaking_since=at), (Speak(),)


def _spoken_unasked(state: VisitState, rules: Rules) -> Speak:
    """The screen, without the answers that it may show when the whole hall would hear them."""
    screen = state.place.screen
    private = rules.is_private(state) or screen not in TELLS_ANSWERS
    return Speak(answers=private and screen not in UNSPOKEN)


def _onward(state: VisitState, rules: Rules, echo: str | None = None) -> Step:
    """The next question without an answer, or the read-back when there is none."""
    assert state.box is not None
    private = rules.is_private(state)
    said = echo if private else None
    question = rules.questionnaire.next_question(state.box, state.answers)
    if question is None:
        return go(state, Place(Screen.READ_BACK), said, answers=private)
    return go(state, Place(Screen.QUESTION, question), said)


# Handlers


def _greet(state: VisitState, _argument: str, at: float, _rules: Rules) -> Step:
    if state.greet_from is not None:
        return state, ()
    return replace(state, greet_from=at, greeted_at=at), (Speak(),)


def _choose_language(state: VisitState, language: str, at: float, rules: Rules) -> Step:
    if language not in rules.languages:
        return state, ()
    chosen = replace(state, language=language, greet_from=None)
    if state.place.screen is Screen.START:
        return go(chosen, Place(Screen.MENU))
    return chosen, (Hush(), _spoken_unasked(chosen, rules))


def _say_again(state: VisitState, _argument: str, _at: float, rules: Rules) -> Step:
    louder = min(state.louder + 1, rules.louder_steps)
    return replace(state, louder=louder), (Hush(), Speak())


def _back(state: VisitState, _argument: str, at: float, rules: Rules) -> Step:
    if not state.history:
        return wiped(state, at)
    *earlier, last = state.history
    if last.place.screen is Screen.START:
        return wiped(state, at)
    after = replace(
        state,
        place=last.place,
        box=last.box,
        answers=last.answers,
        coding=last.coding,
        history=tuple(earlier),
    )
    left = (Discard(),) if state.place.screen in voice.OWN_VOICE else ()
    return after, (*left, Hush(), _spoken_unasked(after, rules))


def _home(state: VisitState, _argument: str, at: float, _rules: Rules) -> Step:
    if state.language is None:
        return wiped(state, at)
    start = Snapshot(Place(Screen.START), None, (), CodeEntry())
    home = replace(emptied(state, at), place=Place(Screen.MENU), history=(start,))
    return home, (Hush(), Wipe(), Speak())


def _finish(state: VisitState, _argument: str, at: float, _rules: Rules) -> Step:
    return wiped(state, at)


def _quick_exit(state: VisitState, _argument: str, at: float, _rules: Rules) -> Step:
    return replace(fresh(state, at), place=Place(Screen.NOTICES)), (Hush(), Wipe())


def _open_box(state: VisitState, box_id: str, at: float, rules: Rules) -> Step:
    box = rules.questionnaire.box(box_id)
    chosen = replace(state, box=box_id, answers=(), spots=frozenset())
    if box.kind == "notices":
        return go(chosen, Place(Screen.NOTICES), f"box.{box_id}")
    if box.kind in ("report", "reply"):
        shut = _shut(state, at, rules)
        if shut is not None:
            return go(chosen, Place(shut))
    question = rules.questionnaire.next_question(box_id, ())
    return go(chosen, Place(Screen.QUESTION, question), f"box.{box_id}")


def _shut(state: VisitState, at: float, rules: Rules) -> Screen | None:
    if state.gate is GateKind.CLOSED:
        return Screen.CLOSED
    if state.gate in (GateKind.FULL, GateKind.URGENT_ONLY):
        return Screen.FULL
    if state.filed_at is not None and at - state.filed_at < rules.report_every_s:
        return Screen.WAIT
    return None


def _urgent_anyway(state: VisitState, _argument: str, _at: float, rules: Rules) -> Step:
    if state.gate is not GateKind.URGENT_ONLY or state.box is None:
        return state, ()
    urgent = next(q for q in rules.questionnaire.questions.values() if q.yes)
    assert urgent.yes is not None
    return go(replace(state, answers=((urgent.id, urgent.yes),)), Place(Screen.DANGER))


def _more(state: VisitState, _argument: str, _at: float, _rules: Rules) -> Step:
    return go(state, replace(state.place, page=state.place.page + 1))


def _choose(state: VisitState, choice: str, at: float, rules: Rules) -> Step:
    assert state.place.item is not None
    assert state.box is not None
    question = rules.questionnaire.questions[state.place.item]
    if choice not in question.choices:
        return state, ()
    if choice == question.ends:
        return _home(state, "", at, rules)
    shut = _shut(state, at, rules) if question.ends else None
    if shut is not None:
        return go(state, Place(shut))
    answers = rules.questionnaire.on_path(
        state.box, (*((n, c) for n, c in state.answers if n != question.id), (question.id, choice))
    )
    answered = replace(state, answers=answers)
    if choice == question.yes:
        return go(answered, Place(Screen.DANGER))
    if choice in rules.questionnaire.procedures:
        return go(answered, Place(Screen.PROCEDURE, choice))
    return _onward(answered, rules, f"choice.{choice}" if ":" not in choice else None)


def _go_on(state: VisitState, _argument: str, _at: float, rules: Rules) -> Step:
    return _onward(state, rules)


def _past_papers(state: VisitState, argument: str, at: float, rules: Rules) -> Step:
    """After the pictures of a procedure come the lines that the station has written about it."""
    written = state.board.procedures.get(state.place.item or "")
    if written is not None and written.lines and not state.place.page:
        return _more(state, argument, at, rules)
    return _onward(state, rules)


def _change(state: VisitState, _argument: str, _at: float, _rules: Rules) -> Step:
    return go(state, Place(Screen.CHANGE), answers=False)


def _change_answer(state: VisitState, question: str, _at: float, rules: Rules) -> Step:
    if question not in dict(state.answers):
        return state, ()
    return go(state, Place(Screen.QUESTION, question))


def _send(state: VisitState, _argument: str, _at: float, rules: Rules) -> Step:
    if len(state.spots) < rules.distinct_spots or state.box is None or state.language is None:
        return state, (Hush(), Speak())
    return voice.offer(state) if voice.is_offered(state, rules) else voice.file(state)


def _send_again(state: VisitState, _argument: str, _at: float, _rules: Rules) -> Step:
    return voice.file(state)


def _answer_back(state: VisitState, _argument: str, at: float, rules: Rules) -> Step:
    """The many taps of the code are proof enough that a person stands there."""
    after, effects = _open_box(state, REPLY, at, rules)
    return replace(after, spots=state.spots), effects


def _open_notices(state: VisitState, _argument: str, _at: float, _rules: Rules) -> Step:
    return go(state, Place(Screen.NOTICES))


def _open_notice(state: VisitState, notice: str, _at: float, rules: Rules) -> Step:
    if notice not in rules.questionnaire.standing_notices and not state.board.notice(notice):
        return state, ()
    return go(state, Place(Screen.NOTICE, notice))


def _open_phone(state: VisitState, _argument: str, _at: float, _rules: Rules) -> Step:
    return go(state, Place(Screen.PHONE, JOIN))


def _next_step(state: VisitState, _argument: str, _at: float, _rules: Rules) -> Step:
    return go(state, Place(Screen.PHONE, OPEN_PAGE))


def _open_form(state: VisitState, _argument: str, _at: float, _rules: Rules) -> Step:
    return go(state, Place(Screen.FORM, state.place.item))


_ANYWHERE: dict[str, Handler] = {
    "lang": _choose_language,
    "again": _say_again,
    "back": _back,
    "home": _home,
    "finish": _finish,
    "quit": _quick_exit,
}

_HANDLERS: dict[tuple[Screen, str], Handler] = {
    **code.HANDLERS,
    **voice.HANDLERS,
    (Screen.START, "anywhere"): _greet,
    (Screen.START, "notices"): _open_notices,
    (Screen.START, "phone"): _open_phone,
    (Screen.MENU, "box"): _open_box,
    (Screen.QUESTION, "choice"): _choose,
    (Screen.QUESTION, "more"): _more,
    (Screen.PROCEDURE, "go_on"): _past_papers,
    (Screen.PROCEDURE, "form"): _open_form,
    (Screen.PHONE, "go_on"): _next_step,
    (Screen.DANGER, "go_on"): _go_on,
    (Screen.READ_BACK, "send"): _send,
    (Screen.READ_BACK, "change"): _change,
    (Screen.FAULT, "send"): _send_again,
    (Screen.CHANGE, "answer"): _change_answer,
    (Screen.CHANGE, "more"): _more,
    (Screen.NOTICES, "notice"): _open_notice,
    (Screen.NOTICES, "more"): _more,
    (Screen.FULL, "urgent"): _urgent_anyway,
    (Screen.ANSWER, "reply"): _answer_back,
}


def change_pages(state: VisitState) -> tuple[tuple[str, ...], ...]:
    """The answered questions cut into screens of six, for the Change screen."""
    return paged(tuple(name for name, _ in state.answers))

"""The part of a visit in which a voice may be added to the report: offer, warning, recording."""

from dataclasses import replace

from kiosk.flow.model import (
    Discard,
    DisguiseVoice,
    File,
    Hush,
    Place,
    Record,
    Rules,
    Screen,
    Speak,
    Take,
    Taken,
    VisitState,
    VoiceChoice,
    VoiceGate,
)
from kiosk.flow.transitions import Handler, Step, go

BUSY = (Screen.RECORDING, Screen.MASKING)
"""Nobody is idle here, and nothing is said into the recording."""

_TRY_AGAIN = (Screen.UNHEARD, Screen.TOO_LOUD)
_WITHOUT = (Screen.NO_MICROPHONE, Screen.VOICELESS)
OWN_VOICE = (*BUSY, Screen.PREVIEW, *_TRY_AGAIN, *_WITHOUT)
_AFTER = {
    Take.READY: Screen.PREVIEW,
    Take.UNHEARD: Screen.UNHEARD,
    Take.TOO_LOUD: Screen.TOO_LOUD,
    Take.NO_MICROPHONE: Screen.NO_MICROPHONE,
    Take.LOST: Screen.VOICELESS,
}


def is_offered(state: VisitState, rules: Rules) -> bool:
    """Whether the person is asked for a voice before the report is sent."""
    assert state.box is not None
    is_report = rules.questionnaire.box(state.box).kind == "report"
    return is_report and state.voice_gate is not VoiceGate.OFF


def offer(state: VisitState) -> Step:
    """The question whether a voice shall go with the report."""
    return go(state, Place(Screen.VOICE))


def file(state: VisitState) -> Step:
    """Send what was told, with the voice that was chosen."""
    assert state.box is not None
    assert state.language is not None
    sending = replace(state, place=Place(Screen.SENDING))
    code = state.coding.proven
    filed = File(state.box, state.answers, state.language, code, state.voice)
    return sending, (Hush(), filed)


def tick(state: VisitState, at: float, rules: Rules) -> Step:
    """Time passes while somebody speaks, or waits for the disguise."""
    taken = at - state.since
    if state.place.screen is Screen.MASKING:
        if taken >= rules.mask_within_s:
            return take(state, Taken(Take.LOST, at), (Discard(),))
        return state, ()
    if taken >= rules.record_for_s:
        return _stop(state, "", at, rules)
    return replace(state, recorded_s=taken), ()


def take(state: VisitState, taken: Taken, effects: tuple[Discard, ...] = ()) -> Step:
    """A recording has come to its end."""
    if state.place.screen not in BUSY:
        return state, ()
    place = Place(_AFTER[taken.take])
    shown = replace(state, place=place, touched_at=taken.at, speaking_since=taken.at)
    return shown, (*effects, Hush(), Speak())


def _choose(state: VisitState, voice: str, _at: float, _rules: Rules) -> Step:
    chosen = replace(state, voice=VoiceChoice(voice))
    if chosen.voice is not VoiceChoice.OWN:
        step, effects = file(chosen)
        return step, (Discard(), *effects)
    can = state.voice_gate is VoiceGate.ON
    return go(chosen, Place(Screen.VOICE_WARNING if can else Screen.NO_MICROPHONE))


def _record(state: VisitState, _argument: str, at: float, _rules: Rules) -> Step:
    """Listen, once the warning has been said to its end."""
    if state.speaking_since is not None and state.place.screen is Screen.VOICE_WARNING:
        return state, ()
    recording = replace(state, place=Place(Screen.RECORDING), since=at, recorded_s=0.0)
    return replace(recording, speaking_since=None), (Hush(), Record())


def _stop(state: VisitState, _argument: str, at: float, _rules: Rules) -> Step:
    masking = replace(state, place=Place(Screen.MASKING), since=at, speaking_since=at)
    return masking, (DisguiseVoice(), Speak())


def _keep(state: VisitState, _argument: str, _at: float, _rules: Rules) -> Step:
    return file(state)


HANDLERS: dict[tuple[Screen, str], Handler] = {
    (Screen.VOICE, "voice"): _choose,
    (Screen.VOICE_WARNING, "record"): _record,
    (Screen.VOICE_WARNING, "voice"): _choose,
    (Screen.RECORDING, "stop"): _stop,
    (Screen.PREVIEW, "keep"): _keep,
    (Screen.PREVIEW, "record"): _record,
    (Screen.PREVIEW, "voice"): _choose,
    **{(screen, "record"): _record for screen in _TRY_AGAIN},
    **{(screen, "voice"): _choose for screen in (*_TRY_AGAIN, *_WITHOUT)},
}

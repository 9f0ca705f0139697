"""The screens on which a voice may be added to the report."""

from collections.abc import Callable
from dataclasses import replace

from kiosk.device.site import Site
from kiosk.flow.model import Rules, Screen, VisitState, VoiceGate
from kiosk.views.model import Line, Tile, View, base_view, message

RECORDED = Line("", "", recorded=True)

_RECORDING_DOTS = 10
_OWN_VOICE = Tile("voice:own", "voice_own", "ui.voice_own")
_NO_MICROPHONE = Tile("voice:own", "no_microphone", "ui.voice_own_off", accent="unable")
_OTHER_VOICE = Tile("voice:other", "voice_other", "ui.voice_other")
_NO_VOICE = Tile("voice:none", "voice_none", "ui.voice_none")
_SEND_PICTURES = Tile("voice:none", "send", "ui.send")
_RECORD = Tile("record", "record", "ui.record")
_STOP = Tile("stop", "recording", "ui.stop")
_KEEP = Tile("keep", "voice_keep", "ui.keep")
_SPEAK_AGAIN = Tile("record", "voice_again", "ui.record_again")


def _voice(state: VisitState, rules: Rules, _site: Site) -> View:
    own = _OWN_VOICE if state.voice_gate is VoiceGate.ON else _NO_MICROPHONE
    base = base_view(state, rules, "ask.voice", "ask_voice")
    return replace(base, tiles=(own, _OTHER_VOICE, _NO_VOICE))


def _recording(state: VisitState, rules: Rules, _site: Site) -> View:
    seconds = min(state.recorded_s, rules.record_for_s)
    return replace(
        base_view(state, rules, "say.recording", "recording"),
        tiles=(_STOP,),
        rail=("", "", "home", "back"),
        progress=(int(seconds * _RECORDING_DOTS / rules.record_for_s), _RECORDING_DOTS),
    )


def _preview(state: VisitState, rules: Rules, _site: Site) -> View:
    base = base_view(state, rules, "ask.preview", "preview")
    return replace(base, tiles=(_KEEP, _SPEAK_AGAIN, _NO_VOICE))


SCREENS: dict[Screen, Callable[[VisitState, Rules, Site], View]] = {
    Screen.VOICE: _voice,
    Screen.VOICE_WARNING: message("say.voice_warning", "voice_warning", _NO_VOICE, _RECORD),
    Screen.RECORDING: _recording,
    Screen.MASKING: message("say.masking", "masking", rail=False),
    Screen.PREVIEW: _preview,
    Screen.UNHEARD: message("say.unheard", "unheard", _NO_VOICE, _RECORD),
    Screen.TOO_LOUD: message("say.too_loud", "too_loud", _NO_VOICE, _RECORD),
    Screen.NO_MICROPHONE: message(
        "say.no_microphone", "no_microphone", _SEND_PICTURES, _OTHER_VOICE
    ),
    Screen.VOICELESS: message("say.voiceless", "voiceless", _SEND_PICTURES),
}

"""A voice with a report: asked for, warned about, recorded, heard, and never in the way."""

import pytest

from kiosk.flow.model import (
    Discard,
    DisguiseVoice,
    Gate,
    GateKind,
    HandsetMoved,
    Hush,
    Kept,
    Opened,
    Record,
    Screen,
    Speak,
    SpeechEnded,
    Take,
    Taken,
    Tap,
    Tick,
    VoiceChoice,
    VoiceGate,
)
from kiosk.protocol.picture_code import families, new_code
from kiosk.protocol.reply import Reply
from kiosk.views.screens import lines
from tests.kiosk.visits import Visitor

TOLD = ("lang:vi", "box:opinion", "choice:road", "choice:good", "send")


def asked(gate: VoiceGate = VoiceGate.ON) -> Visitor:
    visitor = Visitor()
    visitor.feel(Gate(GateKind.OPEN, gate))
    return visitor.taps(*TOLD)


def recording() -> Visitor:
    return asked().taps("voice:own", "record")


def heard(take: Take = Take.READY) -> Visitor:
    visitor = recording().taps("stop")
    visitor.feel(Taken(take, visitor.now))
    visitor.feel(SpeechEnded(visitor.now))
    return visitor


def test_nobody_is_asked_where_the_station_allows_no_voice() -> None:
    assert asked(VoiceGate.OFF).screen is Screen.SENDING


def test_without_a_microphone_the_tile_is_grey_says_why_and_another_voice_is_offered() -> None:
    visitor = asked(VoiceGate.OTHER_ONLY)
    own, *_ = visitor.shown().tiles
    assert (own.picture, own.accent) == ("no_microphone", "unable")
    visitor.tap("voice:own")
    assert visitor.screen is Screen.NO_MICROPHONE
    assert [tile.target for tile in visitor.shown().buttons] == ["voice:none", "voice:other"]
    assert Record() not in visitor.effects
    visitor.tap("voice:other")
    assert visitor.filed[0].voice is VoiceChoice.OTHER


@pytest.mark.parametrize("voice", [VoiceChoice.NONE, VoiceChoice.OTHER])
def test_a_report_goes_at_once_without_a_recording(voice: VoiceChoice) -> None:
    visitor = asked().taps(f"voice:{voice.value}")
    assert visitor.screen is Screen.SENDING
    assert visitor.filed[0].voice is voice
    assert Record() not in visitor.effects


def test_nothing_is_recorded_before_the_warning_was_said_to_its_end() -> None:
    visitor = asked()
    visitor.feel(Tap("voice:own", (0, 0), visitor.now))
    visitor.feel(Tap("record", (1, 0), visitor.now))
    assert visitor.shown().screen is Screen.VOICE_WARNING
    visitor.feel(SpeechEnded(visitor.now))
    assert visitor.tap("record") == (Hush(), Record())
    assert visitor.shown().screen is Screen.RECORDING


def test_half_a_minute_is_the_end_of_a_recording() -> None:
    visitor = recording().wait(29)
    assert visitor.shown().screen is Screen.RECORDING
    assert visitor.shown().progress == (9, 10)
    visitor.wait(1)
    assert visitor.shown().screen is Screen.MASKING
    assert visitor.effects.count(DisguiseVoice()) == 1


def test_who_hears_the_preview_may_keep_it() -> None:
    visitor = heard()
    spoken = lines(visitor.shown(), Speak(), visitor.rules)
    assert [line.recorded for line in spoken[:3]] == [False, True, False]
    visitor.tap("keep")
    assert visitor.filed[0].voice is VoiceChoice.OWN
    visitor.kept()
    assert visitor.effects[-2:] == [Discard(), Speak()]
    assert visitor.state.voice is VoiceChoice.NONE


def test_who_does_not_like_it_speaks_again_or_sends_none() -> None:
    assert heard().taps("record").screen is Screen.RECORDING
    visitor = heard().taps("voice:none")
    assert Discard() in visitor.effects
    assert visitor.filed[0].voice is VoiceChoice.NONE


@pytest.mark.parametrize(
    ("take", "screen"),
    [
        (Take.UNHEARD, Screen.UNHEARD),
        (Take.TOO_LOUD, Screen.TOO_LOUD),
        (Take.NO_MICROPHONE, Screen.NO_MICROPHONE),
        (Take.LOST, Screen.VOICELESS),
    ],
)
def test_the_icons_go_without_a_voice_that_is_not_there(take: Take, screen: Screen) -> None:
    visitor = heard(take)
    assert visitor.screen is screen
    assert visitor.tap("voice:none")
    assert visitor.filed[0].voice is VoiceChoice.NONE


@pytest.mark.parametrize("take", [Take.UNHEARD, Take.TOO_LOUD])
def test_who_was_not_heard_or_too_loud_may_speak_again(take: Take) -> None:
    assert heard(take).taps("record").screen is Screen.RECORDING


def test_a_disguise_that_takes_too_long_is_given_up() -> None:
    visitor = recording().taps("stop").wait(44)
    assert visitor.shown().screen is Screen.MASKING
    visitor.wait(1)
    assert visitor.shown().screen is Screen.VOICELESS
    assert Discard() in visitor.effects
    visitor.feel(Taken(Take.READY, visitor.now))
    assert visitor.shown().screen is Screen.VOICELESS


def test_a_microphone_pulled_out_ends_the_recording() -> None:
    visitor = recording()
    visitor.feel(Taken(Take.LOST, visitor.now))
    assert visitor.screen is Screen.VOICELESS


def test_who_speaks_is_not_idle_and_not_spoken_to() -> None:
    visitor = recording().wait(20)
    assert not visitor.shown().warning
    assert visitor.feel(HandsetMoved(True, visitor.now)) == (Hush(),)


def test_back_forgets_the_recording_and_asks_again() -> None:
    visitor = heard()
    assert Discard() in visitor.tap("back")
    assert visitor.screen is Screen.VOICE


def test_who_walks_away_from_the_preview_is_forgotten() -> None:
    visitor = heard().wait(91)
    assert visitor.screen is Screen.START
    assert visitor.state.voice is VoiceChoice.NONE
    assert visitor.state.voice_gate is VoiceGate.ON


def test_a_voice_that_found_no_room_is_not_called_kept() -> None:
    visitor = heard().taps("keep")
    visitor.feel(Kept(visitor.now, whole=False, code=new_code()))
    assert visitor.shown().prompt == "say.voice_lost"
    assert "hear_back" in visitor.targets()


def test_a_reply_is_sent_under_its_code_without_a_voice() -> None:
    entered = new_code()
    visitor = Visitor()
    visitor.feel(Gate(GateKind.OPEN, VoiceGate.ON))
    visitor.taps("lang:vi", "box:listen", "enter_code")
    for picture in entered:
        family = next(f for f, names in families().items() if picture in names)
        visitor.taps(f"family:{family}", f"picture:{picture}")
    visitor.feel(Opened((Reply(("answer_checking",)),), visitor.now))
    while "reply" not in visitor.targets():
        visitor.tap("go_on")
    visitor.tap("reply")
    while visitor.screen is Screen.QUESTION:
        (target, *_) = visitor.targets()
        assert target is not None
        visitor.tap(target)
    visitor.tap("send")
    assert visitor.screen is Screen.SENDING
    assert visitor.filed[0].code == entered


def test_a_recording_has_no_effect_on_another_screen() -> None:
    visitor = asked()
    visitor.feel(Taken(Take.READY, visitor.now))
    visitor.feel(Tick(visitor.now))
    assert visitor.screen is Screen.VOICE

"""Whole visits without a window: touches in; screens, words and reports out."""

from collections.abc import Callable

import numpy as np
import pytest

from audio.playback.narrator import Narrator
from audio.playback.ogg_opus import decoded
from audio.speech.sound import Samples
from audio.speech.voice import Clause, Manner
from kiosk.content import catalog as catalogues
from kiosk.content import questionnaire as questionnaires
from kiosk.device.site import Site
from kiosk.flow.model import (
    File,
    Gate,
    GateKind,
    Kept,
    OpenBox,
    Opened,
    Rules,
    Screen,
    Take,
    Taken,
    VoiceGate,
)
from kiosk.protocol.picture_code import families, new_code
from kiosk.protocol.reply import Reply
from tests.audio.recordings import hum, recorded
from ui.touch.controller import VisitController
from ui.touch.layout.geometry import Panel
from ui.touch.layout.placement import Scene


class Parts:
    """Screen, door, booth, voice and clock, all remembering what they were asked."""

    preview: Samples | None = np.ones(100, np.int16)

    def __init__(self) -> None:
        self.scenes: list[Scene] = []
        self.rings: list[str | None] = []
        self.filed: list[File] = []
        self.said: list[tuple[str, str]] = []
        self.forgotten = 0
        self.booth: list[str] = []
        self.now = 100.0
        self.ended: Callable[[], None] | None = None

    def draw(self, scene: Scene) -> None:
        self.scenes.append(scene)

    def emphasise(self, target: str | None) -> None:
        self.rings.append(target)

    def settle(self, seconds: float) -> None:
        self.settling = seconds

    def forget(self) -> None:
        self.forgotten += 1

    def file(self, filing: File) -> None:
        self.filed.append(filing)

    def open(self, wish: OpenBox) -> None:
        pass

    def record(self) -> None:
        self.booth.append("record")

    def mask(self) -> None:
        self.booth.append("mask")

    def discard(self) -> None:
        self.booth.append("discard")

    def say(self, clause: Clause, manner: Manner, ended: Callable[[], None]) -> None:
        self.said.append((clause.text, clause.language))
        self.clause, self.manner = clause, manner
        self.ended = ended

    def stop(self) -> None:
        self.ended = None

    def close(self) -> None:
        pass


class Kiosk:
    def __init__(self) -> None:
        self.parts = Parts()
        rules = Rules(questionnaires.load(), report_every_s=0)
        self.conductor = VisitController(
            rules,
            lambda: Site(station_phone="123"),
            catalogues.load(),
            Panel(800, 480, 154),
            self.parts,
            self.parts,
            self.parts,
            lambda: self.parts.now,
        )
        self.conductor.start(
            Narrator(
                self.parts,
                lambda call: call(),
                self.conductor.spoken,
                self.conductor.speech_ended,
            )
        )

    def scene(self) -> Scene:
        scene = self.conductor.scene
        assert scene is not None
        return scene

    def screen(self) -> Screen:
        return self.scene().view.screen

    def settle(self) -> None:
        """The screen is shown, and somebody looks at it before touching."""
        self.conductor.frame_shown()
        self.parts.now += 1.0

    def touch(self, *targets: str) -> None:
        for target in targets:
            self.settle()
            assert self.conductor.press("finger", self.scene().targets[target].centre)
            self.conductor.release("finger")


@pytest.fixture
def kiosk() -> Kiosk:
    return Kiosk()


VISIT = ("lang:hmn", "box:opinion", "choice:road", "choice:good")


def test_a_visit_from_the_first_touch_to_a_kept_report(kiosk: Kiosk) -> None:
    kiosk.touch(*VISIT, "send")
    assert kiosk.screen() is Screen.SENDING
    (filed,) = kiosk.parts.filed
    assert (filed.box, filed.language) == ("opinion", "hmn")
    assert filed.answers == (("opinion", "road"), ("mood", "good"))
    kiosk.conductor.handle(Kept(kiosk.parts.now))
    assert kiosk.screen() is Screen.DONE


def test_nothing_is_called_kept_before_the_outbox_says_so(kiosk: Kiosk) -> None:
    kiosk.touch(*VISIT, "send")
    for _ in range(5):
        kiosk.parts.now += 60
        kiosk.conductor.tick()
    assert kiosk.screen() is Screen.SENDING


def test_pressing_rings_at_once_and_choosing_waits_for_the_release(kiosk: Kiosk) -> None:
    kiosk.settle()
    kiosk.conductor.press("finger", kiosk.scene().targets["lang:vi"].centre)
    assert kiosk.parts.rings[-1] == "lang:vi"
    assert kiosk.screen() is Screen.START
    kiosk.conductor.release("finger")
    assert kiosk.screen() is Screen.MENU


def test_two_taps_on_send_make_one_report(kiosk: Kiosk) -> None:
    kiosk.touch(*VISIT)
    send = kiosk.scene().targets["send"].centre
    for after in (1.0, 0.06, 0.3, 0.9):
        kiosk.conductor.frame_shown()
        kiosk.parts.now += after
        kiosk.conductor.press("finger", send)
        kiosk.conductor.release("finger")
    assert len(kiosk.parts.filed) == 1


def test_each_tile_is_ringed_while_it_is_spoken_of(kiosk: Kiosk) -> None:
    kiosk.touch("lang:vi")
    tiles = [p.tile.target for p in kiosk.scene().tiles]
    rung = []
    while kiosk.parts.ended is not None:
        rung.append(kiosk.parts.rings[-1])
        ended, kiosk.parts.ended = kiosk.parts.ended, None
        ended()
    assert [target for target in rung if target] == tiles


def test_a_touch_interrupts_the_voice(kiosk: Kiosk) -> None:
    kiosk.touch("lang:vi")
    late = kiosk.parts.ended
    kiosk.touch("box:crime")
    said = len(kiosk.parts.said)
    assert late is not None
    late()
    assert len(kiosk.parts.said) == said


def test_quick_exit_leaves_no_answer_behind(kiosk: Kiosk) -> None:
    kiosk.touch(*VISIT, "quit")
    assert kiosk.screen() is Screen.NOTICES
    assert kiosk.parts.forgotten
    assert "road" not in repr(kiosk.conductor._state)


def test_who_walks_away_is_warned_without_a_word_and_then_forgotten(kiosk: Kiosk) -> None:
    kiosk.touch(*VISIT[:3])
    kiosk.conductor.speech_ended()
    said = len(kiosk.parts.said)
    kiosk.parts.now += 61
    kiosk.conductor.tick()
    assert kiosk.scene().view.warning
    kiosk.parts.now += 30
    kiosk.conductor.tick()
    assert kiosk.screen() is Screen.START
    assert len(kiosk.parts.said) == said
    assert "road" not in repr(kiosk.conductor._state)


def test_who_touches_during_the_warning_answers_nothing_and_is_asked_again(kiosk: Kiosk) -> None:
    kiosk.touch(*VISIT[:3])
    kiosk.conductor.speech_ended()
    kiosk.parts.now += 61
    kiosk.conductor.tick()
    asked, said = kiosk.scene(), len(kiosk.parts.said)
    kiosk.touch("choice:good")
    assert kiosk.scene().view.prompt == asked.view.prompt
    assert not kiosk.scene().view.warning
    assert len(kiosk.parts.said) > said
    kiosk.touch("choice:good")
    assert kiosk.screen() is Screen.READ_BACK


def test_a_double_tap_on_the_last_answer_sends_nothing(kiosk: Kiosk) -> None:
    kiosk.touch(*VISIT)
    send = kiosk.scene().targets["send"].centre
    kiosk.conductor.frame_shown()
    for _ in range(10):
        kiosk.parts.now += 0.3
        assert not kiosk.conductor.press("finger", send)
        kiosk.conductor.release("finger")
    assert kiosk.screen() is Screen.READ_BACK
    kiosk.touch("send")
    assert len(kiosk.parts.filed) == 1


def test_a_finger_that_was_down_before_the_screen_came_chooses_nothing(kiosk: Kiosk) -> None:
    kiosk.touch(*VISIT, "send")
    kiosk.settle()
    assert kiosk.conductor.press("finger", (700, 420))
    kiosk.conductor.handle(Kept(kiosk.parts.now, code=new_code()))
    assert kiosk.screen() is Screen.DONE
    kiosk.conductor.release("finger")
    assert kiosk.screen() is Screen.DONE


def test_a_crash_begins_anew(kiosk: Kiosk) -> None:
    kiosk.touch(*VISIT)
    kiosk.conductor.crashed()
    assert kiosk.screen() is Screen.START
    assert kiosk.parts.scenes[-1].view.screen is Screen.START
    assert "road" not in repr(kiosk.conductor._state)


def test_a_screen_is_drawn_only_when_it_changes(kiosk: Kiosk) -> None:
    kiosk.touch("lang:vi")
    drawn = len(kiosk.parts.scenes)
    for _ in range(10):
        kiosk.parts.now += 1
        kiosk.conductor.tick()
    assert len(kiosk.parts.scenes) == drawn


def test_looking_ahead_changes_nothing(kiosk: Kiosk) -> None:
    kiosk.touch("lang:vi", "box:border")
    before = kiosk.conductor._state
    ahead = kiosk.conductor.likely_next()
    assert ahead is not None
    assert ahead.view.prompt == "ask.armed"
    assert kiosk.conductor._state is before
    assert kiosk.parts.filed == []


def test_a_clause_names_its_string_so_that_its_clip_is_found(kiosk: Kiosk) -> None:
    kiosk.touch("lang:vi")
    assert kiosk.parts.clause.string_id == "ask.menu"


def test_who_asks_again_hears_it_louder_until_the_next_person_comes(kiosk: Kiosk) -> None:
    kiosk.touch("lang:vi", "again")
    assert kiosk.parts.manner.louder == 1
    kiosk.touch("again", "again", "box:crime", "home")
    assert kiosk.parts.manner.louder == 2
    kiosk.touch("quit", "back", "lang:vi")
    assert kiosk.parts.manner.louder == 0


def test_the_lifted_handset_is_spoken_into_and_hears_the_answers(kiosk: Kiosk) -> None:
    kiosk.touch(*VISIT[:3])
    assert not kiosk.parts.manner.private
    kiosk.conductor.handset(True)
    assert kiosk.parts.manner.private
    kiosk.touch(VISIT[3])
    assert kiosk.screen() is Screen.READ_BACK
    assert kiosk.parts.clause.string_id == "choice.good"


def test_a_handset_hung_up_silences_what_it_was_saying(kiosk: Kiosk) -> None:
    kiosk.conductor.handset(True)
    kiosk.touch(*VISIT)
    said = len(kiosk.parts.said)
    kiosk.conductor.handset(False)
    assert kiosk.parts.ended is None
    assert len(kiosk.parts.said) == said


def hear_out(kiosk: Kiosk) -> list[Clause]:
    """Let the voice say everything; gives the clauses."""
    clauses: list[Clause] = []
    while kiosk.parts.ended is not None:
        clauses.append(kiosk.parts.clause)
        ended, kiosk.parts.ended = kiosk.parts.ended, None
        ended()
    return clauses


def test_a_voice_is_recorded_after_the_warning_and_played_before_it_goes(kiosk: Kiosk) -> None:
    kiosk.conductor.handle(Gate(GateKind.OPEN, VoiceGate.ON))
    kiosk.touch(*VISIT, "send", "voice:own", "record")
    assert kiosk.screen() is Screen.VOICE_WARNING, "the warning comes first"
    hear_out(kiosk)
    kiosk.touch("record")
    assert kiosk.parts.booth[-1] == "record"
    assert kiosk.parts.ended is None, "nothing is said into the recording"
    kiosk.conductor.heard(True)
    assert kiosk.parts.rings[-1] == "stop"
    kiosk.conductor.heard(False)
    assert kiosk.parts.rings[-1] is None
    kiosk.touch("stop")
    assert kiosk.parts.booth[-1] == "mask"
    kiosk.conductor.handle(Taken(Take.READY, kiosk.parts.now))
    recording = hear_out(kiosk)[1].recording
    assert recording is not None
    assert kiosk.parts.preview is recording()
    kiosk.touch("keep")
    assert kiosk.parts.filed[0].voice.value == "own"
    assert kiosk.parts.booth[-1] == "mask", "the voice waits for the door"
    kiosk.conductor.handle(Kept(kiosk.parts.now))
    assert kiosk.parts.booth[-1] == "discard"


def test_an_officers_voice_is_played_as_it_was_recorded(kiosk: Kiosk) -> None:
    audio = recorded(hum(1.0))
    code = new_code()
    kiosk.touch("lang:vi", "box:listen", "enter_code")
    for picture in code:
        family = next(name for name, members in families().items() if picture in members)
        kiosk.touch(f"family:{family}", f"picture:{picture}")
    kiosk.conductor.handle(Opened((Reply((), voice=audio),), kiosk.parts.now))
    hear_out(kiosk)
    kiosk.touch("again")
    *_, voice, _finish, _reply = hear_out(kiosk)
    assert voice.recording is not None
    assert np.array_equal(voice.recording(), decoded(audio))


@pytest.mark.parametrize("way_out", ["home", "quit", "back"])
def test_a_recording_is_forgotten_with_whoever_leaves_it(kiosk: Kiosk, way_out: str) -> None:
    kiosk.conductor.handle(Gate(GateKind.OPEN, VoiceGate.ON))
    kiosk.touch(*VISIT, "send", "voice:own")
    hear_out(kiosk)
    kiosk.touch("record", way_out)
    assert kiosk.parts.booth[-1] == "discard"

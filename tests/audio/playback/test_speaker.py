"""The kiosk's voice: it finds, it plays, and where it cannot it keeps silent as long."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Protocol

import numpy as np
import pytest

from audio.playback.speaker import Speaker
from audio.speech.sound import RATE, Samples, Sound
from audio.speech.voice import Clause, Manner
from kiosk.common.errors import AudioError, SoundDeviceError
from tests.waiting import DEADLINE, wait_until

WORDS = Clause("Quý vị muốn báo việc gì?", "vi", "box:crime", "ask.menu")
HALF_SCALE = np.full(RATE // 10, 16_384, np.int16)


class Output:
    """Remembers what it was to play; refuses, or plays until it is cut."""

    def __init__(self, refuses: bool = False, endless: bool = False) -> None:
        self.played: list[tuple[float, bool]] = []
        self.began, self.cuts, self.closed = threading.Event(), 0, False
        self.is_resting = False
        self._refuses, self._endless = refuses, endless

    def play(self, sound: Sound, private: bool, cancelled: threading.Event) -> None:
        self.played.append((float(sound.max()), private))
        self.is_resting = False
        self.began.set()
        if self._refuses:
            raise SoundDeviceError("the sound device has gone")
        if self._endless:
            assert cancelled.wait(DEADLINE)
            self.cuts += 1

    def rest(self) -> None:
        self.is_resting = True

    def close(self) -> None:
        self.closed = True


Find = Callable[[Clause], Samples]


class MakeSpeaker(Protocol):
    """Makes a speaker that is closed after the test."""

    def __call__(
        self, output: Output, find: Find = lambda _: HALF_SCALE, volume: float = 0.5
    ) -> Speaker: ...


@pytest.fixture
def speak() -> Iterator[MakeSpeaker]:
    speakers: list[Speaker] = []

    def make(output: Output, find: Find = lambda _: HALF_SCALE, volume: float = 0.5) -> Speaker:
        speakers.append(Speaker(find, output, volume))
        return speakers[-1]

    yield make
    for speaker in speakers:
        speaker.close()


def said(speaker: Speaker, manner: Manner = Manner()) -> threading.Event:  # noqa: B008
    over = threading.Event()
    speaker.say(WORDS, manner, over.set)
    return over


def silence(_: Clause) -> Samples:
    raise AudioError("no voice for a language")


@pytest.mark.parametrize(("louder", "gain"), [(0, 0.25), (1, 0.354), (2, 0.5), (9, 0.5)])
def test_each_step_is_louder_but_never_more_than_whole(
    speak: MakeSpeaker, louder: int, gain: float
) -> None:
    output = Output()
    assert said(speak(output), Manner(louder=louder)).wait(DEADLINE)
    assert output.played[0][0] == pytest.approx(gain, rel=0.01)


def test_private_words_go_to_the_handset(speak: MakeSpeaker) -> None:
    output = Output()
    speaker = speak(output)
    assert said(speaker, Manner(private=True)).wait(DEADLINE)
    assert said(speaker).wait(DEADLINE)
    assert [private for _, private in output.played] == [True, False]


@pytest.mark.parametrize("by", ["stop", "say"])
def test_what_is_interrupted_is_cut_and_has_no_end(speak: MakeSpeaker, by: str) -> None:
    output = Output(endless=True)
    speaker = speak(output)
    over = said(speaker)
    assert output.began.wait(DEADLINE)
    speaker.stop() if by == "stop" else said(speaker)
    speaker.close()
    assert output.cuts
    assert not over.is_set()
    assert output.closed


@pytest.mark.parametrize(
    ("find", "refuses", "code"),
    [(silence, False, "E31"), (lambda _: np.zeros(RATE // 2, np.int16), True, "E37")],
)
def test_what_cannot_be_heard_passes_in_silence_and_is_told_once(
    speak: MakeSpeaker, caplog: pytest.LogCaptureFixture, find: Find, refuses: bool, code: str
) -> None:
    speaker = speak(Output(refuses), find)
    began = time.monotonic()
    assert said(speaker).wait(DEADLINE)
    assert time.monotonic() - began >= 0.5
    assert said(speaker).wait(DEADLINE)
    assert [record.getMessage()[:3] for record in caplog.records] == [code]
    assert WORDS.text not in caplog.text


def test_a_missing_voice_does_not_hide_a_missing_device(
    speak: MakeSpeaker, caplog: pytest.LogCaptureFixture
) -> None:
    found: list[Find] = [silence, lambda _: HALF_SCALE]
    voices = iter(found * 2)
    speaker = speak(Output(refuses=True), lambda clause: next(voices)(clause))
    for _ in range(4):
        assert said(speaker).wait(DEADLINE)
    assert [record.getMessage()[:3] for record in caplog.records] == ["E31", "E37"]


def test_silence_is_interrupted_too(speak: MakeSpeaker) -> None:
    speaker = speak(Output(), silence)
    over = said(speaker)
    speaker.close()
    assert not over.is_set()


def test_the_device_stands_still_when_nothing_follows(speak: MakeSpeaker) -> None:
    output = Output()
    assert said(speak(output)).wait(DEADLINE)
    wait_until(lambda: output.is_resting)

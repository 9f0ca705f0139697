"""The booth gives out a disguised voice or none at all."""

import logging
import threading
from queue import SimpleQueue

import numpy as np
import pytest

from audio.capture.voice_capture import LONGEST_S, VoiceCapture
from audio.speech.sound import RATE, Samples
from kiosk.common.errors import AudioError, MicrophoneBusy, MicrophoneError
from kiosk.flow.model import Take, Taken
from kiosk.protocol.opus_packets import decoded
from tests.audio.utterances import utterances
from tests.waiting import DEADLINE, wait_until

BLOCK = RATE // 20


class Mouth:
    """A microphone that hears a sound again and again, or breaks at its end."""

    def __init__(self, samples: Samples, breaks: Exception | None = None) -> None:
        self.samples, self.breaks = samples, breaks
        self.at, self.is_open = 0, False
        self.handed_over: list[Samples] = []

    def is_there(self) -> bool:
        return self.breaks is None

    def open(self) -> None:
        if isinstance(self.breaks, MicrophoneBusy):
            raise self.breaks
        self.is_open = True

    def read(self) -> Samples:
        assert self.is_open
        if self.breaks is not None and self.at >= len(self.samples):
            raise self.breaks
        block = np.take(self.samples, range(self.at, self.at + BLOCK), mode="wrap")
        self.at += BLOCK
        return block

    def close(self) -> None:
        self.is_open = False


class Hall:
    def __init__(self, mouth: Mouth) -> None:
        self.events: SimpleQueue[object] = SimpleQueue()
        self.lights: list[bool] = []
        self.mouth = mouth
        self.booth = VoiceCapture(mouth, self.events.put, self.lights.append)

    def take(self, seconds: float = 3.0) -> Take:
        self.booth.record()
        wait_until(lambda: self.mouth.at >= seconds * RATE or not self.events.empty())
        self.booth.mask()
        taken = self.events.get(timeout=DEADLINE)
        assert isinstance(taken, Taken)
        return taken.take


@pytest.fixture(scope="module")
def words() -> Samples:
    return next(utterances("vi"))


def test_what_was_said_comes_back_disguised(words: Samples) -> None:
    hall = Hall(Mouth(words))
    assert hall.take() is Take.READY
    packets, preview = hall.booth.packets, hall.booth.preview
    assert packets is not None
    assert preview is not None
    assert np.array_equal(decoded(packets, RATE), preview)
    assert hall.lights[0] is True
    assert not hall.mouth.is_open


def test_a_recording_ends_by_itself(words: Samples) -> None:
    hall = Hall(Mouth(words))
    hall.booth.record()
    wait_until(lambda: hall.mouth.at >= LONGEST_S * RATE and not hall.mouth.is_open)
    assert hall.events.empty()
    hall.booth.discard()


@pytest.mark.parametrize("level", [0, 900])
def test_silence_and_noise_are_not_heard(level: int) -> None:
    noise = np.random.default_rng(1).normal(0, level, 5 * RATE).astype(np.int16)
    hall = Hall(Mouth(noise))
    assert hall.take() is Take.UNHEARD
    assert hall.booth.packets is None


def test_a_mute_microphone_is_told_to_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert Hall(Mouth(np.zeros(RATE, np.int16))).take() is Take.UNHEARD
    assert caplog.messages == ["E34"]


def test_a_microphone_in_use_is_told_apart_from_a_lost_recording(
    words: Samples, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        assert Hall(Mouth(words, MicrophoneBusy("in use"))).take() is Take.NO_MICROPHONE
    assert caplog.messages == ["E33"]


def test_an_overdriven_voice_is_not_sent(words: Samples) -> None:
    loud = (words.astype(np.int32) * 20).clip(-32_768, 32_767).astype(np.int16)
    hall = Hall(Mouth(loud))
    assert hall.take() is Take.TOO_LOUD
    assert hall.booth.packets is None


@pytest.mark.parametrize("error", [MicrophoneError("gone"), RuntimeError("secret words")])
def test_whatever_fails_nothing_is_left_and_the_log_has_a_code_alone(
    words: Samples, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    hall = Hall(Mouth(words, error))
    with caplog.at_level(logging.WARNING):
        assert hall.take(60) is Take.LOST
    assert hall.booth.packets is None
    assert hall.booth.preview is None
    assert caplog.messages == ["E30" if isinstance(error, MicrophoneError) else "E40"]


@pytest.mark.parametrize("error", [AudioError("not possible"), MemoryError()])
def test_a_voice_that_cannot_be_disguised_is_never_given_out(
    words: Samples, error: Exception
) -> None:
    def fails(_samples: Samples) -> Samples:
        raise error

    mouth = Mouth(words)
    hall = Hall(mouth)
    hall.booth = VoiceCapture(mouth, hall.events.put, hall.lights.append, fails)
    assert hall.take() is Take.LOST
    assert (hall.booth.packets, hall.booth.preview) == (None, None)


def test_who_leaves_takes_the_recording_along(words: Samples) -> None:
    hall = Hall(Mouth(words))
    hall.booth.record()
    wait_until(lambda: hall.mouth.at > RATE)
    hall.booth.discard()
    wait_until(lambda: not any(t.name == "booth" for t in threading.enumerate()))
    assert hall.events.empty()
    assert hall.booth.packets is None
    hall.mouth.at = 0
    assert hall.take() is Take.READY
    hall.booth.discard()
    assert (hall.booth.packets, hall.booth.preview) == (None, None)


def test_a_missing_microphone_is_said_once(
    words: Samples, caplog: pytest.LogCaptureFixture
) -> None:
    booth = Hall(Mouth(words, MicrophoneError("none"))).booth
    with caplog.at_level(logging.WARNING):
        assert not booth.has_microphone()
        assert not booth.has_microphone()
    assert caplog.messages == ["E30"]

"""What a technician is told of a real microphone and a real loudspeaker."""

from collections.abc import Iterator
from typing import Protocol

import numpy as np
import pytest

from audio.capture.recorder import Microphone
from audio.capture.sound_check import check
from audio.playback.backends import best_output
from audio.playback.output import Devices
from audio.playback.speaker import Speaker
from audio.speech.sound import RATE, Samples
from audio.speech.voice import Clause, Manner
from kiosk.common.errors import MicrophoneBusy
from kiosk.views import staff
from tests.audio.hall import Hall, babble
from tests.waiting import wait_until

SAID = babble(0.5, 1)
FOUND = {"speaker": ("good", "bad"), "microphone": ("good", "missing", "busy", "mute", "loud")}


class InUse:
    """A microphone that another program has opened; a sound server would let both listen."""

    def open(self) -> None:
        raise MicrophoneBusy("in use")

    def read(self) -> Samples:
        raise MicrophoneBusy("in use")

    def close(self) -> None:
        pass


class Speak(Protocol):
    """A speaker on a device that has said something; it is closed after the test."""

    def __call__(self, device: str = "speaker") -> Speaker: ...


@pytest.fixture
def speak(server: Hall) -> Iterator[Speak]:
    speakers: list[Speaker] = []

    def make(device: str = "speaker") -> Speaker:
        speakers.append(Speaker(lambda _: SAID, best_output(Devices(device))))
        over: list[bool] = []
        speakers[-1].say(Clause("Xin chào", "vi"), Manner(), lambda: over.append(True))
        wait_until(lambda: over)
        return speakers[-1]

    yield make
    for speaker in speakers:
        speaker.close()


def test_a_quiet_machine_has_a_good_loudspeaker_and_a_mute_microphone(
    speak: Speak, microphone: str
) -> None:
    assert check(speak(), Microphone(microphone)) == ("speaker_good", "microphone_mute")


@pytest.mark.parametrize(
    ("strength", "found"), [(0.3, "microphone_good"), (40.0, "microphone_loud")]
)
def test_a_microphone_that_hears_is_good_unless_it_is_overdriven(
    speak: Speak, server: Hall, microphone: str, strength: float, found: str
) -> None:
    loud = (babble(30.0, 2) * strength).clip(-32_768, 32_767).astype(np.int16)
    mouth, ear = server.say(loud), server.ear("microphone")
    wait_until(lambda: len(ear.sound) > RATE)
    assert check(speak(), Microphone(microphone))[1] == found
    ear.close()
    mouth.kill()
    mouth.wait()


def test_what_is_not_there_is_told(speak: Speak) -> None:
    missing = check(speak("no such device"), Microphone("no such device"))
    assert missing == ("speaker_bad", "microphone_missing")


def test_a_microphone_in_use_is_told(speak: Speak) -> None:
    assert check(speak(), InUse())[1] == "microphone_busy"


def test_all_that_can_be_told_has_its_words() -> None:
    told = {f"{part}_{how}" for part, hows in FOUND.items() for how in hows}
    assert {f"staff.{name}" for name in told} <= set(staff.catalogue().ids())

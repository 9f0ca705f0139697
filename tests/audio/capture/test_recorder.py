"""The recorder on a real sound server: what is said is heard, and a lost microphone is told."""

import os
import subprocess
import sys

import numpy as np
import pytest
import sounddevice

from audio.capture.recorder import BLOCKS_S, BUSY, MISSING, NO_DEVICE, Microphone, _explained
from audio.playback import portaudio
from audio.playback.aplay import CARDS
from audio.speech.sound import RATE, Samples
from kiosk.common.errors import MicrophoneError
from tests.audio.hall import ALIKE, TRIES, Hall, likeness, spoken
from tests.ui.touch.place import ROOT

WORDS = spoken(1.0, seed=11)


def hears(microphone: Microphone, server: Hall) -> bool:
    """Whether it hears the words: on a busy machine a part may be missed, then again."""
    return any(likeness(heard_by(microphone, server), WORDS)[0] > ALIKE for _ in range(TRIES))


def heard_by(microphone: Microphone, server: Hall) -> Samples:
    microphone.open()
    mouth = server.say(WORDS)
    blocks = []
    while mouth.poll() is None:
        blocks.append(microphone.read())
    blocks += [microphone.read() for _ in range(BLOCKS_S // 2)]
    microphone.close()
    return np.concatenate(blocks)


@pytest.mark.parametrize("by_name", [True, False])
def test_what_is_said_is_heard(server: Hall, microphone: str, by_name: bool) -> None:
    name = microphone if by_name else ""
    assert hears(Microphone(name), server)


def test_a_microphone_of_another_rate_is_heard_as_well(server: Hall, microphone: str) -> None:
    assert hears(Microphone(microphone, rates=(48_000,)), server)


def test_a_missing_microphone_is_told_with_its_cure(server: Hall) -> None:
    with pytest.raises(MicrophoneError, match=r"không có micrô .*cắm micrô") as told:
        Microphone("nobody's microphone").open()
    assert told.value.code == "E30"


def test_what_portaudio_refuses_is_told_apart() -> None:
    told = {
        code: _explained(sounddevice.PortAudioError("no", *code)).message
        for code in [(BUSY,), (NO_DEVICE,), (-9999,), ()]
    }
    assert "đang bận" in told[BUSY,]
    assert told[NO_DEVICE,] == told[()] == MISSING
    assert "không mở được" in told[-9999,]


@pytest.mark.skipif(CARDS.exists(), reason="this machine has a sound card")
def test_a_machine_without_any_sound_card_has_no_microphone() -> None:
    silent = {"PATH": os.environ["PATH"], "PULSE_SERVER": "unix:/nowhere"}
    program = "from audio.capture.recorder import Microphone; Microphone().open()"
    done = subprocess.run(
        [sys.executable, "-c", program], env=silent, cwd=ROOT, capture_output=True, text=True
    )
    assert MISSING in done.stderr


def test_looking_for_devices_never_kills_a_recording(server: Hall, microphone: str) -> None:
    ours = Microphone(microphone)
    ours.open()
    portaudio.look_again()
    assert len(ours.read()) == RATE // 20
    ours.close()


def listen(microphone: Microphone) -> None:
    """Hear what was said before, and then nothing."""
    for _ in range(100):
        microphone.read()


def test_a_microphone_that_goes_ends_the_recording(server: Hall, microphone: str) -> None:
    ours = Microphone(microphone)
    ours.open()
    ours.read()
    server.close()
    try:
        with pytest.raises(MicrophoneError, match="rút"):
            listen(ours)
    finally:
        server.open()

"""A take becomes a clip, or is refused in words that say what to do."""

import numpy as np
import pytest

from audio.capture.takes import clip_of
from audio.speech.levels import SPEECH_DB, WINDOW, level
from audio.speech.sound import FULL_SCALE, RATE, Samples, seconds
from audio.speech.voice import estimated_seconds
from kiosk.common.errors import AudioError, MicrophoneError
from tests.audio.hall import likeness, spoken

TEXT = "Koj xav qhia dab tsi?"
WORDS = spoken(estimated_seconds(TEXT), 3)


def room(length_s: float, decibel: float) -> Samples:
    """The noise of a room."""
    noise = np.random.default_rng(1).normal(0, 10 ** (decibel / 20), int(length_s * RATE))
    return np.rint(noise * FULL_SCALE).astype(np.int16)


@pytest.mark.parametrize("noise_db", [-90, -60, -50])
@pytest.mark.parametrize("gain", [0.25, 1.0])
def test_silence_is_trimmed_in_any_room_and_the_level_is_everyones(
    noise_db: float, gain: float
) -> None:
    take = np.concatenate([room(1.0, noise_db), (WORDS * gain).astype(np.int16), room(2, noise_db)])
    clip = clip_of(take, TEXT)
    assert seconds(clip) == pytest.approx(seconds(WORDS) + 0.15, abs=0.12)
    assert level(clip) == pytest.approx(SPEECH_DB, abs=1)
    assert likeness(clip, WORDS)[0] > 0.9


def test_the_quiet_beginning_of_a_word_stays() -> None:
    aspirated = np.concatenate([room(1, -70), WORDS[: 6 * WINDOW] // 40, WORDS, room(1, -70)])
    assert seconds(clip_of(aspirated, TEXT)) > seconds(WORDS) + 0.06


def test_rumble_is_taken_out() -> None:
    hum = 3000 * np.sin(2 * np.pi * 30 * np.arange(len(WORDS)) / RATE)
    heard = (WORDS * 0.5 + hum).astype(np.int16)
    spectrum = np.abs(np.fft.rfft(clip_of(heard, TEXT)))
    low = int(60 * len(WORDS) / RATE)
    assert spectrum[:low].max() < 0.1 * spectrum[low:].max()


@pytest.mark.parametrize(
    ("take", "error", "told"),
    [
        (WORDS[:100], AudioError, "Ngắn quá"),
        (WORDS[:0], AudioError, "Ngắn quá"),
        (np.zeros(RATE, np.int16), MicrophoneError, "bật micrô"),
        ((WORDS * 60.0).clip(-32768, 32767).astype(np.int16), AudioError, "vỡ"),
        (WORDS // 300, AudioError, "nhỏ"),
        (WORDS[: len(WORDS) // 5], AudioError, "Ngắn hơn"),
        (np.concatenate([WORDS] * 4), AudioError, "Dài hơn"),
    ],
    ids=["a key only", "nothing", "mute", "clipping", "too quiet", "too short", "too long"],
)
def test_a_bad_take_is_refused_with_its_cure(
    take: Samples, error: type[AudioError], told: str
) -> None:
    with pytest.raises(error, match=told) as refused:
        clip_of(take, TEXT)
    assert refused.value.cure
    assert TEXT not in str(refused.value)

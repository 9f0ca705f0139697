"""The disguise keeps the tones of words and moves the rest, measured by Praat."""

from itertools import cycle, islice
from typing import NamedTuple

import numpy as np
import parselmouth
import pytest

from audio.capture.disguise import PITCH_RATIO, Disguise, disguised
from audio.capture.voice_activity import hears_speech
from audio.speech.levels import levelled
from audio.speech.sound import FULL_SCALE, RATE, Samples, seconds
from kiosk.common.errors import AudioError
from tests.audio.utterances import CLIPS, utterances

FLOOR, CEILING = 60, 300
GROSS = 12 * np.log2(1.2)
SHIFTS = np.arange(-0.1, 0.1, 0.01)
FRAMES_LEAST = 100

pytestmark = pytest.mark.skipif(not CLIPS.is_dir(), reason="needs the built clips")
MASKS = (
    Disguise(120.0, 1.15, 0.75, 1.05),
    Disguise(200.0, 0.85, 0.9, 0.97),
    Disguise(150.0, 0.9, 0.8, 1.1),
    Disguise(180.0, 1.2, 0.85, 1.0),
)


def praat(samples: Samples) -> parselmouth.Sound:
    return parselmouth.Sound(samples / FULL_SCALE, RATE)


def pitch(samples: Samples, times: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """Praat's contour, by autocorrelation with its own costs; tone m falls below its own floor."""
    found = praat(samples).to_pitch_ac(0.01, FLOOR * times, pitch_ceiling=CEILING * times)
    return found.xs(), found.selected_array["frequency"]


class Kept(NamedTuple):
    """How two contours agree, in semitones. Frames that differ by more than a fifth of their Hz,
    gross errors of the tracker (Rabiner et al., 1976), are counted apart in `gross`."""

    correlation: float
    distance: float
    gross: float


def kept_tones(before: Samples, after: Samples, mask: Disguise) -> Kept:
    """The contours of both, where both are voiced, at their best alignment."""
    times, low = pitch(levelled(before))
    moved = mask.pitch_hz / np.median(low[low > 0])
    at, high = pitch(after, float(np.clip(moved, *PITCH_RATIO)))
    return max(_alike(times / mask.tempo + shift, low, at, high) for shift in SHIFTS)


def _alike(times: np.ndarray, low: np.ndarray, at: np.ndarray, high: np.ndarray) -> Kept:
    voiced = np.interp(times, at, (high > 0).astype(float)) > 0.99
    both = voiced & (low > 0)
    assert both.sum() > FRAMES_LEAST
    first = 12 * np.log2(low[both])
    second = 12 * np.log2(np.interp(times[both], at, high))
    apart = second - first - np.median(second - first)
    gross = np.abs(apart) > GROSS
    return Kept(
        float(np.corrcoef(first[~gross], second[~gross])[0, 1]),
        float(np.median(np.abs(apart))),
        float(gross.mean()),
    )


def measured(language: str, most: int) -> list[Kept]:
    """How the tones of so many pieces were kept, each with the next mask."""
    pieces = zip(islice(utterances(language), most), cycle(MASKS), strict=False)
    return [kept_tones(said, disguised(said, mask), mask) for said, mask in pieces]


@pytest.mark.parametrize(
    "most", [pytest.param(8, id="some"), pytest.param(1000, id="all", marks=pytest.mark.soak)]
)
@pytest.mark.parametrize(("language", "gross"), [("vi", 0.01), ("hmn", 0.03)])
def test_tones_are_kept_in_every_piece(language: str, gross: float, most: int) -> None:
    found = measured(language, most)
    assert min(kept.correlation for kept in found) >= 0.95
    assert np.median([kept.distance for kept in found]) <= 0.35
    assert np.mean([kept.gross for kept in found]) <= gross


def formants(samples: Samples) -> np.ndarray:
    """Medians of the first two formants where the voice is loud."""
    found = praat(samples).to_formant_burg(maximum_formant=4000, max_number_of_formants=4)
    loud = praat(samples).to_intensity()
    times = [t for t in found.xs() if (loud.get_value(t) or 0) > 60]
    return np.array(
        [np.nanmedian([found.get_value_at_time(number, t) for t in times]) for number in (1, 2)]
    )


def test_formants_and_pitch_are_moved() -> None:
    said = next(utterances("vi"))
    masked = disguised(said, Disguise(180.0, 1.2, 0.78, 1.0))
    assert np.median(_voiced(masked)) / np.median(_voiced(levelled(said))) > 1.3
    assert np.all(np.abs(np.log2(formants(masked) / formants(said))) > 0.08)


def _voiced(samples: Samples) -> np.ndarray:
    hz = pitch(samples)[1]
    return hz[hz > 0]


def test_two_disguises_of_one_voice_differ() -> None:
    said = next(utterances("vi"))
    first, second = disguised(said), disguised(said)
    shortest = min(len(first), len(second))
    assert len(first) != len(second) or not np.array_equal(first, second)
    assert abs(np.corrcoef(first[:shortest], second[:shortest])[0, 1]) < 0.5


def test_every_drawn_mask_is_within_its_bounds() -> None:
    drawn = [Disguise.drawn() for _ in range(200)]
    assert len({mask.power for mask in drawn}) == 200
    assert all(0.97 <= mask.tempo <= 1.1 and 110 <= mask.pitch_hz <= 210 for mask in drawn)
    assert {mask.formants > 1 for mask in drawn} == {True, False}


def test_half_a_minute_stays_short_enough_for_its_packets() -> None:
    said = np.resize(next(utterances("hmn")), 30 * RATE)
    assert seconds(disguised(said, Disguise(150.0, 1.1, 0.8, 0.97))) < 31.2


def test_silence_around_the_words_hum_and_offset_are_gone() -> None:
    said = next(utterances("vi"))
    hum = 3000 * np.sin(2 * np.pi * 50 * np.arange(len(said) + 4 * RATE) / RATE) + 2000
    noisy = (np.pad(said // 2, 2 * RATE) + hum).clip(-32_000, 32_000).astype(np.int16)
    masked = disguised(noisy, Disguise(120.0, 1.1, 0.8, 1.0))
    assert seconds(masked) < seconds(said) + 0.7
    spectrum = np.abs(np.fft.rfft(masked))
    at = np.fft.rfftfreq(len(masked), 1 / RATE)
    assert np.sum(spectrum[at < 70] ** 2) < 1e-3 * np.sum(spectrum**2)


def test_a_clipping_voice_is_disguised_and_does_not_clip() -> None:
    loud = (next(utterances("vi")).astype(np.int32) * 20).clip(-32_768, 32_767).astype(np.int16)
    assert np.abs(disguised(loud)).max() < 32_000


@pytest.mark.parametrize("samples", [np.zeros(3 * RATE, np.int16), np.zeros(0, np.int16)])
def test_where_nobody_speaks_there_is_nothing_to_send(samples: Samples) -> None:
    with pytest.raises(AudioError):
        disguised(samples)


def test_a_second_of_speech_is_heard_and_noise_is_not() -> None:
    said = next(utterances("hmn"))
    noise = np.random.default_rng(3).normal(0, 2000, 5 * RATE).astype(np.int16)
    assert hears_speech(said)
    assert not hears_speech(said[: RATE // 3])
    assert not hears_speech(noise)
    assert not hears_speech(np.zeros(5 * RATE, np.int16))

"""Tones carry words: every string is measured against the targets with Praat."""

from collections import defaultdict
from statistics import mean, median

import numpy as np
import pytest

from audio.hmong import tones
from audio.hmong.build import sounds
from tests.audio.hmong.measuring import (
    Utterance,
    cepstral_peak,
    harmonicity,
    jitter,
    late,
    lowest_harmonics,
    pitch_errors,
)

LONG = ("", "b", "j", "s", "g", "d")
LOUDEST = 32_000 / 32_768


def test_every_string_has_its_syllables(catalogue: list[Utterance]) -> None:
    assert len(catalogue) > 150
    for said in catalogue:
        assert list(said.syllables()), said.text


def test_every_tone_is_where_it_should_be(catalogue: list[Utterance]) -> None:
    errors: defaultdict[str, list[float]] = defaultdict(list)
    for said in catalogue:
        for tone, error in pitch_errors(said):
            errors[tone].append(error)
    of_all = [error for of_one in errors.values() for error in of_one]
    assert len(of_all) >= 90
    assert mean(of_all) <= 0.25
    assert set(errors) == {"", "b", "j", "v", "s", "g", "m"}
    assert {tone: mean(of_one) for tone, of_one in errors.items() if mean(of_one) > 0.7} == {}


def test_nothing_is_cut_off_by_loudness(catalogue: list[Utterance]) -> None:
    assert max(np.abs(said.samples).max() for said in catalogue) < LOUDEST


def test_each_tone_alone_is_nearest_to_its_own_target(
    in_each_tone: dict[str, list[Utterance]],
) -> None:
    for tone, said in in_each_tone.items():
        found = [error for utterance in said for _, error in pitch_errors(utterance)]
        assert median(found) <= 0.7, tone


def test_g_is_breathy(in_each_tone: dict[str, list[Utterance]]) -> None:
    """Against s, which is as low: a stronger fundamental, more noise, a weaker cepstral peak."""
    breathy, plain = ([late(utterance) for utterance in in_each_tone[tone]] for tone in ("g", "s"))
    assert median(map(lowest_harmonics, breathy)) > median(map(lowest_harmonics, plain)) + 5
    assert median(map(harmonicity, breathy)) < median(map(harmonicity, plain)) - 3
    assert median(map(cepstral_peak, breathy)) < median(map(cepstral_peak, plain)) - 3


def test_m_creaks(in_each_tone: dict[str, list[Utterance]]) -> None:
    creaky, plain = ([late(utterance) for utterance in in_each_tone[tone]] for tone in ("m", "s"))
    assert median(map(jitter, creaky)) > 3 * median(map(jitter, plain))
    assert median(map(harmonicity, creaky)) < median(map(harmonicity, plain)) - 6
    assert median(map(cepstral_peak, creaky)) < median(map(cepstral_peak, plain)) - 6


def test_m_and_v_are_shorter_than_the_others(in_each_tone: dict[str, list[Utterance]]) -> None:
    lasting = {
        tone: mean(end - begin for said in all_said for _, begin, end in said.syllables())
        for tone, all_said in in_each_tone.items()
    }
    assert lasting["m"] < lasting["v"] < min(lasting[tone] for tone in LONG)


@pytest.mark.parametrize(
    ("tone", "hertz"),
    [
        ("b", (160, 173)), ("j", (175, 107)), ("v", (112, 153)), ("", (125, 123)),
        ("s", (109, 102)), ("g", (144, 102)), ("m", (116, 72)), ("d", (109, 129)),
    ],
)  # fmt: skip
def test_the_targets_are_the_published_ones(tone: str, hertz: tuple[float, float]) -> None:
    levels = sounds()["tones"][tone]["levels"]
    assert [round(tones.hertz(levels, time)) for time in (0, 1)] == list(hertz)


def test_hz_become_the_units_of_espeak_and_back() -> None:
    for tone in sounds()["tones"].values():
        low, high, contour = tones.pitch_envelope(tone["levels"])
        first, last = tones.PITCH
        for time in (0.0, 0.5, 1.0):
            unit = low + (high - low) * contour[round(time * 127)] / 256
            hz = (first - 9) + unit * (last - first) * 108 / 8192
            assert hz == pytest.approx(tones.hertz(tone["levels"], time), abs=1.5)

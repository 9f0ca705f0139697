"""Consonants that tell words apart: aspirated or not, dental, retroflex or palatal."""

from statistics import mean

import pytest

from audio.hmong.build import sounds
from kiosk.content.hmong_orthography import letters
from tests.audio.hmong.measuring import (
    Speaking,
    Utterance,
    first_formants,
    release_centre,
    voice_onset_ms,
)

PAIRS = [
    ("p", "ph"), ("np", "nph"), ("t", "th"), ("nt", "nth"), ("d", "dh"), ("r", "rh"),
    ("nr", "nrh"), ("c", "ch"), ("nc", "nch"), ("k", "kh"), ("nk", "nkh"), ("q", "qh"),
    ("nq", "nqh"), ("tx", "txh"), ("ntx", "ntxh"), ("ts", "tsh"), ("nts", "ntsh"),
]  # fmt: skip
AFFRICATES = ("c", "ts", "tx")


@pytest.fixture(scope="module")
def after_a_vowel(spoken: Speaking) -> dict[str, Utterance]:
    """Onset -> that onset between two vowels."""
    onsets = sorted({onset for pair in PAIRS for onset in pair})
    return dict(zip(onsets, spoken([f"po {onset}ab" for onset in onsets]), strict=True))


@pytest.mark.parametrize(("plain", "aspirated"), PAIRS)
def test_aspiration_is_heard(
    after_a_vowel: dict[str, Utterance], plain: str, aspirated: str
) -> None:
    longer = voice_onset_ms(after_a_vowel[aspirated]) - voice_onset_ms(after_a_vowel[plain])
    assert longer >= 50, f"{longer:.0f} ms"


def test_affricates_hiss_at_their_own_places(after_a_vowel: dict[str, Utterance]) -> None:
    palatal, retroflex, dental = (release_centre(after_a_vowel[o]) for o in AFFRICATES)
    assert retroflex < palatal < dental
    assert dental - retroflex > 1000


def test_every_letter_has_a_sound() -> None:
    tables = sounds()
    assert {*tables["onsets"], ""} == set(letters()["onset"])
    assert set(tables["rimes"]) == set(letters()["rime"])
    assert set(tables["tones"]) == set(letters()["tone"])


def test_vowels_are_where_vowels_are(spoken: Speaking) -> None:
    """First and second formant in Hz of the corner vowels of a man's voice, and of w between."""
    a, i, u, w = (first_formants(said) for said in spoken(["pa", "pi", "pu", "pw"]))
    assert a[0] > 700
    assert mean(near[0] for near in (i, u, w)) < 450
    assert u[1] < 1100 < w[1] < 1950 < i[1]

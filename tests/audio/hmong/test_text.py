"""Written Hmong as it is to be spoken: numbers, changed tones, Vietnamese words inside."""

import csv
import unicodedata
from importlib import resources

import pytest

from audio.hmong import numbers
from audio.hmong.text import spoken
from kiosk.content.hmong_orthography import WORD, syllables
from tests.audio.hmong.measuring import Speaking, Utterance


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "xoom"),
        (7, "xya"),
        (10, "kaum"),
        (12, "kaum ob"),
        (20, "nees nkaum"),
        (35, "peb caug tsib"),
        (90, "cuaj caum"),
        (113, "ib puas kaum peb"),
        (1_000, "ib txhiab"),
        (1_729, "ib txhiab xya puas nees nkaum cuaj"),
        (9_999, "cuaj txhiab cuaj puas cuaj caum cuaj"),
    ],
)
def test_numbers_in_words(number: int, words: str) -> None:
    assert numbers.words(number) == words


def test_all_numbers_differ_and_are_hmong() -> None:
    said = [numbers.words(number) for number in range(numbers.LARGEST + 1)]
    assert len(set(said)) == len(said)
    assert all(syllables(word) for text in said for word in text.split())


@pytest.mark.parametrize("number", [-1, 10_000])
def test_numbers_beyond_the_known_words_are_refused(number: int) -> None:
    with pytest.raises(ValueError, match="9999"):
        numbers.words(number)


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("Nyob zoo.", [("hmn", "Nyob zoo.")]),
        (
            "Mus công an, tsis txhob ntshai.",
            [("hmn", "Mus"), ("vi", "công an,"), ("hmn", "tsis txhob ntshai.")],
        ),
        ("Tsheb xe máy ploj", [("hmn", "Tsheb"), ("vi", "xe máy"), ("hmn", "ploj")]),
        ("Bộ đội biên phòng", [("vi", "Bộ đội biên phòng")]),
        ("Zos Na Cô Sa 3", [("hmn", "Zos"), ("vi", "Na Cô Sa"), ("hmn", "peb")]),
        ("Hu 0215 3", [("hmn", "Hu xoom ob ib tsib peb")]),
        ("Hu 12345", [("hmn", "Hu ib ob peb plaub tsib")]),
        ("Ib tus neeg", [("hmn", "ib tug neeg")]),
        ("peb caum leej", [("hmn", "peb caug leej")]),
        ("tsib leej", [("hmn", "tsib leeg")]),
        ("Txoj siav", [("hmn", "txoj sia")]),
        ("", []),
        ("…!", []),
    ],
)
def test_runs_of_one_language(text: str, runs: list[tuple[str, str]]) -> None:
    assert spoken(text) == runs


def test_letters_with_loose_accents_are_the_same_letters() -> None:
    loose = unicodedata.normalize("NFD", "Mus công an")
    assert spoken(loose) == spoken("Mus công an")


def test_tones_are_changed_only_in_listed_phrases() -> None:
    untouched = "Peb niam thiab ib lub tsev"
    assert spoken(untouched) == [("hmn", untouched)]


def test_every_word_of_the_vocabulary_has_as_many_sounds_as_syllables(
    spoken_by_voice: list[Utterance],
) -> None:
    for said in spoken_by_voice:
        written = [s for word in WORD.findall(said.text) for s in syllables(word)]
        assert len(said.rimes()) == len(written), said.text


@pytest.fixture
def spoken_by_voice(request: pytest.FixtureRequest) -> list[Utterance]:
    text = resources.files("kiosk.content").joinpath("strings", "vocabulary.tsv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines(), delimiter="\t")
    speak: Speaking = request.getfixturevalue("spoken")
    return speak([row["rpa_white_hmong"] for row in rows])

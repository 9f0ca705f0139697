"""Hmong spelling, against words whose letters in both scripts were read side by side."""

import csv
from importlib import resources

import pytest

from kiosk.content import catalog
from kiosk.content.hmong_orthography import in_1961_script, letters, syllables

READ_SIDE_BY_SIDE = {
    "pov": "por", "phab": "faz", "npua": "buô", "pluag": "pluôs", "nplej": "blêx", "tuaj": "tuôx",
    "thaum": "thâuv", "ntoo": "ntông", "dej": "đêx", "dhau": "đhâu", "rau": "trâu",
    "nrhiav": "nriêr", "cov": "chor", "chaw": "qơư", "ncaus": "ndâuk", "kuv": "cur", "kev": "cêr",
    "nkauj": "gâux", "qaib": "kêiz", "qhov": "kror", "qhib": "kriz", "nqi": "gri", "txiv": "txir",
    "txhua": "cxuô", "ntxov": "nzor", "tsev": "tsêr", "tsho": "yo", "ntsuab": "njuôz",
    "nyob": "nhoz", "hnub": "hnuz", "mloog": "mnôngs", "hluas": "hluôk", "feem": "phênhv",
    "xwb": "xưz", "siab": "siêz", "zoo": "jông", "yog": "zos", "xyoo": "shông", "muaj": "muôx",
    "loj": "lox", "hauv": "hâur", "ntau": "ntâu", "tag": "tas", "niam": "niêv", "ntawd": "ntơư",
}  # fmt: skip
SPELT_TWO_WAYS = {"kêiz": "keiz"}


def vocabulary() -> list[dict[str, str]]:
    text = resources.files("kiosk.content").joinpath("strings", "vocabulary.tsv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines(), delimiter="\t"))


@pytest.mark.parametrize(("rpa", "official"), READ_SIDE_BY_SIDE.items())
def test_words_read_in_both_scripts_are_converted_letter_for_letter(
    rpa: str, official: str
) -> None:
    assert in_1961_script(rpa) == SPELT_TWO_WAYS.get(official, official)


def test_the_whole_vocabulary_converts_as_it_was_derived_by_hand() -> None:
    rows = vocabulary()
    assert len(rows) == 225
    for row in rows:
        assert in_1961_script(row["rpa_white_hmong"]) == row["vn_hmong_derived"], row["id"]


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("menyuam", ["m-e-", "ny-ua-m"]),
        ("kovyeej", ["k-o-v", "y-ee-j"]),
        ("nomtswv", ["n-o-m", "ts-w-v"]),
        ("tebchaws", ["t-e-b", "ch-aw-s"]),
        ("dabtsi", ["d-a-b", "ts-i-"]),
        ("pojniam", ["p-o-j", "n-ia-m"]),
        ("ntxhais", ["ntxh-ai-s"]),
        ("nplhaib", ["nplh-ai-b"]),
        ("ib", ["-i-b"]),
    ],
)
def test_joined_words_are_divided(word: str, parts: list[str]) -> None:
    assert ["-".join(syllable) for syllable in syllables(word)] == parts


@pytest.mark.parametrize("word", ["công", "phòng", "an", "Việt", "b", "street", "ng"])
def test_other_languages_are_no_hmong_words(word: str) -> None:
    assert syllables(word) == ()
    assert in_1961_script(word) == word


def test_punctuation_capitals_and_foreign_words_stay() -> None:
    assert in_1961_script("Nyob zoo, công an!") == "Nhoz jông, công an!"


def test_no_two_onsets_of_a_branch_become_one() -> None:
    spelt_twice = {"nl", "hnl"}
    onsets = [v for k, v in letters()["onset"].items() if k not in spelt_twice]
    assert len(onsets) == len(set(onsets))
    rimes = list(letters()["rime"].values())
    assert len(rimes) == len(set(rimes))


def test_labels_change_their_script_and_what_is_spoken_does_not() -> None:
    plain = catalog.load()
    official = plain.written_in(catalog.VN1961)
    assert official.words("ui.back", "hmn").show == "Tror kaz"
    assert official.words("ui.back", "hmn").speak == "Rov qab"
    assert official.words("ui.back", "vi") == plain.words("ui.back", "vi")
    assert official.unsettled("hmn") == plain.unsettled("hmn")
    assert plain.written_in(catalog.RPA) is plain

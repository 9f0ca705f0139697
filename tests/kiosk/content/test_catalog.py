"""Every string in both languages, and no Hmong word shown with more confidence than it has."""

import csv
import re
import tomllib
from importlib import resources

from kiosk.content import catalog
from kiosk.content.questionnaire import load
from kiosk.flow.model import Rules
from kiosk.views import inventory
from ui.phone.page.content import named_strings

STRINGS = resources.files("kiosk.content").joinpath("strings")
OWN_NAME = {"hmoob"}


def vocabulary() -> dict[str, dict[str, str]]:
    text = STRINGS.joinpath("vocabulary.tsv").read_text("utf-8")
    return {row["id"]: row for row in csv.DictReader(text.splitlines(), delimiter="\t")}


def hmong_entries() -> dict[str, dict[str, object]]:
    raw = tomllib.loads(STRINGS.joinpath("hmn.toml").read_text("utf-8"))
    return {
        f"{group}.{name}": entry for group, names in raw.items() for name, entry in names.items()
    }


def tokens(text: str) -> set[str]:
    return set(re.findall(r"[a-z]+", text.lower()))


def test_no_string_lacks_a_language() -> None:
    questionnaire = load()
    needed = questionnaire.strings() | inventory.needs(Rules(questionnaire)).strings
    assert list(catalog.load(needed).problems(needed)) == []


def test_no_string_is_unused() -> None:
    questionnaire = load()
    used = questionnaire.strings() | inventory.needs(Rules(questionnaire)).strings | named_strings()
    assert catalog.load().ids() == used


def test_every_hmong_word_not_in_the_vocabulary_is_marked_c() -> None:
    attested = OWN_NAME.union(
        *(
            tokens(row["rpa_white_hmong"])
            for row in vocabulary().values()
            if row["confidence"] != "C"
        )
    )
    unmarked = {
        string_id
        for string_id, entry in hmong_entries().items()
        if entry["confidence"] != "C"
        and tokens(f"{entry['show']} {entry.get('speak', '')}") - attested
    }
    assert unmarked == set()


def test_no_hmong_string_claims_more_than_its_sources() -> None:
    words = vocabulary()
    for string_id, entry in hmong_entries().items():
        sources = entry.get("from", [])
        assert isinstance(sources, list)
        single = next((words[s]["rpa_white_hmong"] for s in sources), "")
        if entry["confidence"] == "A":
            assert len(sources) == 1, string_id
            assert tokens(str(entry["show"])) == tokens(single), string_id
            assert words[sources[0]]["confidence"] == "A", string_id
        assert all(source in words for source in sources), string_id


def test_what_is_marked_c_is_not_settled() -> None:
    strings = catalog.load()
    assert not strings.words("choice.gambling", "hmn").settled
    assert strings.words("choice.gun", "hmn").settled
    assert "choice.gambling" in strings.unsettled("hmn")
    assert strings.unsettled("vi") == frozenset()


def test_hmong_asks_for_danger_and_not_for_injury() -> None:
    """Who is threatened and unhurt must not answer no; *raug mob* is injured or sick."""
    entries = hmong_entries()
    for string_id in ("ask.danger", "choice.danger_yes", "ui.urgent"):
        words = tokens(str(entries[string_id]["show"]))
        assert {"phom", "sij"} <= words, string_id
        assert "mob" not in words, string_id


def test_hmong_too_says_that_a_report_is_slower_than_a_call() -> None:
    assert "qeeb" in tokens(str(hmong_entries()["say.danger"]["speak"]))


def test_no_hmong_string_says_like_this_for_now() -> None:
    """*Nyiam no* is mostly heard as "like this"; *tam sim no* is now."""
    for string_id, entry in hmong_entries().items():
        assert "nyiam no" not in f"{entry['show']} {entry.get('speak', '')}".lower(), string_id

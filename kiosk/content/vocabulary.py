"""The vocabulary: words read in sources, of which the Hmong strings are made."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True)
class Entry:
    """One word or phrase: White Hmong in RPA, with its meanings."""

    english: str
    rpa: str
    vietnamese: str
    confidence: str


@cache
def vocabulary() -> Mapping[str, Entry]:
    """All entries by their ids, as `from` in strings/hmn.toml names them."""
    text = resources.files("kiosk.content").joinpath("strings", "vocabulary.tsv").read_text("utf-8")
    return {
        row["id"]: Entry(
            row["english"], row["rpa_white_hmong"], row["vietnamese"], row["confidence"]
        )
        for row in csv.DictReader(text.splitlines(), delimiter="\t")
    }

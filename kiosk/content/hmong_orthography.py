"""Hmong spelling: words of the Romanized Popular Alphabet as syllables, and the 1961 script.

The letters are data (`hmong_orthography.toml`). A syllable has an onset, a rime and a tone letter;
onset and tone may be missing. Words are often joined (pojniam), so a word may hold several
syllables.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import NamedTuple

WORD = re.compile(r"[^\W\d_]+")


class Syllable(NamedTuple):
    """The letters of one syllable; `onset` and `tone` may be empty."""

    onset: str
    rime: str
    tone: str


@cache
def letters() -> Mapping[str, Mapping[str, str]]:
    """The tables `onset`, `rime` and `tone`: RPA letters to those of the 1961 script."""
    tables: dict[str, dict[str, str]] = tomllib.loads(
        resources.files("kiosk.content").joinpath("hmong_orthography.toml").read_text("utf-8")
    )
    tables["onset"][""] = tables["tone"][""] = ""
    return tables


@cache
def syllables(word: str) -> tuple[Syllable, ...]:
    """The syllables of a word; empty when it cannot be a Hmong word.

    The longest onset is tried first; a tone letter before a vowel is the next onset instead.
    """
    return next(_parses(word.lower()), ())


def _parses(word: str) -> Iterator[tuple[Syllable, ...]]:
    table = letters()
    for onset in _heads(word, table["onset"]):
        after_onset = word[len(onset) :]
        for rime in _heads(after_onset, table["rime"]):
            after_rime = after_onset[len(rime) :]
            for tone in _heads(after_rime, table["tone"]):
                syllable, rest = Syllable(onset, rime, tone), after_rime[len(tone) :]
                if not rest:
                    yield (syllable,)
                for others in _parses(rest):
                    yield (syllable, *others)


def _heads(word: str, known: Mapping[str, str]) -> list[str]:
    """Those of the known letters that a word begins with, longest first."""
    return sorted((head for head in known if word.startswith(head)), key=len, reverse=True)


def in_1961_script(text: str) -> str:
    """RPA text in the Vietnamese Hmong script of 1961; words that are not Hmong stay."""
    return WORD.sub(lambda match: _converted(match[0]), text)


def _converted(word: str) -> str:
    table = letters()
    parts = [
        table["onset"][s.onset] + table["rime"][s.rime] + table["tone"][s.tone]
        for s in syllables(word)
    ]
    converted = " ".join(parts) or word
    return converted[0].upper() + converted[1:] if word[0].isupper() else converted

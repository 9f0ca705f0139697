"""Written Hmong as it is spoken: numbers in words, tones changed, Vietnamese words told apart."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import resources
from itertools import groupby
from typing import Any

from audio.hmong import numbers
from kiosk.content.hmong_orthography import WORD, syllables

Run = tuple[str, str]
"""A language and the text to be spoken in it."""


def spoken(text: str) -> list[Run]:
    """The runs of a Hmong text in order, each Hmong (`hmn`) or Vietnamese (`vi`)."""
    text = re.sub(r"\d+", lambda match: _in_words(match[0]), unicodedata.normalize("NFC", text))
    changes = _tone_changes()
    text = _any_of(changes).sub(lambda match: changes[match[0].lower()], text)
    return [
        (language, "".join(part for _, part in parts).strip())
        for language, parts in groupby(_parts(text), key=lambda part: part[0])
    ]


def _parts(text: str) -> Iterator[Run]:
    """Words and loans with all that stands before the next one."""
    loans = _any_of(_table()["vietnamese"])
    words = [*re.finditer(f"{loans.pattern}|{WORD.pattern}", text, re.IGNORECASE)]
    ends = [*(word.start() for word in words[1:]), len(text)]
    for word, end in zip(words, ends, strict=False):
        foreign = loans.fullmatch(word[0]) or not syllables(word[0])
        yield "vi" if foreign else "hmn", text[word.start() : end]


def _in_words(digits: str) -> str:
    """A number in words; telephone numbers and other long ones digit by digit."""
    if len(digits) > len(str(numbers.LARGEST)) or digits.startswith("0"):
        return " ".join(numbers.words(int(digit)) for digit in digits)
    return numbers.words(int(digits))


def _any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(phrases, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b", re.IGNORECASE)


@cache
def _tone_changes() -> dict[str, str]:
    """Phrases as written -> as spoken."""
    table = _table()["tone_change"]
    counted = {
        f"{number} {word}": f"{number} {changed}"
        for number in table["after"]
        for word, changed in table["words"].items()
    }
    return {**counted, **table["phrases"]}


@cache
def _table() -> dict[str, Any]:
    text = resources.files("audio.hmong").joinpath("spoken.toml").read_text("utf-8")
    return tomllib.loads(text)

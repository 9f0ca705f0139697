"""The catalogue: string id and language -> words to show and to speak, with their confidence."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from importlib import resources
from typing import Any

from kiosk.common.errors import QuestionnaireError
from kiosk.content.hmong_orthography import in_1961_script

CONFIDENCES = ("A", "B", "C")
HMONG = "hmn"
LANGUAGES = ("vi", HMONG)
RPA, VN1961 = "rpa", "vn1961"
HMONG_SCRIPTS = (RPA, VN1961)


@dataclass(frozen=True)
class Words:
    """What one string says: `show` on the screen, `speak` aloud.

    `confidence` is A (attested), B (composed of attested words) or C (a guess that a native
    speaker must settle); Vietnamese strings are always A. `made_of` names the entries of
    kiosk/content/vocabulary.py that the words were made of.
    """

    show: str
    speak: str
    confidence: str = "A"
    made_of: tuple[str, ...] = ()

    @property
    def settled(self) -> bool:
        """Whether the words may stand alone on a screen."""
        return self.confidence != "C"


class Catalog:
    """All strings of the product in all its languages."""

    def __init__(self, strings: Mapping[str, Mapping[str, Words]]) -> None:
        self._strings = strings

    def words(self, string_id: str, language: str) -> Words:
        """The words of one string; KeyError for an id or language that does not exist."""
        return self._strings[language][string_id]

    def ids(self) -> frozenset[str]:
        """Every string id that any language has."""
        return frozenset().union(*self._strings.values())

    def problems(self, needed: Iterable[str] = ()) -> Iterator[str]:
        """Say which of the existing and needed strings lack which language."""
        for string_id in sorted(self.ids().union(needed)):
            for language in LANGUAGES:
                if string_id not in self._strings[language]:
                    yield f"string {string_id!r} has no {language}"

    def written_in(self, hmong_script: str) -> "Catalog":
        """The same catalogue with the Hmong labels in a script; what is spoken stays in RPA."""
        if hmong_script == RPA:
            return self
        labels = {
            string_id: replace(words, show=in_1961_script(words.show))
            for string_id, words in self._strings[HMONG].items()
        }
        return Catalog({**self._strings, HMONG: labels})

    def unsettled(self, language: str) -> frozenset[str]:
        """The ids whose words still wait for a native speaker."""
        return frozenset(i for i, words in self._strings[language].items() if not words.settled)


def load(needed: Iterable[str] = ()) -> Catalog:
    """Read the product's strings.

    Raises QuestionnaireError naming every string that lacks a language and every unknown
    confidence at once.
    """
    folder = resources.files("kiosk.content").joinpath("strings")
    raw = {
        language: tomllib.loads(folder.joinpath(f"{language}.toml").read_text("utf-8"))
        for language in LANGUAGES
    }
    catalog = Catalog({language: dict(_strings(raw[language])) for language in LANGUAGES})
    problems = [*catalog.problems(needed), *_confidence_problems(catalog)]
    if problems:
        raise QuestionnaireError("catalogue", problems)
    return catalog


def _strings(raw: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, Words]]:
    for group, entries in raw.items():
        for name, entry in entries.items():
            fields = entry if isinstance(entry, dict) else {"show": entry}
            show = str(fields["show"])
            words = Words(
                show,
                str(fields.get("speak", show)),
                str(fields.get("confidence", "A")),
                tuple(fields.get("from", ())),
            )
            yield f"{group}.{name}", words


def _confidence_problems(catalog: Catalog) -> Iterator[str]:
    for language in LANGUAGES:
        for string_id in sorted(catalog.ids()):
            words = catalog._strings[language].get(string_id)
            if words and words.confidence not in CONFIDENCES:
                yield f"string {string_id!r} has the unknown confidence {words.confidence!r}"

"""Finding cases among those in memory: by words, by kind, and those that tell of the same."""

import unicodedata
from collections.abc import Callable, Iterable, Sequence

from uplink.station.desk.cases.casebook import Case
from uplink.station.reading.listing import plain

NEAR_H = 7 * 24
MANY = 5


class Finder:
    """Searches cases by what `describe` says of them; each is described once a version."""

    def __init__(self, describe: Callable[[Case], str]) -> None:
        self._describe = describe
        self._texts: dict[str, tuple[int, str]] = {}

    def matching(self, cases: Iterable[Case], words: str) -> list[Case]:
        """Those that hold every one of the words, with or without accents."""
        wanted = folded(words).split()
        return [case for case in cases if all(word in self._text(case) for word in wanted)]

    def _text(self, case: Case) -> str:
        known = self._texts.get(case.id)
        if known is None or known[0] != case.version:
            known = case.version, folded(self._describe(case))
            self._texts[case.id] = known
        return known[1]


def describe(case: Case, sentence: str, place: str) -> str:
    """All the words by which a case may be found."""
    report = case.report
    typed = plain(report.text or "") if report else ""
    return " ".join((sentence, place, typed, *(event.text for event in case.events)))


def folded(text: str) -> str:
    """Small letters without accents, as people type them in a hurry."""
    bare = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(letter for letter in bare if not unicodedata.combining(letter))


def related(case: Case, cases: Iterable[Case], cluster: Callable[[str], str]) -> Sequence[Case]:
    """Cases that may tell of the same: same box and matter, near in place and time."""
    home = cluster(case.kiosk)
    near = [
        other
        for other in cases
        if abs(other.hour - case.hour) <= NEAR_H
        and other.id != case.id
        and _same_matter(case, other)
        and cluster(other.kiosk) == home
    ]
    return sorted(near, key=lambda other: (_differences(case, other), abs(other.hour - case.hour)))[
        :MANY
    ]


def _same_matter(case: Case, other: Case) -> bool:
    mine, its = case.report, other.report
    if mine is None or its is None or mine.box != its.box:
        return False
    return mine.what[:1] == its.what[:1]


def _differences(case: Case, other: Case) -> int:
    assert case.report is not None
    assert other.report is not None
    return sum(
        getattr(case.report, name) != getattr(other.report, name)
        for name in ("where", "when", "how_many")
    )

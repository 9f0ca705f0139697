"""How the desk says things in Vietnamese: hours, states, choices and whole reports.

Words that could name a village are held back until the case is released.
"""

import tomllib
from collections.abc import Callable, Iterable
from datetime import date, datetime
from importlib import resources

from kiosk.common import event_registry
from kiosk.content.catalog import Catalog
from kiosk.content.questionnaire import Questionnaire
from kiosk.protocol.report import Report
from uplink.station.desk.cases.casebook import Case, CaseState
from uplink.station.reading.listing import plain

HOUR_S = 3600
STATES = {
    CaseState.RECEIVED: "Mới nhận",
    CaseState.CHECKING: "Đang xác minh",
    CaseState.ACTED: "Đã xử lý",
    CaseState.CLOSED: "Đã xong",
    CaseState.FALSE: "Tin sai",
}
NEAR_DAYS = {-1: "ngày mai", 0: "hôm nay", 1: "hôm qua"}
VILLAGE = "village:"
HIDDEN_VILLAGE = "một bản đang được giấu tên"
_HALF_DAYS = {"am": "sáng", "pm": "chiều"}
_ASIDE = ("facts", "seen")


class Words:
    """Puts cases into words; `place` names the kiosk or cluster of a case, `village` a village.

    `now` gives Unix seconds.
    """

    def __init__(
        self,
        catalog: Catalog,
        questionnaire: Questionnaire,
        place: Callable[[Case], str],
        village: Callable[[Case, str], str],
        now: Callable[[], float],
    ) -> None:
        self._catalog = catalog
        self._place = place
        self._name = village
        self._now = now
        self._aside = {c for name in _ASIDE for c in questionnaire.questions[name].choices}
        source = resources.files("uplink.station.desk.web").joinpath("sentence.toml")
        self._forms = tomllib.loads(source.read_text("utf-8"))

    def filters(self) -> dict[str, Callable[..., object]]:
        """The filters that templates use."""
        return {
            "word": self.word,
            "place": self._place,
            "sentence": self.sentence,
            "title": self.title,
            "tiles": self.tiles,
            "hour": hour_words,
            "when": self.when,
            "day": day_words,
            "state": STATES.__getitem__,
            "plain": plain,
        }

    def when(self, hour: int) -> str:
        """An hour since 1970 as one says it today."""
        then = datetime.fromtimestamp(hour * HOUR_S)
        days = (date.fromtimestamp(self._now()) - then.date()).days
        return f"{then:%H giờ} {NEAR_DAYS[days]}" if days in NEAR_DAYS else hour_words(hour)

    def word(self, choice: str | None, group: str = "choice") -> str:
        """The words of one choice; an unknown one is shown as it came."""
        string_id = f"{group}.{choice}"
        known = string_id in self._catalog.ids()
        return self._catalog.words(string_id, "vi").show if known else (choice or "")

    def title(self, case: Case) -> str:
        """What it is about, in a few words."""
        if case.report is None:
            return event_registry.in_words(case.problem)
        about = [c for c in case.report.what if c not in self._aside][:2]
        if not about:
            return self.word(case.report.box, "box")
        return ", ".join([self.word(about[0]), *map(self._small, about[1:])])

    def sentence(self, case: Case) -> str:
        """The whole report as a Vietnamese would tell it."""
        report = case.report
        if report is None:
            why = event_registry.in_words(case.problem)
            return f"Tin này chưa đọc được. {why}. Xin gọi kỹ thuật và đọc mã lỗi."
        main = self._forms["box"].get(report.box, "Có người báo {what}")
        told = [main.format(what=self._about(report)), *self._circumstances(case, report)]
        sentences = [", ".join(told)]
        aside = [self._small(choice) for choice in report.what if choice in self._aside]
        if aside:
            sentences.append(f"Người báo còn cho biết: {', '.join(aside)}")
        if report.urgent:
            sentences.append("Có người đang gặp nguy hiểm")
        return ". ".join(sentences) + "."

    def tiles(self, case: Case) -> list[tuple[str, str]]:
        """The pictures that were touched, each a file name and its words."""
        report = case.report
        if report is None:
            return []
        choices = (*report.what, report.where, report.when, report.how_many)
        touched = [(f"box_{report.box}.png", self.word(report.box, "box"))]
        for choice in filter(None, choices):
            if choice.startswith(VILLAGE):
                touched.append(("my_village.png", self._village(case, choice)))
            else:
                touched.append((f"{choice}.png", self.word(choice)))
        return touched

    def _about(self, report: Report) -> str:
        main, *rest = [self._small(c) for c in report.what if c not in self._aside] or ["việc khác"]
        return f"{main} ({', '.join(rest)})" if rest else main

    def _circumstances(self, case: Case, report: Report) -> Iterable[str]:
        if report.how_many:
            yield self._form("people", report.how_many)
        if report.where and report.where.startswith(VILLAGE):
            yield f"ở {self._village(case, report.where)}"
        elif report.where:
            yield self._form("place", report.where, "ở ")
        if report.when:
            yield self._form("time", report.when)

    def _form(self, kind: str, choice: str, before: str = "") -> str:
        return str(self._forms[kind].get(choice) or before + self._small(choice))

    def _small(self, choice: str) -> str:
        words = self.word(choice)
        return words[:1].lower() + words[1:]

    def _village(self, case: Case, choice: str) -> str:
        return self._name(case, choice.removeprefix(VILLAGE)) if case.released else HIDDEN_VILLAGE


def hour_words(hour: int) -> str:
    """An hour since 1970 in the station's own time."""
    return f"{datetime.fromtimestamp(hour * HOUR_S):%H giờ, %d/%m/%Y}"


def day_words(day: str | None) -> str:
    """A report's day, or half-day when it is urgent, as `Report.day` has it."""
    if day is None:
        return "không rõ ngày"
    plain_day, _, half = day.partition(" ")
    year, month, number = plain_day.split("-")
    return f"{_HALF_DAYS.get(half, '')} {number}/{month}/{year}".strip()

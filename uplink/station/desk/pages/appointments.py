"""Questions and appointment wishes in one list, by the day that people wish to come.

Who gets an appointment gets a picture as a ticket, and is asked for it instead of a name.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from starlette.exceptions import HTTPException
from starlette.responses import Response

from kiosk.content import questionnaire
from kiosk.protocol.picture_code import pictures
from kiosk.protocol.reply import TICKET, Reply, phrases
from uplink.station.desk.cases.casebook import Case, Event
from uplink.station.desk.pages import answers
from uplink.station.desk.web.context import HOUR_S, Area, Desk, Page

_ASKED = questionnaire.load()
WEEKDAYS = _ASKED.questions["day"].choices
HALVES = _ASKED.questions["half_day"].choices
BOX = "ask"
_TICKET = "ticket:"


@dataclass(frozen=True)
class AppointmentRequest:
    """One question; `day` and `half` are None where nobody wants to come, `ticket` a picture."""

    case: Case
    procedure: str
    day: date | None
    half: str | None
    ticket: str = ""

    @property
    def answerable(self) -> bool:
        """Whether an answer would find its way."""
        return self.case.report is not None and self.case.report.answer_key is not None


def show(desk: Desk) -> Response:
    """What is still to be answered, day by day."""
    desk.cases.refresh()
    today = datetime.fromtimestamp(desk.now).date()
    lists = phrases().lists
    return desk.page(
        "appointments.html", days=by_day(desk.readable()), today=today, lists=lists, parts=_parts()
    )


def give(desk: Desk) -> Response:
    """Answer a wish with place, day, half-day and a ticket that nobody else has."""
    case = desk.case()
    given = {name: desk.text(name) for name in phrases().lists}
    if any(given[name] not in members for name, members in phrases().lists.items()):
        raise HTTPException(404)
    taken = {_ticket(other) for other in desk.cases.all() if not other.state.is_over}
    free = [picture for picture in pictures() if picture not in taken] or pictures()
    ticket = secrets.choice(free)
    parts = ("come", given["place"], given["day"], given["half_day"], TICKET, ticket)
    answers.send(desk, case, Reply(parts))
    event = Event(desk.hour, desk.officer.name, f"{_TICKET}{ticket}", _words(desk, ticket))
    desk.cases.change(desk.cases.get(case.id), event)
    return desk.go("/appointments")


def by_day(cases: Iterable[Case]) -> list[tuple[date | None, list[AppointmentRequest]]]:
    """Open wishes by day, the earliest first and those without a day last; mornings first."""
    wishes = [
        _wish(case)
        for case in cases
        if case.report is not None and case.report.box == BOX and not case.state.is_over
    ]
    days: dict[date | None, list[AppointmentRequest]] = {}
    for wish in sorted(wishes, key=_order):
        days.setdefault(wish.day, []).append(wish)
    return list(days.items())


def _order(wish: AppointmentRequest) -> tuple[date, int, int]:
    half = HALVES.index(wish.half) if wish.half in HALVES else len(HALVES)
    return wish.day or date.max, half, wish.case.hour


def _wish(case: Case) -> AppointmentRequest:
    assert case.report is not None
    said = case.report.what
    weekday = next((choice for choice in said if choice in WEEKDAYS), None)
    half = next((choice for choice in said if choice in HALVES), None)
    procedure = next((choice for choice in said if choice in _ASKED.procedures), "")
    day = _next(weekday, case.hour) if weekday else None
    return AppointmentRequest(case, procedure, day, half, _ticket(case))


def _ticket(case: Case) -> str:
    """The picture that was given last; "" for none."""
    given = [event.kind for event in case.events if event.kind.startswith(_TICKET)]
    return given[-1].removeprefix(_TICKET) if given else ""


def _words(desk: Desk, ticket: str) -> str:
    return f"Vé: {desk.office.words.word(ticket, 'pic')}"


def _parts() -> dict[str, str]:
    """The group of the words of each part of an answer."""
    return {name: part.string_id.partition(".")[0] for name, part in phrases().parts.items()}


def _next(weekday: str, hour: int) -> date:
    """The first such weekday after the day on which the wish came."""
    came = datetime.fromtimestamp(hour * HOUR_S).date()
    return came + timedelta(days=(WEEKDAYS.index(weekday) - came.weekday() - 1) % 7 + 1)


AREA = Area(
    pages=(
        Page("/appointments", show),
        Page("/appointments/{case}", give, "POST"),
    ),
    title="Lịch hẹn",
    link="/appointments",
)

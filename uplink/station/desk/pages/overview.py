"""The overview: how much comes in and how fast it is read, and how the kiosks are."""

import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from starlette.responses import Response

from kiosk.content import status_codes
from kiosk.settings.kiosk_list import Kiosk
from uplink.link.health_report import BoxLevel
from uplink.station.channel_status import noted
from uplink.station.desk.cases.casebook import Case
from uplink.station.desk.pages import answers
from uplink.station.desk.web.app_state import LEAST_KIOSKS
from uplink.station.desk.web.chart import Chart, stacked
from uplink.station.desk.web.context import HOUR_S, Area, Desk, Page
from uplink.station.downlink.queue import Heard
from uplink.station.reading.health_words import SILENT_H, in_words

WEEKS = 12
FRESH_H = 36
"""A canary leaves at any hour of a day and may wait for the next slot that is allowed."""


class Speed(NamedTuple):
    """The middle one of so many `known` waiting times, in hours; None when there is none."""

    middle: float | None
    known: int


class Row(NamedTuple):
    """One kiosk in words; `canary` and `last` are hours since 1970."""

    name: str
    cluster: str
    canary: int | None
    canary_is_fresh: bool
    last: int | None
    silent: bool
    alarms: list[str]
    is_full: bool
    room: str
    keys: str
    link: str
    machine: str


def show(desk: Desk) -> Response:
    """The whole overview."""
    desk.cases.refresh()
    cases = [case for case in desk.cases.all() if desk.is_chief or not case.is_of_the_unit]
    boxes = [box.id for box in desk.office.questionnaire.boxes if box.kind != "notices"]
    recent = [case for case in cases if case.hour > desk.hour - WEEKS * 7 * 24]
    return desk.page(
        "overview.html",
        weekly=weekly(cases, boxes, date.fromtimestamp(desk.now), desk.office.words.word),
        clusters=by_cluster(recent, boxes, desk.office.cluster),
        boxes=boxes,
        read=speed(case.first_read - case.hour for case in recent if case.first_read is not None),
        closed=speed(case.closed - case.hour for case in recent if case.closed is not None),
        open=sum(not case.state.is_over for case in cases),
        unread=sum(case.first_read is None for case in cases),
        answers=answers.progress(desk, cases),
        arrived=answers.ARRIVED,
        small=desk.office.small_clusters(),
        least=LEAST_KIOSKS,
        kiosks=_rows(desk),
        troubles=[status_codes.load()[name].vi for name in noted(desk.office.settings.folder)],
        weeks=WEEKS,
    )


def weekly(
    cases: Iterable[Case], boxes: Sequence[str], today: date, word: Callable[[str, str], str]
) -> Chart:
    """Reports by box in each of the last WEEKS weeks, which begin on Mondays."""
    monday = today - timedelta(days=today.weekday())
    begins = [monday - timedelta(weeks=ago) for ago in reversed(range(WEEKS))]
    counts = Counter((_monday(case.hour), _box(case)) for case in cases)
    series = {word(box, "box"): [counts[begin, box] for begin in begins] for box in boxes}
    return stacked([f"{begin:%d/%m}" for begin in begins], series)


def by_cluster(
    cases: Iterable[Case], boxes: Sequence[str], cluster: Callable[[str], str]
) -> list[tuple[str, list[int]]]:
    """Each cluster with its reports by box."""
    counts = Counter((cluster(case.kiosk), _box(case)) for case in cases)
    return [
        (name, [counts[name, box] for box in boxes])
        for name in sorted({name for name, _ in counts})
    ]


def speed(hours: Iterable[int]) -> Speed:
    """How long things took."""
    waits = [max(0, hour) for hour in hours]
    return Speed(statistics.median(waits) if waits else None, len(waits))


def row(
    kiosk: Kiosk, cluster: str, heard: Heard | None, last: int | None, canary: int | None, hour: int
) -> Row:
    """What is to be told of one kiosk at this hour."""
    told = heard.health if heard else None
    known = [status_codes.of_code(code) for code in told.states] if told else []
    words = in_words(told) if told else ("chưa báo", "", "", "")
    return Row(
        kiosk.name,
        cluster,
        canary,
        canary is not None and hour - canary <= FRESH_H,
        last,
        last is None or hour - last > SILENT_H,
        [state.vi for state in known if state and state.level == status_codes.ALARM],
        told is not None and any(gate is not BoxLevel.OPEN for gate in told.gates),
        *words,
    )


def _rows(desk: Desk) -> list[Row]:
    canaries = {case.kiosk: case.hour for case in desk.cases.canaries()}
    heard = desk.office.queue.heard()
    last: Mapping[str, int] = desk.office.store.last_heard()
    rows = [
        row(
            kiosk,
            desk.office.cluster(topic),
            heard.get(topic),
            last.get(topic),
            canaries.get(topic),
            desk.hour,
        )
        for topic, kiosk in desk.office.kiosks().items()
    ]
    return sorted(rows, key=lambda row: (not row.alarms, not row.silent, row.cluster, row.name))


def _box(case: Case) -> str:
    return case.report.box if case.report else ""


def _monday(hour: int) -> date:
    day = datetime.fromtimestamp(hour * HOUR_S).date()
    return day - timedelta(days=day.weekday())


AREA = Area(pages=(Page("/overview", show),), title="Toàn cảnh", link="/overview")

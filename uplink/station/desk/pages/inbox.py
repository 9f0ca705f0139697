"""The inbox: what has come, urgent first, found by box, place and words, always up to date."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import QueryParams
from starlette.responses import Response

from uplink.station.desk.auth.officers import Role
from uplink.station.desk.cases.casebook import Case
from uplink.station.desk.pages import retention
from uplink.station.desk.web import clock
from uplink.station.desk.web.context import Area, Desk, Page

PAGE = 40
MAX_WORDS = 100
VIEWS: dict[str, tuple[str, Callable[[Case], bool]]] = {
    "todo": ("Cần làm", lambda case: not case.state.is_over),
    "urgent": ("Khẩn", lambda case: case.urgent and not case.state.is_over),
    "unread": ("Chưa đọc", lambda case: case.first_read is None),
    "over": ("Đã xong", lambda case: case.state.is_over),
    "all": ("Tất cả", lambda case: True),
}


@dataclass(frozen=True)
class Filter:
    """What the officer asked to see; empty texts ask for nothing."""

    view: str
    box: str
    place: str
    words: str
    page: int

    @classmethod
    def of(cls, asked: QueryParams) -> "Filter":
        """The filter that an address carries; what makes no sense is left out."""
        view, page = asked.get("view", ""), asked.get("page", "")
        return cls(
            view=view if view in VIEWS else "todo",
            box=asked.get("box", ""),
            place=asked.get("place", ""),
            words=asked.get("words", "")[:MAX_WORDS],
            page=int(page) if page.isdecimal() and len(page) < 6 else 0,
        )

    def address(self, **changes: object) -> str:
        """The query of the same filter with changes, on its first page."""
        fields = {**self.__dict__, "page": 0, **changes}
        return urlencode({key: value for key, value in fields.items() if value})


def show(desk: Desk) -> Response:
    """The whole inbox."""
    desk.cases.refresh()
    retention.tidy(desk)
    return desk.page("inbox.html", slow=clock.is_slow(desk), **_listing(desk, _public(desk)))


def live(desk: Desk) -> Response:
    """The list again if anything changed since the page was made."""
    desk.cases.refresh()
    if desk.request.query_params.get("seen") == str(desk.cases.revision):
        return Response(status_code=204)
    return desk.page("_list.html", **_listing(desk, _public(desk)))


def unit(desk: Desk) -> Response:
    """What soldiers of the unit itself have to say."""
    desk.cases.refresh()
    cases = [case for case in desk.cases.all() if case.is_of_the_unit]
    return desk.page("unit.html", cases=sorted(cases, key=_order))


def alive(desk: Desk) -> Response:
    """Asked by every open page: still signed in."""
    return Response(status_code=204)


def _public(desk: Desk) -> list[Case]:
    return [case for case in desk.cases.all() if not case.is_of_the_unit]


def _listing(desk: Desk, cases: Sequence[Case]) -> dict[str, Any]:
    asked = Filter.of(desk.request.query_params)
    office = desk.office
    places = {key: office.place_of(*key) for key in {(c.kiosk, c.released) for c in cases}}
    found = cases
    if asked.box:
        found = [case for case in found if case.report and case.report.box == asked.box]
    if asked.place:
        found = [
            case
            for case in found
            if asked.place in (places[case.kiosk, case.released], office.cluster(case.kiosk))
        ]
    if asked.words:
        found = office.find(found, asked.words)
    views = {view: [case for case in found if has(case)] for view, (_, has) in VIEWS.items()}
    start = asked.page * PAGE
    shown = nsmallest(start + PAGE, views[asked.view], key=_order)[start:]
    total = len(views[asked.view])
    return {
        "asked": asked,
        "views": [(view, title, len(views[view])) for view, (title, _) in VIEWS.items()],
        "boxes": [box.id for box in desk.office.questionnaire.boxes if box.kind != "notices"],
        "places": sorted(set(places.values())),
        "cases": shown,
        "total": total,
        "start": start,
        "more": start + PAGE < total,
        "revision": desk.cases.revision,
    }


def _order(case: Case) -> tuple[bool, bool, int, str]:
    """Urgent ones that are not over, then unread ones, then the youngest."""
    return (
        not (case.urgent and not case.state.is_over),
        case.first_read is not None,
        -case.hour,
        case.id,
    )


AREA = Area(
    pages=(
        Page("/", show),
        Page("/inbox", live, passive=True),
        Page("/alive", alive, passive=True),
    ),
    title="Hộp thư",
    link="/",
)
UNIT = Area(
    pages=(Page("/unit", unit, role=Role.CHIEF),),
    title="Góp ý trong đơn vị",
    link="/unit",
    role=Role.CHIEF,
)

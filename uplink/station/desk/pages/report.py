"""One report, opened: each opening is written into the log before the page is made."""

import hmac

from starlette.responses import Response

from kiosk.protocol.cells import Kind
from uplink.station.desk.auth.vault import derive
from uplink.station.desk.cases import search
from uplink.station.desk.cases.casebook import Case, CaseState, Conflict, Event
from uplink.station.desk.pages import answers
from uplink.station.desk.web.context import Area, Desk, Page
from uplink.station.desk.web.words import STATES

WAIT_H = range(6, 49)
MIN_REASON = 5
URGENT = "tin khẩn"


def show(desk: Desk) -> Response:
    """The report as its tiles and in words."""
    case = _opened(desk, desk.case())
    return _page(desk, case)


def beside(desk: Desk) -> Response:
    """Two reports that may tell of the same, side by side."""
    both = [_opened(desk, desk.case(name)) for name in ("case", "other")]
    return desk.page("beside.html", cases=both)


def printed(desk: Desk) -> Response:
    """The report on paper, with the reader's name and the number of this print woven in."""
    case = desk.case()
    number = desk.note("print", case.id)
    return desk.page("print.html", case=case, number=number)


def step(desk: Desk) -> Response:
    """Write down how far the case is, and a note."""
    case, note = desk.case(), desk.text("note")
    state = _state(desk.text("state")) or case.state
    if _is_too_early(desk, case, state) and not desk.text("sure"):
        told = "Chưa ghi. Xin đọc lời nhắc ở dưới, rồi đánh dấu nếu vẫn ghi."
        return _page(desk, case, told=told, note=note, wanted=state, status=409)
    events = []
    if state is not case.state:
        events.append(Event(desk.hour, desk.officer.name, "state", STATES[state]))
    if note:
        events.append(Event(desk.hour, desk.officer.name, "note", note))
    closed = (case.closed or desk.hour) if state.is_over else None
    try:
        _only_if(case, desk.text("version"))
        if events:
            desk.note("step", case.id, state.value)
            changed = desk.cases.change(case, *events, state=state, closed=closed)
            if desk.text("tell") and state is not case.state:
                answers.tell_state(desk, changed, state)
    except Conflict as conflict:
        return _page(desk, desk.case(), told=str(conflict), note=note, wanted=state, status=409)
    return desk.go(f"/report/{case.id}")


def release(desk: Desk) -> Response:
    """Show the kiosk itself, for a reason that is logged first."""
    case, reason = desk.case(), desk.text("reason", 200)
    if len(reason) < MIN_REASON:
        told = "Xin ghi lý do cần biết bản nào."
        return _page(desk, case, told=told, status=409)
    if not case.released:
        _release(desk, case, reason)
    return desk.go(f"/report/{case.id}")


def _opened(desk: Desk, case: Case) -> Case:
    """Log the opening; an urgent case is released at once, a first reader is remembered."""
    desk.note("open", case.id)
    try:
        if case.urgent and not case.released:
            case = _release(desk, case, URGENT)
        if case.first_read is None:
            case = desk.cases.change(case, first_read=desk.hour)
    except Conflict:
        return desk.cases.get(case.id)
    return case


def _release(desk: Desk, case: Case, reason: str) -> Case:
    desk.note("release", case.id, reason)
    event = Event(desk.hour, desk.officer.name, "release", reason)
    return desk.cases.change(case, event, released=True)


def _page(desk: Desk, case: Case, status: int = 200, **values: object) -> Response:
    known = {"told": "", "note": "", "wanted": case.state}
    others = search.related(case, desk.readable(), desk.office.cluster)
    return desk.page(
        "report.html",
        status,
        case=case,
        states=STATES,
        others=others,
        parts=_parts(desk, case),
        wait_until=_earliest(desk, case) if _must_wait(desk, case) else None,
        **(known | values),
    )


def _parts(desk: Desk, case: Case) -> set[str]:
    """What has come with the report: "photo", "voice"."""
    parts = desk.office.store.parts_of(case.kiosk, case.report_id)
    return {Kind(part.kind).name.lower() for part in parts}


def _state(text: str) -> CaseState | None:
    return CaseState(text) if text in set(CaseState) else None


def _only_if(case: Case, version: str) -> None:
    if version != str(case.version):
        raise Conflict(
            "Chưa ghi: người khác vừa sửa tin này.", "Xin xem phần mới ở dưới rồi bấm ghi lại."
        )


def _is_too_early(desk: Desk, case: Case, state: CaseState) -> bool:
    return state is CaseState.ACTED and case.state is not state and _must_wait(desk, case)


def _must_wait(desk: Desk, case: Case) -> bool:
    """Whether to be seen acting now could tell who reported."""
    return not case.urgent and not case.state.is_over and desk.hour < _earliest(desk, case)


def _earliest(desk: Desk, case: Case) -> int:
    """An hour 6 to 48 hours after the arrival, drawn once for each case."""
    drawn = hmac.digest(derive(desk.keys.data, "wait"), case.id.encode(), "sha256")
    return case.hour + WAIT_H[int.from_bytes(drawn[:8], "big") % len(WAIT_H)]


AREA = Area(
    pages=(
        Page("/report/{case}", show),
        Page("/report/{case}/print", printed),
        Page("/report/{case}/beside/{other}", beside),
        Page("/report/{case}/step", step, method="POST"),
        Page("/report/{case}/release", release, method="POST"),
    )
)

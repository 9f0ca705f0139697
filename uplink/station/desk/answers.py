"""Answers on a report's page: phrases that the kiosk speaks, a typed line, what was sent.

What an answer says stands in the case's history, encrypted like everything in it; the queue to the
kiosk holds only what nobody but the person can open.
"""

from contextlib import closing
from typing import NamedTuple

from markupsafe import Markup
from starlette.responses import Response

from kiosk.answer import MAX_TEXT, Answer, phrases
from kiosk.errors import KioskError
from uplink.station import answers
from uplink.station.answers import NUMBER
from uplink.station.desk.casebook import Case, Conflict, Event, State
from uplink.station.desk.context import Area, Desk, Page
from uplink.station.down_queue import DownQueue
from uplink.station.sender import ANSWER_DAYS, Sender

SENT = "answer:"
TELLS = {State.CHECKING: "checking", State.ACTED: "done", State.CLOSED: "closed"}
"""What a change of state tells the person, where he is to know it."""

ON_ITS_WAY, ARRIVED, EXPIRED = "Đang trên đường", "Đã tới máy ở bản", "Đã hết hạn"
_DAY_H = 24


class Sent(NamedTuple):
    """An answer that was sent: when, by whom, its words, and how far it has come."""

    hour: int
    officer: str
    words: str
    state: str


def panel(desk: Desk, case: Case) -> Markup:
    """What the page of a report shows of answers: those that were sent, and the form."""
    html = desk.page("answer-panel.html", 200, **_shown(desk, case)).body
    return Markup(bytes(html).decode())


def write(desk: Desk) -> Response:
    """Send what the form says; what a kiosk would refuse is told, and nothing is lost."""
    case = desk.case()
    try:
        given = {name: desk.text(name) for name in (*phrases().lists, NUMBER)}
        answer = answers.compose(map(str, desk.form.getlist("phrase")), given, desk.text("text"))
        send(desk, case, answer)
    except KioskError as error:
        shown = _shown(desk, case) | {"told": str(error)}
        return desk.page("answer.html", 409, **shown)
    return desk.go(f"/report/{case.id}")


def send(desk: Desk, case: Case, answer: Answer) -> None:
    """Log it, queue it for the kiosk, and write it into the history.

    Raises StationError when the report names no answer box.
    """
    assert case.report is not None
    desk.note("answer", case.id)
    with closing(DownQueue(desk.office.settings.database_url)) as queue:
        sender = Sender(desk.office.settings, queue)
        message = answers.send(answer, case.report, case.kiosk, sender)
    words = answers.in_words(answer, desk.office.catalog)
    event = Event(desk.hour, desk.officer.name, f"{SENT}{message.hex()}", f"Trả lời: {words}")
    while True:
        try:
            desk.cases.change(case, event)
        except Conflict:
            case = desk.cases.get(case.id)
        else:
            return


def tell_state(desk: Desk, case: Case, state: State) -> None:
    """Answer with nothing but how far the case is, where that can be told."""
    phrase, report = TELLS.get(state), case.report
    if phrase is not None and report is not None and report.answer_key is not None:
        send(desk, case, Answer((phrase,)))


def sent(desk: Desk, case: Case) -> list[Sent]:
    """The answers to a case, the newest first."""
    events = [event for event in case.events if event.kind.startswith(SENT)]
    if not events:
        return []
    with closing(DownQueue(desk.office.settings.database_url)) as queue:
        heard = queue.heard().get(case.kiosk)
    done = heard.health.done if heard else ()

    def state(event: Event) -> str:
        if bytes.fromhex(event.kind.removeprefix(SENT)) in done:
            return ARRIVED
        old = desk.hour - event.hour > ANSWER_DAYS * _DAY_H
        return EXPIRED if old else ON_ITS_WAY

    return [Sent(e.hour, e.officer, e.text, state(e)) for e in reversed(events)]


def _shown(desk: Desk, case: Case) -> dict[str, object]:
    key = case.report.answer_key if case.report else None
    known = phrases()
    return {
        "case": case,
        "told": "",
        "answerable": key is not None,
        "sent": sent(desk, case),
        "thread": [other for other in _with_key(desk, key) if other.id != case.id],
        "phrases": {name: (known.parts[name], known.asks[name]) for name in known.asks},
        "lists": {
            name: {part: known.parts[part] for part in members}
            for name, members in known.lists.items()
        },
        "longest": MAX_TEXT,
        "chosen": desk.form.getlist("phrase"),
        "given": {name: desk.text(name) for name in (*known.lists, NUMBER, "text")},
    }


def _with_key(desk: Desk, key: bytes | None) -> list[Case]:
    """The cases of one answer box, in the order in which they came."""
    found = [c for c in desk.readable() if key and c.report and c.report.answer_key == key]
    return sorted(found, key=lambda case: case.hour)


AREA = Area(pages=(Page("/report/{case}/answer", write, "POST"),), panel=panel)

"""Answers on a report's page: phrases that the kiosk speaks, a typed line, what was sent.

What an answer says stands in the case's history, encrypted like everything in it; the queue to the
kiosk holds only what nobody but the person can open.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from typing import NamedTuple

from markupsafe import Markup
from starlette.responses import Response

from kiosk.common.errors import KioskError
from kiosk.protocol.reply import MAX_TEXT, MAX_VOICE_S, Reply, phrases
from uplink.station.desk.cases.casebook import Case, CaseState, Conflict, Event
from uplink.station.desk.notices import sounds
from uplink.station.desk.web.context import Area, Desk, Page
from uplink.station.downlink import answers, bulletin
from uplink.station.downlink.answers import NUMBER
from uplink.station.downlink.sender import ANSWER_DAYS, Sender

SENT = "answer:"
SOUND = "sound"
TELLS = {CaseState.CHECKING: "checking", CaseState.ACTED: "done", CaseState.CLOSED: "closed"}
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
    voice = b""
    try:
        voice = sounds.given(desk, SOUND, MAX_VOICE_S)
        given = {name: desk.text(name) for name in (*phrases().lists, NUMBER)}
        chosen = map(str, desk.form.getlist("phrase"))
        send(desk, case, answers.compose(chosen, given, desk.text("text"), voice))
    except KioskError as error:
        shown = _shown(desk, case) | {"told": str(error), "kept": sounds.kept(voice)}
        return desk.page("answer.html", 409, **shown)
    return desk.go(f"/report/{case.id}")


def send(desk: Desk, case: Case, answer: Reply) -> None:
    """Log it, queue it for the kiosk, and write it into the history.

    Raises StationError when the report names no answer box.
    """
    assert case.report is not None
    desk.note("answer", case.id)
    sender = Sender(desk.office.settings, desk.office.queue)
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


def tell_state(desk: Desk, case: Case, state: CaseState) -> None:
    """Answer with nothing but how far the case is, where that can be told."""
    phrase, report = TELLS.get(state), case.report
    if phrase is not None and report is not None and report.answer_key is not None:
        send(desk, case, Reply((phrase,)))


def sent(desk: Desk, case: Case) -> list[Sent]:
    """The answers to a case, the newest first."""
    done = bulletin.arrived(desk.office.queue).get(case.kiosk, ())
    return [
        Sent(event.hour, event.officer, event.text, _state(event, done, desk.hour))
        for event in reversed(case.events)
        if event.kind.startswith(SENT)
    ]


def progress(desk: Desk, cases: Iterable[Case]) -> Counter[str]:
    """How many answers are how far; whether anybody opened one, nobody knows."""
    done = bulletin.arrived(desk.office.queue)
    return Counter(
        _state(event, done.get(case.kiosk, ()), desk.hour)
        for case in cases
        for event in case.events
        if event.kind.startswith(SENT)
    )


def _state(event: Event, done: Collection[bytes], hour: int) -> str:
    if bytes.fromhex(event.kind.removeprefix(SENT)) in done:
        return ARRIVED
    return EXPIRED if hour - event.hour > ANSWER_DAYS * _DAY_H else ON_ITS_WAY


def _shown(desk: Desk, case: Case) -> dict[str, object]:
    key = case.report.answer_key if case.report else None
    known = phrases()
    return {
        "case": case,
        "told": "",
        "kept": "",
        "seconds": MAX_VOICE_S,
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

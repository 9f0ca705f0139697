"""What the station answers to a report, on its way to the answer box that the report named.

An answer goes to the kiosk where the report was made, whichever door it came through, and is sealed
to the key in the report, so that neither the courier nor a thief of the kiosk reads it.
"""

from collections.abc import Iterable, Mapping

from kiosk.common.errors import StationError
from kiosk.content.catalog import Catalog
from kiosk.protocol import reply as answers
from kiosk.protocol.reply import VOICE, Reply, phrases
from kiosk.protocol.report import Report
from uplink.station.downlink.sender import Sender
from uplink.station.reading.opening import OpenedReport

NUMBER = "number"
_LANGUAGE = "vi"


def compose(
    chosen: Iterable[str], details: Mapping[str, str], text: str = "", voice: bytes = b""
) -> Reply:
    """The answer made of phrases, each followed by what it asks for, a typed line and a recording.

    `details` gives a part of each list, or the number, by the name under which a phrase asks for
    it; what no phrase asks for is left out. Raises StationError for what does not exist or is
    missing, and MessageError for a line or number that a kiosk would refuse.
    """
    known, parts, number = phrases(), [], ""
    for phrase in chosen:
        if phrase not in known.asks:
            raise StationError("không có câu này / no such phrase", ", ".join(known.asks))
        parts.append(phrase)
        for asked in known.asks[phrase]:
            given = details.get(asked, "")
            if asked == NUMBER:
                number = _needed(given, asked)
            elif given:
                parts.append(_listed(given, known.lists[asked]))
    return Reply(tuple(parts), number, " ".join(text.split()), voice)


def send(answer: Reply, report: Report, kiosk: str, sender: Sender) -> bytes:
    """Seal `answer` to the box of `report` and queue it for the kiosk with that topic id.

    Returns the id of the message. Raises StationError when the report names no answer box.
    """
    if report.answer_key is None:
        raise StationError(
            "người báo không để lại hộp trả lời / this report has no answer box",
            "không trả lời được / it cannot be answered",
        )
    return sender.answer(answers.content_for(answer, report.answer_key), kiosk)


def find(opened: Iterable[OpenedReport], report_id: str) -> tuple[Report, str]:
    """The one report whose id in hexadecimal begins with `report_id`, and its kiosk."""
    found = [
        (item.report, item.kiosk)
        for item in opened
        if item.report and item.report.report_id.hex().startswith(report_id.lower())
    ]
    if len(found) != 1:
        raise StationError(
            "không rõ tin nào / no report, or more than one, has this id",
            "xem homthu-station inbox --json / look at homthu-station inbox --json",
        )
    return found[0]


def thread(report: Report, opened: Iterable[OpenedReport]) -> list[Report]:
    """The other reports with the same answer box: this one replies to them, or they to it."""
    return [
        item.report
        for item in opened
        if item.report
        and item.report.report_id != report.report_id
        and item.report.answer_key == report.answer_key is not None
    ]


def in_words(answer: Reply, catalog: Catalog) -> str:
    """The answer as an officer reads it."""
    said = [catalog.words(part.string_id, _LANGUAGE).show for part in answer.shown()]
    voice = catalog.words(VOICE, _LANGUAGE).show if answer.voice else ""
    return "; ".join(filter(None, (*said, answer.number, answer.text, voice)))


def _needed(given: str, asked: str) -> str:
    if not given:
        raise StationError(f"thiếu {asked} / {asked} is missing", f"--{asked}")
    return given


def _listed(given: str, allowed: tuple[str, ...]) -> str:
    if given not in allowed:
        raise StationError(f"không có {given!r} / no such choice", ", ".join(allowed))
    return given

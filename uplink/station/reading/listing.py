"""Opened reports as an officer reads them: a Vietnamese table, or plain fields for programs."""

from collections.abc import Iterable
from datetime import UTC, datetime

from rich.markup import escape
from rich.table import Table

from kiosk.common import event_registry
from kiosk.content import catalog
from kiosk.protocol.report import Report
from uplink.station.reading.opening import OpenedReport

_LANGUAGE = "vi"
_HEADINGS = (
    "Đến lúc",
    "Khẩn",
    "Hộp",
    "Việc gì",
    "Ở đâu",
    "Khi nào",
    "Mấy người",
    "Tiếng",
    "Viết thêm",
    "Tiếng nói",
)
_VOICE_CELLS = 8
_NUMBER_BYTES = 4


def fields(item: OpenedReport) -> dict[str, object]:
    """One report as choice ids; `arrived` is its hour in UTC.

    Where it has a voice, `voice` is "other", "whole" or how much of it has come ("5/8"), and
    `report` its number for the commands that play it.
    """
    arrived = datetime.fromtimestamp(item.hour * 3600, UTC).strftime("%Y-%m-%dT%H:00Z")
    if item.report is None:
        return {"problem": item.problem, "arrived": arrived}
    report = item.report
    return {
        "id": report.report_id.hex(),
        "box": report.box,
        "what": list(report.what),
        "where": report.where,
        "when": report.when,
        "how_many": report.how_many,
        "urgent": report.urgent,
        "language": report.language,
        "channel": report.channel,
        "text": plain(report.text or ""),
        "answerable": report.answer_key is not None,
        "arrived": arrived,
        **({"report": number(report), "voice": voice(item)} if voice(item) else {}),
    }


def number(report: Report) -> str:
    """What names a report in commands."""
    return report.report_id[:_NUMBER_BYTES].hex()


def voice(item: OpenedReport) -> str:
    """Whether a voice goes with a report, and whether all of it has come."""
    if item.voice is not None:
        come, total = item.voice
        return "whole" if come == total else f"{come}/{total}"
    told = item.report.voice if item.report else None
    return f"0/{_VOICE_CELLS}" if told == "own" else told or ""


def table(opened: Iterable[OpenedReport]) -> Table:
    """All reports in words, hours in the station's own time."""
    strings = catalog.load()
    made = Table(*_HEADINGS, title="Tin báo đã đến")
    for item in opened:
        arrived = datetime.fromtimestamp(item.hour * 3600).strftime("%d/%m/%Y %H giờ")
        if item.report is None:
            made.add_row(arrived, "", f"không đọc được: {event_registry.in_words(item.problem)}")
        else:
            made.add_row(arrived, *_words(item.report, strings), _voice_words(item))
    return made


def plain(text: str) -> str:
    """What a person typed, with a space for everything that is not a letter to be seen.

    Control characters could drive a terminal, bidirectional ones turn words around.
    """
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _voice_words(item: OpenedReport) -> str:
    told = voice(item)
    if not told or item.report is None:
        return ""
    words = {"whole": "có", "other": "máy đọc"}.get(told, f"chưa đủ {told}")
    return f"{words}: {number(item.report)}"


def _words(report: Report, strings: catalog.Catalog) -> tuple[str, ...]:
    def word(group: str, choice: str | None) -> str:
        string_id = f"{group}.{choice}"
        known = string_id in strings.ids()
        return strings.words(string_id, _LANGUAGE).show if known else choice or ""

    return (
        "khẩn" if report.urgent else "",
        word("box", report.box),
        ", ".join(word("choice", choice) for choice in report.what),
        word("choice", report.where),
        word("choice", report.when),
        word("choice", report.how_many),
        word("language", report.language),
        escape(plain(report.text or "")),
    )

"""Opened reports as an officer reads them: a Vietnamese table, or plain fields for programs."""

from collections.abc import Iterable
from datetime import UTC, datetime

from rich.markup import escape
from rich.table import Table

from kiosk import catalog
from kiosk.report import Report
from uplink.station.opening import Opened

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
)


def fields(item: Opened) -> dict[str, object]:
    """One report as choice ids; `arrived` is its hour in UTC."""
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
    }


def table(opened: Iterable[Opened]) -> Table:
    """All reports in words, hours in the station's own time."""
    strings = catalog.load()
    made = Table(*_HEADINGS, title="Tin báo đã đến")
    for item in opened:
        arrived = datetime.fromtimestamp(item.hour * 3600).strftime("%d/%m/%Y %H giờ")
        if item.report is None:
            made.add_row(arrived, "", f"không đọc được ({item.problem})")
        else:
            made.add_row(arrived, *_words(item.report, strings))
    return made


def plain(text: str) -> str:
    """What a person typed, with a space for everything that is not a letter to be seen.

    Control characters could drive a terminal, bidirectional ones turn words around.
    """
    return "".join(letter if letter.isprintable() else " " for letter in text)


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

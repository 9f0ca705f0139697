"""A table of reports for other programs: codes in words, what people typed only if asked for."""

import csv
import io
from collections.abc import Callable, Iterable

from starlette.responses import Response

from uplink.station.desk.cases.casebook import Case
from uplink.station.desk.web.context import Area, Desk, Page
from uplink.station.desk.web.words import STATES, Words, day_words, hour_words
from uplink.station.reading.listing import plain

DAYS = {"7": "7 ngày qua", "30": "30 ngày qua", "90": "90 ngày qua", "": "Tất cả"}
HEADINGS = ("Đến lúc", "Ngày báo", "Khẩn", "Hộp", "Nội dung", "Nơi", "Tiếng", "Bước")
BOM = "\ufeff"
"""Without it, spreadsheets take UTF-8 for something else."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "|")


def show(desk: Desk) -> Response:
    """What to take along."""
    return desk.page("export.html", days=DAYS)


def export(desk: Desk) -> Response:
    """The table, after the log has been told."""
    days, with_text = desk.text("days"), bool(desk.text("with_text"))
    since = desk.hour - int(days) * 24 if days in DAYS and days else 0
    cases = sorted((c for c in desk.readable() if c.hour >= since), key=lambda case: -case.hour)
    desk.note("export", reason=f"{len(cases)} tin{', cả lời viết' if with_text else ''}")
    headers = {"Content-Disposition": 'attachment; filename="tin-bao.csv"'}
    body = table(cases, desk.office.words, desk.office.place, with_text=with_text)
    return Response(body, headers=headers, media_type="text/csv; charset=utf-8")


def table(
    cases: Iterable[Case], words: Words, place: Callable[[Case], str], *, with_text: bool
) -> str:
    """The cases as CSV (RFC 4180); `place` names where a case comes from."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow((*HEADINGS, *(("Viết thêm",) if with_text else ())))
    for case in cases:
        report = case.report
        row = [
            hour_words(case.hour),
            day_words(report.day) if report else "",
            "khẩn" if case.urgent else "",
            words.word(report.box, "box") if report else "",
            words.sentence(case),
            place(case),
            words.word(report.language, "language") if report else "",
            STATES[case.state],
        ]
        if with_text:
            row.append((report.text or "") if report else "")
        writer.writerow(map(neutral, row))
    return BOM + out.getvalue()


def neutral(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula, without letters that are not to be seen."""
    shown = plain(cell)
    return f"'{shown}" if shown.lstrip().startswith(_FORMULA) else shown


AREA = Area(pages=(Page("/export", show), Page("/export", export, method="POST")))

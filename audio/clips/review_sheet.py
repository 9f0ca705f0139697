"""The review sheet: every Hmong string for a native speaker to approve or correct, on paper.

What was guessed (C) comes first. The CSV holds the same for whoever prefers a spreadsheet.
"""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    CondPageBreak,
    Flowable,
    LongTable,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
)

from audio.clips.prompts import Prompt
from kiosk.common import files
from kiosk.common.colours import COLOURS
from kiosk.content.fonts import BOLD, REGULAR, load_fonts

TITLE = "Phiếu duyệt tiếng Mông"
HOW_TO = (
    "Máy ở nhà văn hóa nói tiếng Mông với bà con. Các câu dưới đây <b>chưa có người Mông nào "
    "duyệt</b>. Xin quý vị đọc to từng câu và xem bà con có hiểu đúng nghĩa tiếng Việt không.",
    "<b>Đúng:</b> bà con bản mình nói như thế. Xin đánh dấu vào ô Đúng.",
    "<b>Sai:</b> sai nghĩa, khó hiểu, hoặc không ai nói như thế. Xin đánh dấu vào ô Sai và viết "
    "câu đúng vào dòng Sửa lại, bằng chữ nào cũng được.",
    "Nếu có ít thời gian, xin làm <b>phần C trước</b>: đó là những câu phỏng đoán. "
    "Không bắt buộc ghi tên.",
)
BLANKS = ("Người duyệt (không bắt buộc)", "Nhóm Mông, bản, xã", "Ngày")
SECTIONS = {
    "C": ("crimson", "C. Phỏng đoán: cần duyệt trước"),
    "B": ("indigo", "B. Ghép từ những từ có trong sách"),
    "A": ("green", "A. Có trong sách"),
}
HEADINGS = ("Số", "Câu, màn hình", "Tiếng Mông", "Nghĩa tiếng Việt", "Đúng", "Sai", "Sửa lại")
WIDTHS = (10, 38, 68, 64, 15, 12, 66)
COLUMNS = ("id", "RPA", "1961", "Tiếng Việt", "English (words)", "A/B/C", "Đúng", "Sai", "Sửa lại")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
MARGIN = 12 * mm
BOX = 5 * mm


def write(prompts: Sequence[Prompt], out: Path) -> list[Path]:
    """Write `review.pdf` and `review.csv` into the folder `out`; returns them.

    Raises ProvisioningError when the fonts are not installed.
    """
    load_fonts()
    out.mkdir(parents=True, exist_ok=True)
    ordered = [p for section in SECTIONS for p in prompts if p.confidence == section]
    made = {"review.pdf": _pdf(ordered), "review.csv": _csv(ordered)}
    for name, data in made.items():
        files.write(out / name, data)
    return [out / name for name in made]


def _csv(prompts: Sequence[Prompt]) -> bytes:
    """With a byte order mark, without which Excel takes it for another encoding."""
    whole = io.StringIO()
    table = csv.writer(whole)
    table.writerow(COLUMNS)
    for p in prompts:
        row = (p.string_id, p.text, p.vn1961, p.meaning, p.english, p.confidence, "", "", "")
        table.writerow([_harmless(cell) for cell in row])
    return whole.getvalue().encode("utf-8-sig")


def _harmless(cell: str) -> str:
    """The cell as text, also where a spreadsheet would take it for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _pdf(prompts: Sequence[Prompt]) -> bytes:
    whole = io.BytesIO()
    document = SimpleDocTemplate(
        whole,
        pagesize=landscape(A4),
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN + 4 * mm,
        title=TITLE,
        lang="vi",
        invariant=True,
    )
    story = _opening()
    for section, (colour, title) in SECTIONS.items():
        rows = [prompt for prompt in prompts if prompt.confidence == section]
        if rows:
            story += [
                CondPageBreak(45 * mm),
                Spacer(0, 4 * mm),
                _heading(f"{title} ({len(rows)} câu)", 13, colour),
                _table(rows, colour, prompts.index(rows[0]) + 1),
            ]
    document.build(story, canvasmaker=_Numbered)
    return whole.getvalue()


def _opening() -> list[Flowable]:
    points = [Paragraph(text, _style(REGULAR, 11, "ink", after=3)) for text in HOW_TO]
    blanks = [Paragraph(text, _style(REGULAR, 9, "ink_soft")) for text in BLANKS]
    gaps = [blanks[0], "", blanks[1], "", blanks[2]]
    lines = Table([[""] * 5, gaps], [105 * mm, 6 * mm, 105 * mm, 6 * mm, 51 * mm], [8 * mm, None])
    lines.setStyle(
        [("LINEABOVE", (column, 1), (column, 1), 0.6, _colour("ink_soft")) for column in (0, 2, 4)]
        + [("FONTNAME", (0, 0), (-1, -1), REGULAR)]
        + [("TOPPADDING", (0, 1), (-1, 1), 1), ("LEFTPADDING", (0, 0), (-1, -1), 0)]
    )
    card = Table([[points]], [273 * mm])
    card.setStyle(
        [
            ("BACKGROUND", (0, 0), (-1, -1), _colour("ground")),
            ("BOX", (0, 0), (-1, -1), 0.8, _colour("gold")),
            *(
                (f"{side}PADDING", (0, 0), (-1, -1), 7)
                for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")
            ),
            ("ROUNDEDCORNERS", [6, 6, 6, 6]),
        ]
    )
    return [_heading(TITLE, 22, "indigo"), card, Spacer(0, 3 * mm), lines]


def _table(prompts: Sequence[Prompt], colour: str, first: int) -> LongTable:
    head = [Paragraph(text, _style(BOLD, 9.5, "card")) for text in HEADINGS]
    rows = [_row(number, prompt) for number, prompt in enumerate(prompts, first)]
    table = LongTable([head, *rows], [width * mm for width in WIDTHS], repeatRows=1)
    table.setStyle(
        [
            ("FONTNAME", (0, 0), (-1, -1), REGULAR),
            ("BACKGROUND", (0, 0), (-1, 0), _colour(colour)),
            ("ROWBACKGROUNDS", (0, 1), (-1, -1), [_colour("card"), _colour("ground")]),
            ("LINEBELOW", (0, 0), (-1, -1), 0.4, _colour("edge")),
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ("LEFTPADDING", (0, 0), (0, -1), 4),
            ("TOPPADDING", (0, 0), (-1, -1), 3.5),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 4.5),
        ]
    )
    return table


def _row(number: int, prompt: Prompt) -> list[Flowable | list[Flowable]]:
    small = _style(REGULAR, 7.5, "ink_soft")
    english = [Paragraph(escape(prompt.english), small)] if prompt.english else []
    return [
        Paragraph(str(number), _style(BOLD, 10, "ink")),
        [Paragraph(prompt.string_id, _style(REGULAR, 8, "ink")),
         Paragraph(escape(prompt.screen), small)],
        [Paragraph(escape(prompt.text), _style(BOLD, 12, "ink")),
         Paragraph(escape(prompt.vn1961), _style(REGULAR, 9.5, "ink_soft"))],
        [Paragraph(escape(prompt.meaning), _style(REGULAR, 10.5, "ink")), *english],
        _Tick(),
        _Tick(),
        _Line(),
    ]  # fmt: skip


class _Tick(Flowable):  # type: ignore[misc]
    """A box to tick."""

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        return BOX, BOX

    def draw(self) -> None:
        self.canv.setStrokeColor(_colour("ink"))
        self.canv.setFillColor(_colour("card"))
        self.canv.setLineWidth(0.9)
        self.canv.roundRect(0, 0, BOX, BOX, 1.2, fill=1)


class _Line(Flowable):  # type: ignore[misc]
    """A dotted line to write on."""

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        self._width = width
        return width, BOX

    def draw(self) -> None:
        self.canv.setStrokeColor(_colour("ink_soft"))
        self.canv.setDash(0.7, 2.2)
        self.canv.line(0, 0.5, self._width, 0.5)


class _Numbered(Canvas):  # type: ignore[misc]
    """Puts "page of pages" under each page, when their number is known."""

    def __init__(self, *arguments: object, **named: object) -> None:
        super().__init__(*arguments, **named)
        self._pages: list[dict[str, object]] = []

    def showPage(self) -> None:
        """Keep the page until all have been drawn."""
        self._pages.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        """Number the kept pages and write the file."""
        width, _ = landscape(A4)
        for number, page in enumerate(self._pages, 1):
            self.__dict__.update(page)
            self.setFont(REGULAR, 8.5)
            self.setFillColor(_colour("ink_soft"))
            self.drawString(MARGIN, 8 * mm, TITLE)
            self.drawRightString(width - MARGIN, 8 * mm, f"Trang {number}/{len(self._pages)}")
            super().showPage()
        super().save()


def _heading(text: str, size: float, colour: str) -> Paragraph:
    """Flush with the tables, which leave no padding at the left."""
    style = _style(BOLD, size, colour, after=size / 3)
    style.leftIndent = -6
    return Paragraph(text, style)


def _style(font: str, size: float, colour: str, after: float = 0) -> ParagraphStyle:
    return ParagraphStyle(
        font, fontName=font, fontSize=size, leading=size * 1.28, textColor=_colour(colour),
        spaceAfter=after,
    )  # fmt: skip


def _colour(name: str) -> HexColor:
    return HexColor(COLOURS[name])

"""The review sheet as its reader gets it: on paper and in a spreadsheet."""

import csv
import re
import subprocess
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

from audio.clips import review_sheet
from audio.main import main
from kiosk.content import catalog as catalogues
from tests.audio.packs import HMONG

A4_LANDSCAPE = (842, 595)


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sheet")
    done = CliRunner().invoke(main, ["sheet", "--out", str(folder / "new")])
    assert done.exit_code == 0, done.output
    return folder / "new"


def told(*command: object) -> str:
    return subprocess.run([*map(str, command)], capture_output=True, text=True, check=True).stdout


def test_every_prompt_stands_on_the_paper_once_with_its_words(sheet: Path) -> None:
    text = " ".join(told("pdftotext", "-raw", sheet / "review.pdf", "-").split())
    assert len(HMONG) == len(catalogues.load().ids())
    ids = Counter(re.findall(r"\b(?:[a-z]+)\.[a-z0-9_]+\b", text))
    for prompt in HMONG:
        assert ids[prompt.string_id] == 1
        for words in (prompt.text, prompt.vn1961, prompt.meaning):
            assert " ".join(words.split()) in text, words


def test_the_guesses_come_first(sheet: Path) -> None:
    text = told("pdftotext", "-raw", sheet / "review.pdf", "-")
    order = [text.index(title) for _, title in review_sheet.SECTIONS.values()]
    assert order == sorted(order)
    rows = list(csv.reader((sheet / "review.csv").open(encoding="utf-8-sig")))
    marks = [row[5] for row in rows[1:]]
    assert marks == sorted(marks, reverse=True)


def test_the_paper_is_numbered_a4_with_its_fonts_inside(sheet: Path) -> None:
    info = told("pdfinfo", sheet / "review.pdf")
    pages = int(re.findall(r"Pages: +(\d+)", info)[0])
    size = re.findall(r"Page size: +([\d.]+) x ([\d.]+)", info)[0]
    assert tuple(round(float(side)) for side in size) == A4_LANDSCAPE
    text = told("pdftotext", "-layout", sheet / "review.pdf", "-")
    assert all(f"Trang {page}/{pages}" in text for page in range(1, pages + 1))
    fonts = told("pdffonts", sheet / "review.pdf").splitlines()[2:]
    noto = [line.split() for line in fonts if "Noto" in line]
    assert len(noto) == 2
    assert all(line[-5] == "yes" for line in noto)


def test_the_paper_is_drawn_in_ink_to_its_margins_and_no_further(
    sheet: Path, tmp_path: Path
) -> None:
    told("pdftoppm", "-r", "40", "-png", sheet / "review.pdf", tmp_path / "page")
    for page in tmp_path.glob("page-*.png"):
        grey = Image.open(page).convert("L").point(lambda level: 255 * (level < 200))
        drawn = grey.getbbox()
        assert drawn is not None
        left, top, right, bottom = drawn
        width, height = grey.size
        assert left > 0.03 * width
        assert right < 0.97 * width
        assert top > 0.03 * height
        assert bottom < 0.98 * height


def test_the_table_opens_in_a_spreadsheet_as_text(sheet: Path, tmp_path: Path) -> None:
    data = (sheet / "review.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(data.decode("utf-8-sig").splitlines()))
    assert rows[0] == list(review_sheet.COLUMNS)
    assert {tuple(row[:6]) for row in rows[1:]} == {
        (p.string_id, p.text, p.vn1961, p.meaning, p.english, p.confidence) for p in HMONG
    }
    evil = [replace(HMONG[0], text=f"{sign}1+1") for sign in review_sheet.FORMULA]
    review_sheet.write(evil, tmp_path)
    rows = list(csv.reader((tmp_path / "review.csv").open(encoding="utf-8-sig", newline="")))
    assert all(row[1].startswith("'") for row in rows[1:])


def test_english_is_told_where_the_words_are_known() -> None:
    known = {p.string_id: p.english for p in HMONG}
    assert known["choice.theft"] == "thief"
    assert known["choice.wish"] == ""

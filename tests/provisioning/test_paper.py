"""Poster, leaflet and label of a real bundle: read back from the paper as phones and people do."""

import itertools
import re
import shutil
import subprocess
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

from kiosk.common.errors import ProvisioningError
from kiosk.content.catalog import CONFIDENCES
from kiosk.content.fonts import BOLD, fitting, load_fonts
from provisioning import demo
from provisioning.main import main
from provisioning.paper import kiosk_details
from provisioning.paper.blocks import CODE_MM
from provisioning.paper.papers import PAPERS
from tests.toml_files import edit
from tests.ui.touch.place import ROOT

ASSETS = ROOT / "build"
FORM = "https://dvc.example.vn/bien-phong/to-giac?don=na-co-sa"
POINTS = {"poster-a4": (595, 842), "poster-a3": (842, 1191), "leaflet-a4": (842, 595),
          "label": (298, 210)}  # fmt: skip


@dataclass(frozen=True)
class Word:
    page: int
    box: tuple[float, float, float, float]
    text: str


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    plan = demo.Plan((800, 480), ASSETS, False, False, None, ("10.42.0.1", 18080))
    return demo.provision(tmp_path_factory.mktemp("village"), plan).kiosk


@pytest.fixture(scope="module", params=["", FORM], ids=["no form", "form"])
def papers(
    request: pytest.FixtureRequest, bundle: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    folder = tmp_path_factory.mktemp("papers")
    copy = shutil.copytree(bundle, folder / "kiosk")
    edit(copy / "kiosk.toml", {"station.form": request.param})
    given = ["poster", str(copy), str(folder / "out"), "--assets", str(ASSETS)]
    done = CliRunner().invoke(main, given)
    assert done.exit_code == 0, done.output
    assert (folder / "out").is_dir()
    return folder / "out"


def words_on(pdf: Path) -> list[Word]:
    told = subprocess.run(
        ["pdftotext", "-bbox", str(pdf), "-"], capture_output=True, text=True, check=True
    ).stdout
    found = []
    for number, page in enumerate(told.split("<page ")[1:]):
        for *sides, text in re.findall(
            r'<word xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)</word>', page
        ):
            left, top, right, bottom = map(float, sides)
            found.append(Word(number, (left, top, right, bottom), text))
    return found


def pictures_of(pdf: Path, dpi: int = 72) -> Iterator[Path]:
    subprocess.run(["pdftoppm", "-r", str(dpi), "-png", pdf, pdf.with_suffix("")], check=True)
    return pdf.parent.glob(f"{pdf.stem}-*.png")


def codes_on(picture: Path) -> list[str]:
    told = subprocess.run(
        ["zbarimg", "-q", "--raw", str(picture)], capture_output=True, text=True, check=False
    )
    return told.stdout.split()


@pytest.mark.parametrize("name", PAPERS)
def test_the_paper_has_its_size_and_its_fonts_inside(papers: Path, name: str) -> None:
    pdf = papers / f"{name}.pdf"
    told = subprocess.run(["pdfinfo", str(pdf)], capture_output=True, text=True).stdout
    width, height = map(float, re.findall(r"Page size: +([\d.]+) x ([\d.]+)", told)[0])
    assert (round(width), round(height)) == POINTS[name]
    fonts = subprocess.run(["pdffonts", str(pdf)], capture_output=True, text=True).stdout
    listed = [line.split() for line in fonts.splitlines()[2:] if "Noto" in line]
    assert len(listed) == 2
    assert all(line[-5] == "yes" for line in listed)


@pytest.mark.parametrize("name", PAPERS)
def test_no_words_meet_or_leave_the_paper(papers: Path, name: str) -> None:
    width, height = POINTS[name]
    words = words_on(papers / f"{name}.pdf")
    assert len(words) > 15
    for word in words:
        left, top, right, bottom = word.box
        assert 8 < left < right < width - 8, word
        assert 8 < top < bottom < height - 8, word
    for one, other in itertools.combinations(words, 2):
        if one.page == other.page:
            across = min(one.box[2], other.box[2]) - max(one.box[0], other.box[0])
            down = min(one.box[3], other.box[3]) - max(one.box[1], other.box[1])
            line = min(one.box[3] - one.box[1], other.box[3] - other.box[1])
            assert across <= 0.1 or down < 0.35 * line, (one, other)


def test_phones_read_the_codes_from_the_poster(papers: Path) -> None:
    form = "dvc.example" in " ".join(codes_on(next(pictures_of(papers / "poster-a3.pdf"))))
    expected = ["http://10.42.0.1:18080/"] + ([FORM] if form else [])
    for name in ("poster-a4", "poster-a3"):
        (page,) = pictures_of(papers / f"{name}.pdf")
        assert sorted(codes_on(page)) == sorted(expected)
    read = Counter(
        code for page in pictures_of(papers / "leaflet-a4.pdf") for code in codes_on(page)
    )
    assert read == Counter(expected)


def test_a_code_is_read_from_seventy_centimetres(papers: Path, tmp_path: Path) -> None:
    """A phone with 65 degrees across 3000 pixels sees about 3.4 pixels a millimetre there."""
    (page,) = pictures_of(papers / "poster-a4.pdf", 150)
    with Image.open(page) as poster:
        small = poster.resize((round(210 * 3.4), round(297 * 3.4)), Image.Resampling.BILINEAR)
        small.save(tmp_path / "far.png")
    assert "http://10.42.0.1:18080/" in codes_on(tmp_path / "far.png")
    assert CODE_MM >= 70


def test_the_poster_says_whose_it_is_and_whom_to_call(papers: Path) -> None:
    told = " ".join(word.text for word in words_on(papers / "poster-a4.pdf"))
    for wanted in ("Na Cô Sa 3", "0215 3 000 113", "HomThu-NaCoSa3", "Máy không hứa được", "(?)"):
        assert wanted in told
    label = " ".join(word.text for word in words_on(papers / "label.pdf"))
    assert "HomThu-NaCoSa3" in label


def test_every_guess_is_marked_on_paper(bundle: Path) -> None:
    raw = tomllib.loads((ROOT / "provisioning" / "paper" / "poster.toml").read_text("utf-8"))
    entries = [e for entry in raw.values() for e in (entry, *entry.get("items", ()))]
    assert {entry["hmn"]["confidence"] for entry in entries} <= set(CONFIDENCES)
    texts = kiosk_details.read(bundle).texts
    for name, entry in raw.items():
        guessed = entry["hmn"]["confidence"] == "C"
        assert texts.text(name).hmn.endswith("(?)") is guessed


def test_what_does_not_fit_or_has_no_letters_is_refused() -> None:
    load_fonts()
    assert fitting("ngắn", 20, 10, 12, BOLD) == 12
    assert fitting("một câu hơi dài", 20, 10, 12, BOLD) < 12
    with pytest.raises(ProvisioningError, match="does not fit"):
        fitting("rất dài " * 40, 20, 10, 12, BOLD)
    with pytest.raises(ProvisioningError, match="the font has no"):
        fitting("𖬑", 20, 10, 12, BOLD)


def test_a_kiosk_without_a_hotspot_gets_no_poster(bundle: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(bundle, tmp_path / "kiosk")
    (copy / "phone.toml").unlink()
    given = ["poster", str(copy), str(tmp_path / "out"), "--assets", str(ASSETS)]
    done = CliRunner().invoke(main, given)
    assert done.exit_code == 2
    assert "with an ssid" in done.output
    assert not (tmp_path / "out").exists()

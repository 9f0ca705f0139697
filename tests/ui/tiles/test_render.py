"""The rendered pictures: sizes, contents, sameness, and how the command ends."""

import itertools
import json
import shutil
import tomllib
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from kiosk.common.errors import EXIT_BAD_INPUT
from ui.tiles import DATA
from ui.tiles.render import main, render, sizes_of
from ui.tiles.scene import Book

QUESTIONNAIRE = tomllib.loads(
    (DATA.parents[1] / "kiosk" / "content" / "questionnaire.toml").read_text("utf-8")
)
SIBLINGS = {name: table["choices"] for name, table in QUESTIONNAIRE["questions"].items()}
SIBLINGS["menu"] = [f"box_{box['id']}" for box in QUESTIONNAIRE["boxes"]]
FEWEST_COLOURS = {True: 8, False: 40}
LEAST_DIFFERENCE = 6.0
LOST = "240/theft.png"


def test_sizes_are_right_and_nothing_is_blank(book: Book, tiles: Path) -> None:
    for scene in book.scenes:
        for size in sizes_of(scene):
            with Image.open(tiles / str(size[0]) / f"{scene.name}.png") as tile:
                assert tile.size == size
                colours = tile.convert("RGB").getcolors(size[0] * size[1])
            assert colours is not None
            assert len(colours) > FEWEST_COLOURS[scene.is_icon], scene.name


def test_controls_are_transparent_and_scenes_are_not(book: Book, tiles: Path) -> None:
    for scene in book.scenes:
        with Image.open(tiles / str(sizes_of(scene)[0][0]) / f"{scene.name}.png") as tile:
            corner = tile.convert("RGBA").getpixel((0, 0))
        assert isinstance(corner, tuple)
        assert corner[3] == (0 if scene.is_icon else 255), scene.name


@pytest.mark.parametrize("question", SIBLINGS)
def test_siblings_look_different(question: str, tiles: Path) -> None:
    pictures = {}
    for choice in SIBLINGS[question]:
        with Image.open(tiles / "240" / f"{choice}.png") as tile:
            pictures[choice] = tile.convert("RGB")
    for one, other in itertools.combinations(pictures, 2):
        difference = ImageStat.Stat(ImageChops.difference(pictures[one], pictures[other])).mean
        assert sum(difference) / 3 > LEAST_DIFFERENCE, (one, other)


@pytest.fixture(scope="module")
def drawn_again(tiles: Path, icons_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All pictures drawn once more, by one process, because one of them was lost."""
    copy = shutil.copytree(tiles, tmp_path_factory.mktemp("again") / "tiles")
    (copy / LOST).unlink()
    assert render(copy, icons_folder, workers=1) > 0
    return copy


def test_rendering_twice_gives_the_same_bytes(tiles: Path, drawn_again: Path) -> None:
    first = {path.relative_to(tiles): path.read_bytes() for path in tiles.rglob("*.png")}
    second = {p.relative_to(drawn_again): p.read_bytes() for p in drawn_again.rglob("*.png")}
    assert first == second


def test_manifest_names_every_tile_with_its_sizes(book: Book, tiles: Path) -> None:
    manifest = json.loads((tiles / "manifest.json").read_text("utf-8"))
    assert manifest["tiles"] == {s.name: [list(size) for size in sizes_of(s)] for s in book.scenes}
    assert (tiles / "contact.png").is_file()


def test_nothing_is_drawn_when_nothing_changed(tiles: Path, icons_folder: Path) -> None:
    assert render(tiles, icons_folder, workers=1) == 0


def test_a_lost_picture_is_drawn_again(drawn_again: Path) -> None:
    assert (drawn_again / LOST).is_file()


def test_without_packages_the_command_quits_with_the_cure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--out", str(tmp_path), "--icons", str(tmp_path / "none")]) == EXIT_BAD_INPUT
    assert "npm ci" in capsys.readouterr().err

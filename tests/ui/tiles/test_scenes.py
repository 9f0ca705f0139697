"""The scenes are complete, and mistakes in them are all told at once."""

import shutil
import tomllib
from pathlib import Path

import pytest

from kiosk.common.errors import KioskError, QuestionnaireError
from ui.tiles import DATA
from ui.tiles.icons import OWN, Icons, Picture
from ui.tiles.scene import Book, read_book, read_drawings
from ui.tiles.svg import compose

QUESTIONNAIRE = DATA.parents[1] / "kiosk" / "content" / "questionnaire.toml"


def test_every_box_question_and_choice_has_a_scene(book: Book) -> None:
    asked = tomllib.loads(QUESTIONNAIRE.read_text("utf-8"))
    needed = {f"box_{box['id']}" for box in asked["boxes"]}
    needed |= {f"ask_{question}" for question in asked["questions"]}
    needed |= {choice for table in asked["questions"].values() for choice in table["choices"]}
    assert needed - {scene.name for scene in book.scenes} == set()


def test_every_own_drawing_is_used(book: Book) -> None:
    used = {layer.icon for scene in book.scenes for layer in scene.layers}
    assert {f"own:{name}" for name in read_drawings()} - used == set()


def test_every_ground_is_used(book: Book) -> None:
    assert set(book.grounds) == {scene.ground for scene in book.scenes if scene.ground}


def test_notice_names_every_package_in_use(book: Book) -> None:
    notice = (DATA.parents[1] / "NOTICE").read_text("utf-8")
    used = {layer.icon.partition(":")[0] for scene in book.scenes for layer in scene.layers}
    for package in used - {OWN}:
        assert f"@iconify-json/{package}\n" in notice


def test_all_mistakes_are_told_at_once(icons: Icons, tmp_path: Path) -> None:
    for name in ("backdrops.toml", "drawings.toml", "code.toml"):
        shutil.copy(DATA / name, tmp_path)
    (tmp_path / "scenes.toml").write_text(
        """
[scenes.one]
ground = "nowhere"
layers = [{ icon = "noto:no-such-thing", x = 1, y = 2, size = 3 }]
[scenes.two]
ground = "calm"
colour = "red"
layers = [{ icon = "noto:house", x = 1, y = 2, spin = 3 }]
[scenes.three]
ground = "calm"
[extras]
""",
        "utf-8",
    )
    with pytest.raises(QuestionnaireError) as caught:
        read_book(icons, tmp_path)
    assert caught.value.problems == (
        "one: unknown backdrop 'nowhere'",
        "one: unknown icon 'noto:no-such-thing'",
        "two: unknown key 'colour'",
        "two: unknown key 'spin'",
        "two: no 'size'",
        "three: no layers",
        "unknown table extras",
    )


def test_grounds_name_a_known_kind_and_its_colours(icons: Icons, tmp_path: Path) -> None:
    for name in ("scenes.toml", "drawings.toml", "code.toml"):
        shutil.copy(DATA / name, tmp_path)
    (tmp_path / "backdrops.toml").write_text(
        """
[kinds]
flat = '<rect fill="{sky}"/>'
[grounds]
calm = { kind = "flat", sea = "#00F" }
crime = { kind = "swamp" }
""",
        "utf-8",
    )
    with pytest.raises(QuestionnaireError) as caught:
        read_book(icons, tmp_path)
    assert caught.value.problems[:2] == (
        "ground calm: flat needs the colours ['sky']",
        "ground crime: unknown backdrop 'swamp'",
    )


def test_unreadable_toml_is_told_with_its_name(icons: Icons, tmp_path: Path) -> None:
    (tmp_path / "backdrops.toml").write_text("[", "utf-8")
    with pytest.raises(QuestionnaireError, match=r"backdrops\.toml"):
        read_book(icons, tmp_path)


def test_missing_packages_name_the_cure(tmp_path: Path) -> None:
    with pytest.raises(KioskError, match="npm ci"):
        Icons.load(tmp_path, {})


def test_gradient_ids_never_clash() -> None:
    body = '<path id="a" fill="url(#a)"/><use href="#a"/><use xlink:href="#ab"/><g id="ab"/>'
    assert Picture(body, (0, 0, 1, 1)).with_ids("p-") == (
        '<path id="p-a" fill="url(#p-a)"/><use href="#p-a"/><use xlink:href="#p-ab"/><g id="p-ab"/>'
    )


def test_the_same_picture_twice_keeps_both_gradients_apart(book: Book, icons: Icons) -> None:
    svg = compose(next(s for s in book.scenes if s.name == "goods"), book, icons)
    ids = [part.split('"')[0] for part in svg.split(' id="')[1:]]
    assert len(ids) == len(set(ids))

"""A picture that was not built is an error before the first screen, all of them at once."""

import json
from pathlib import Path

import pytest

from kiosk.common.errors import QuestionnaireError
from kiosk.content import questionnaire
from kiosk.flow.model import Rules
from kiosk.views import inventory, loader


def needed_tiles() -> frozenset[str]:
    asked = questionnaire.load()
    return asked.tiles() | inventory.needs(Rules(asked)).pictures


def build(assets: Path, names: frozenset[str]) -> Path:
    (assets / "tiles").mkdir()
    tiles: dict[str, list[str]] = {name: [] for name in names}
    (assets / "tiles" / "manifest.json").write_text(json.dumps({"tiles": tiles}))
    return assets


def test_with_all_pictures_the_content_loads(tmp_path: Path) -> None:
    needed = needed_tiles()
    loaded, catalog = loader.load(build(tmp_path, needed))
    assert loaded.strings() <= catalog.ids()


def test_every_missing_picture_is_named_at_once(tmp_path: Path) -> None:
    needed = needed_tiles()
    with pytest.raises(QuestionnaireError) as caught:
        loader.load(build(tmp_path, needed - {"forest", "box_crime"}))
    assert caught.value.problems == (
        "picture 'box_crime' was not built",
        "picture 'forest' was not built",
    )
    assert "make setup" in str(caught.value)


def test_without_any_pictures_all_are_named(tmp_path: Path) -> None:
    with pytest.raises(QuestionnaireError) as caught:
        loader.load(tmp_path)
    assert len(caught.value.problems) == len(needed_tiles())


@pytest.mark.parametrize(
    "picture", ["welcome", "call_now", "fault", "idle", "quick_exit", "speaker", "staff_menu"]
)
def test_a_picture_of_any_screen_that_is_missing_stops_the_start(
    tmp_path: Path, picture: str
) -> None:
    with pytest.raises(QuestionnaireError) as caught:
        loader.load(build(tmp_path, needed_tiles() - {picture}))
    assert caught.value.problems == (f"picture {picture!r} was not built",)

from pathlib import Path

import pytest

from ui.tiles import DATA
from ui.tiles.icons import PACKAGES, Icons
from ui.tiles.render import render
from ui.tiles.scene import Book, read_book, read_drawings

ICONS = DATA.parents[1] / "node_modules" / "@iconify-json"


@pytest.fixture(scope="session")
def icons_folder() -> Path:
    if not all((ICONS / name).is_dir() for name in PACKAGES):
        pytest.skip("the picture packages are not installed: run `npm ci`")
    return ICONS


@pytest.fixture(scope="session")
def icons(icons_folder: Path) -> Icons:
    return Icons.load(icons_folder, read_drawings())


@pytest.fixture(scope="session")
def book(icons: Icons) -> Book:
    return read_book(icons)


@pytest.fixture(scope="session")
def tiles(icons_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("tiles")
    render(out, icons_folder, workers=2)
    return out

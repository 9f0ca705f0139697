"""One offscreen window for the tests that draw in this process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from queue import Queue
from typing import TYPE_CHECKING

import pytest

from kiosk.content import catalog as catalogues
from kiosk.device import config as configs
from kiosk.flow.model import Event
from tests.ui.touch.filing import NO_BOOTH, QUESTIONS, Held, OpenDoor
from tests.ui.touch.place import TILES, provision
from ui.touch.filing_worker import FilingWorker

if TYPE_CHECKING:
    from ui.touch.drawing.draw_context import DrawContext


@pytest.fixture(scope="session")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DrawContext]:
    """What widgets are made with, on an offscreen window of 800 x 480."""
    if not TILES.is_dir():
        pytest.skip("needs the built tiles")
    from ui.touch.environment import configure, set_environment

    os.environ.pop("DISPLAY", None)
    folder: Path = tmp_path_factory.mktemp("kiosk")
    config = configs.load(provision(folder))
    set_environment(str(folder))
    os.environ["SDL_VIDEODRIVER"] = "offscreen"
    configure(config.size, config.fullscreen)
    from kivy.core.window import Window

    if Window is None:
        pytest.skip("needs libegl1 and libgles2")
    from ui.touch.drawing.draw_context import DrawContext
    from ui.touch.drawing.text import TextTextures
    from ui.touch.drawing.textures import PictureTextures
    from ui.touch.layout.geometry import Panel

    yield DrawContext(
        Panel(*config.size, config.width_mm),
        PictureTextures(config.assets),
        TextTextures(),
        catalogues.load(),
        config.languages,
    )
    del os.environ["SDL_VIDEODRIVER"]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[OpenDoor]:
    doors: list[FilingWorker] = []

    def start(booth: Held = NO_BOOTH, rows: int = 40) -> tuple[FilingWorker, Queue[Event], Path]:
        path = provision(tmp_path, rows=rows)
        events: Queue[Event] = Queue()
        door = FilingWorker(configs.load(path), QUESTIONS, events.put, booth)
        doors.append(door)
        return door, events, tmp_path

    yield start
    for door in doors:
        door.close()

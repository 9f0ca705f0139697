"""A card on which no kiosk can be opened says so on its screen, and not to a terminal's user."""

import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.common.errors import EXIT_BAD_INPUT
from tests.ui.touch import place
from tests.waiting import DEADLINE, wait_until
from ui.touch.heartbeat import SOCKET

pytestmark = pytest.mark.skipif(
    not all(map(shutil.which, ("Xvfb", "import"))), reason="needs Xvfb and ImageMagick"
)
DRAWN = 50


@pytest.fixture(params=["none", "damaged"])
def config(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "card" / "kiosk.toml"
    path.parent.mkdir()
    if request.param == "damaged":
        path.write_text("[kiosk")
    return path


def test_it_is_shown_where_a_service_is_started_and_nothing_is_called_ready(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager = tmp_path / "manager"
    command = ("ui.touch.main", "--config", str(config), "--assets", str(place.TILES.parent))
    with (
        place.display(800, 480) as display,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told,
    ):
        told.bind(str(manager))
        told.setblocking(False)
        monkeypatch.setenv(SOCKET, str(manager))
        with place.app(config, display, tmp_path / "log", *command) as app:
            wait_until(lambda: place.colours(display) > DRAWN)
            app.terminate()
            assert app.wait(DEADLINE) == EXIT_BAD_INPUT
        with pytest.raises(BlockingIOError):
            told.recv(64)
    assert "homthu-kiosk: " in (tmp_path / "log").read_text("utf-8")


def test_a_terminal_is_told_at_once(config: Path) -> None:
    command = [sys.executable, "-m", "ui.touch.main", "--config", str(config)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE, check=False)
    assert done.returncode == EXIT_BAD_INPUT
    assert "homthu-kiosk: " in done.stderr

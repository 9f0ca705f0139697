"""systemd hears of the kiosk only while it draws and its outbox can be read."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.ui.touch.place import app, display, provision
from tests.waiting import DEADLINE
from ui.touch.heartbeat import SOCKET, Heartbeat

ALIVE = b"READY=1\nWATCHDOG=1"


class Screen:
    """Draws and reads when told to, unless it is broken."""

    def __init__(self) -> None:
        self.told: list[bytes] = []
        self.draws = self.reads = True
        self.heart = Heartbeat(self.told.append, self._redraw, self._read)

    def _redraw(self) -> None:
        if self.draws:
            self.heart.drawn()

    def _read(self, done: Callable[[], None]) -> None:
        if self.reads:
            done()


def test_nothing_is_told_before_a_frame_and_a_look_into_the_outbox() -> None:
    screen = Screen()
    screen.heart.beat()
    assert screen.told == []
    screen.heart.beat()
    assert screen.told == [ALIVE]


@pytest.mark.parametrize("broken", ["draws", "reads"])
def test_silence_while_one_of_the_two_fails(broken: str) -> None:
    screen = Screen()
    setattr(screen, broken, False)
    for _ in range(3):
        screen.heart.beat()
    assert screen.told == []
    setattr(screen, broken, True)
    screen.heart.beat()
    screen.heart.beat()
    assert screen.told == [ALIVE]


@contextmanager
def manager(tmp_path: Path, patch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """The service manager's end, for what is started from now on."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(DEADLINE)
        patch.setenv(SOCKET, str(tmp_path / "notify"))
        yield listening


def test_the_app_tells_again_and_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = provision(tmp_path / "kiosk")
    with (
        display(800, 480) as on,
        manager(tmp_path, monkeypatch) as heard,
        app(config, on, tmp_path / "log"),
    ):
        for _ in range(2):
            assert heard.recv(64) == ALIVE

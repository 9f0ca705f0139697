"""The real app in a real window: whole visits, every door tried, mistakes survived."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

import psutil
import pytest

from kiosk.device.config import load
from kiosk.device.outbox import Outbox
from kiosk.flow.model import Kept, Tap
from kiosk.protocol.picture_code import new_code
from tests.kiosk.visits import WIFI, Visitor
from tests.ui.touch.place import (
    PANELS,
    ROOT,
    ROW_KEY,
    STAFF_PIN,
    TILES,
    app,
    colours,
    display,
    finger,
    pixels,
    provision,
    settled,
    tap,
)
from tests.waiting import DEADLINE, wait_until
from ui.touch.layout.geometry import Panel
from ui.touch.layout.placement import place
from ui.touch.layout.screens import grid, rail_slot
from ui.touch.visit_driver import Walker

pytestmark = pytest.mark.skipif(
    not TILES.is_dir() or not all(map(shutil.which, ("Xvfb", "xdotool", "import"))),
    reason="needs the built tiles, Xvfb, xdotool and ImageMagick",
)

DRAWN = 500


class Running(NamedTuple):
    """A running kiosk with its start screen shown."""

    on: str
    process: subprocess.Popen[bytes]
    folder: Path
    log: Path


@pytest.fixture
def kiosk(tmp_path: Path) -> Iterator[Running]:
    config, log = provision(tmp_path / "kiosk"), tmp_path / "log"
    with display(800, 480) as on, app(config, on, log) as process:
        wait_until(lambda: colours(on) > DRAWN)
        yield Running(on, process, config.parent, log)


def walk(on: str, config: Path, out: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-m",
        "ui.touch.visit_driver",
        "--config",
        str(config),
        "--out",
        str(out),
        *options,
    ]
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, "DISPLAY": on}, capture_output=True, text=True
    )


@pytest.mark.fresh
@pytest.mark.parametrize("panel", PANELS, ids=str)
def test_a_whole_visit_ends_with_a_report_in_the_outbox(
    tmp_path: Path, panel: tuple[int, int, float]
) -> None:
    config, log, out = provision(tmp_path / "kiosk", panel), tmp_path / "log", tmp_path / "shots"
    choices = "border,people_led,armed_yes,border_marker,last_night,few,motorbike,danger_yes"
    with display(*panel[:2]) as on, app(config, on, log):
        done = walk(on, config, out, "--language", "hmn", "--choices", choices)
    assert done.returncode == 0, done.stderr
    assert len(list(out.glob("*.png"))) == 14
    outbox = Outbox(config.parent / "touch.db", ROW_KEY)
    assert outbox.counts().real == 1
    outbox.close()
    written = log.read_text()
    assert not any(word in written for word in choices.split(","))


def drum(on: str, spot: tuple[int, int]) -> None:
    """Four taps on one place, as quick as an old hand's double tap."""
    taps = ("click", "--repeat", "4", "--delay", "300", "1")
    finger(on, "mousemove", *map(str, spot), *taps)


@pytest.mark.parametrize("panel", PANELS, ids=str)
def test_a_double_tap_after_the_danger_screen_sends_nothing(
    tmp_path: Path, panel: tuple[int, int, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    config, log, out = provision(tmp_path / "kiosk", panel), tmp_path / "log", tmp_path / "shots"
    box, choices = "border", "people_led,armed_no,border_marker,now,few,nothing_more,danger_yes"
    with display(*panel[:2]) as on, app(config, on, log):
        monkeypatch.setenv("DISPLAY", on)
        visit = Walker(load(config), out)
        visit.begin("vi")
        visit.answer(box, choices.split(","))
        spot = visit.scene().targets["go_on"].centre
        drum(on, spot)
        settled(on)
        outbox = Outbox(config.parent / "touch.db", ROW_KEY)
        assert outbox.counts().real == 0
        visit.feel(Tap("go_on", (0, 0), 0.0))
        visit.tap("send", Kept(0.0, code=new_code()))
        assert outbox.counts().real == 1
        outbox.close()


def test_the_walker_fails_when_the_screen_does_not_follow(kiosk: Running, tmp_path: Path) -> None:
    on, process, folder, _ = kiosk
    process.send_signal(signal.SIGSTOP)
    try:
        done = walk(on, folder / "kiosk.toml", tmp_path / "shots", "--choices", "opinion,road,good")
    finally:
        process.send_signal(signal.SIGCONT)
    assert done.returncode == 2
    assert "does not change" in done.stderr


def test_no_key_and_no_button_leads_out(kiosk: Running) -> None:
    on, process, folder, log = kiosk
    shown, children = settled(on), _children(process.pid)
    files = sorted(folder.iterdir())
    names = [f"F{n}" for n in range(1, 13)] + [
        "Escape",
        "Tab",
        "Return",
        "Print",
        "Menu",
        "Super_L",
    ]
    for key in names:
        finger(on, "key", key)
    for modifier in ("alt", "ctrl", "ctrl+alt", "super", "ctrl+shift"):
        for key in ("F4", "F2", "Tab", "Delete", "BackSpace", "t", "e", "q", "w", "c", "space"):
            finger(on, "key", f"{modifier}+{key}")
    finger(on, "mousemove", "560", "350")
    for button in ("2", "3", "4", "5"):
        finger(on, "click", button)
    wait_until(lambda: pixels(on) == shown)
    finger(on, "keydown", "ctrl", "click", "1", "keyup", "ctrl")
    wait_until(lambda: colours(on) > DRAWN)
    assert process.poll() is None
    assert _children(process.pid) == children
    assert sorted(folder.iterdir()) == files
    assert "Traceback" not in log.read_text()


@pytest.mark.parametrize("panel", PANELS, ids=str)
def test_a_phone_can_read_the_codes_of_both_steps(
    tmp_path: Path, panel: tuple[int, int, float]
) -> None:
    config, log = provision(tmp_path / "kiosk", panel), tmp_path / "log"
    with display(*panel[:2]) as on, app(config, on, log):
        visitor = Visitor()
        wait_until(lambda: WIFI.wifi_qr in _codes(on, tmp_path))
        for target, code in (("phone", WIFI.wifi_qr), ("go_on", WIFI.address)):
            before = settled(on)
            tap(on, place(visitor.shown(), Panel(*panel)).targets[target].centre)
            visitor.tap(target)
            wait_until(partial(_shows_another, on, before, code, tmp_path))


def test_it_ends_when_told_to(kiosk: Running) -> None:
    _, process, _, log = kiosk
    process.send_signal(signal.SIGTERM)
    assert process.wait(DEADLINE) == 0
    assert "Traceback" not in log.read_text()


def test_a_screen_that_cannot_be_drawn_becomes_the_start_screen(tmp_path: Path) -> None:
    config, log = provision(tmp_path / "kiosk"), tmp_path / "log"
    command = ("tests.ui.touch.crashing", str(config), str(tmp_path))
    with display(800, 480) as on, app(config, on, log, *command) as process:
        wait_until(lambda: colours(on) > DRAWN)
        start = settled(on)
        for crashes in (1, 2):
            tap(on, (130, 150))
            wait_until(partial(_has_crashed, log, crashes))
            wait_until(lambda: pixels(on) == start)
        assert process.poll() is None
    written = log.read_text()
    assert written.count("E40 crashing:") == 2
    assert "secret" not in written
    assert "Traceback" not in written


def test_it_leaves_nothing_in_its_home(kiosk: Running) -> None:
    _, process, folder, _ = kiosk
    process.terminate()
    process.wait(DEADLINE)
    assert list((folder.parent / "home").iterdir()) == []


def test_a_wrong_configuration_is_explained_without_a_traceback(tmp_path: Path) -> None:
    config = tmp_path / "kiosk.toml"
    config.write_text('[kiosk]\nid = "short"\n[scren]\n')
    command = [sys.executable, "-m", "ui.touch.main", "--config", str(config)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 2
    assert "kiosk.id" in done.stderr
    assert "'screen'" in done.stderr
    assert "Traceback" not in done.stderr


def _shows_another(on: str, before: bytes, code: str, folder: Path) -> bool:
    return pixels(on) != before and code in _codes(on, folder)


def _has_crashed(log: Path, times: int) -> bool:
    return log.read_text().count("E40") == times


def _codes(on: str, folder: Path) -> str:
    """What zbarimg reads on a display."""
    shot = folder / "screen.png"
    subprocess.run(
        ["import", "-window", "root", str(shot)], env={**os.environ, "DISPLAY": on}, check=True
    )
    return subprocess.run(
        ["zbarimg", "--quiet", "--raw", str(shot)], capture_output=True, text=True
    ).stdout


def _children(pid: int) -> set[str]:
    return {child.name() for child in psutil.Process(pid).children(recursive=True)}


def test_two_long_presses_and_the_code_open_the_staff_screen(kiosk: Running) -> None:
    on, _, _, log = kiosk
    start = settled(on)
    for x, y in ((8, 8), (790, 470)):
        finger(on, "mousemove", str(x), str(y), "mousedown", "1", "sleep", "3.3", "mouseup", "1")
    wait_until(lambda: pixels(on) != start)
    keys = grid(Panel(*PANELS[0]), 11)
    closed = settled(on)
    for digit in STAFF_PIN:
        x, y = keys["1234567890".index(digit)].centre
        finger(on, "sleep", "0.2", "mousemove", str(x), str(y), "click", "1")
    wait_until(lambda: colours(on) > 2 * DRAWN and pixels(on) != closed)
    tap(on, rail_slot(Panel(*PANELS[0]), "home").centre)
    wait_until(lambda: pixels(on) == start)
    assert STAFF_PIN not in log.read_text()

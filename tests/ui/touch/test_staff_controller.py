"""The staff room without a window: a real code file, real threads, a real command."""

import threading
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from kiosk.common import passphrase
from kiosk.flow.model import Screen
from tests.waiting import DEADLINE, wait_until
from ui.touch.layout.geometry import Panel
from ui.touch.layout.placement import Scene
from ui.touch.staff_controller import StaffController, StaffFiles

PIN = "314159"


class Glass:
    """The overlay, the main thread's queue and the clock."""

    def __init__(self) -> None:
        self.scenes: list[Scene] = []
        self.left, self.sounds, self.now = 0, 0, 100.0
        self.posted = threading.Semaphore(0)
        self.calls: list[Callable[[], None]] = []

    def draw(self, scene: Scene) -> None:
        self.scenes.append(scene)

    def emphasise(self, target: str | None) -> None:
        pass

    def settle(self, seconds: float) -> None:
        pass

    def leave(self) -> None:
        self.left += 1

    def post(self, call: Callable[[], None]) -> None:
        self.calls.append(call)
        self.posted.release()

    def test_sound(self) -> tuple[str, ...]:
        self.sounds += 1
        return "speaker_good", "microphone_busy"

    def run_posted(self) -> None:
        assert self.posted.acquire(timeout=DEADLINE)
        self.calls.pop(0)()


@cache
def locked_pin() -> bytes:
    return passphrase.lock(b"staff", PIN)


@pytest.fixture
def places(tmp_path: Path) -> StaffFiles:
    pin, image = tmp_path / "staff.pin", tmp_path / "image"
    pin.write_bytes(locked_pin())
    image.write_text('{"version": "2026.11.0"}\n')
    off = f"touch {tmp_path / 'off'}"
    return StaffFiles(pin, tmp_path / "status.json", image, tmp_path / "stick", off)


@pytest.fixture
def glass() -> Glass:
    return Glass()


@pytest.fixture
def room(glass: Glass, places: StaffFiles) -> StaffController:
    return StaffController(
        Panel(800, 480, 154), glass, places, glass.post, glass.test_sound, lambda: glass.now
    )


def shown(room: StaffController) -> Scene:
    assert room.scene is not None
    return room.scene


def touch(room: StaffController, glass: Glass, *targets: str) -> None:
    for target in targets:
        room.frame_shown()
        glass.now += 1.0
        place = next(
            p.place
            for p in (*shown(room).tiles, *shown(room).buttons)
            if p.tile.literal == target or p.tile.target == target
        )
        assert room.press("finger", place.centre)
        room.release("finger")


def let_in(room: StaffController, glass: Glass, pin: str = PIN) -> None:
    room.open()
    touch(room, glass, *pin)
    glass.run_posted()


def test_the_right_code_opens_and_the_hash_is_shown(room: StaffController, glass: Glass) -> None:
    let_in(room, glass)
    assert shown(room).view.prompt == "staff.menu"
    touch(room, glass, "system")
    assert ("staff.image", "2026.11.0") in shown(room).view.numbers
    assert all(scene.view.screen is Screen.STAFF for scene in glass.scenes)


def test_what_is_done_with_a_stick_is_seen_while_it_is_done(
    room: StaffController, glass: Glass, places: StaffFiles
) -> None:
    let_in(room, glass)
    touch(room, glass, "stick")
    for told, prompt in [
        (b"carrying\n", "stick_carrying"),
        (b"carried\n", "stick_carried"),
        (b"", "stick_none"),
        (b"what?", "stick_none"),
        (b"\xff", "stick_none"),
    ]:
        places.stick.write_bytes(told)
        room.tick()
        assert shown(room).view.prompt == f"staff.{prompt}"


def test_a_wrong_code_opens_nothing(room: StaffController, glass: Glass) -> None:
    let_in(room, glass, "314158")
    assert shown(room).view.prompt == "staff.wrong"


def test_a_kiosk_without_a_code_has_no_staff_screen(
    room: StaffController, glass: Glass, places: StaffFiles
) -> None:
    places.pin.unlink()
    room.open()
    assert room.scene is None
    assert not room.press("finger", (10, 10))


def test_sound_is_tested_and_power_goes_off(
    room: StaffController, glass: Glass, places: StaffFiles, tmp_path: Path
) -> None:
    let_in(room, glass)
    touch(room, glass, "sound")
    glass.run_posted()
    assert glass.sounds == 1
    good, busy, _ = shown(room).tiles
    assert (good.tile.string_id, good.tile.accent) == ("staff.speaker_good", "good")
    assert (busy.tile.picture, busy.tile.accent) == ("state_no_microphone", "bad")
    touch(room, glass, "sound")
    glass.run_posted()
    assert glass.sounds == 2
    room.frame_shown()
    glass.now += 1.0
    assert room.press("finger", shown(room).targets["back"].centre)
    room.release("finger")
    touch(room, glass, "power", "power_off")
    wait_until((tmp_path / "off").exists)


def test_a_command_that_does_not_exist_stops_nothing(
    glass: Glass, places: StaffFiles, caplog: pytest.LogCaptureFixture
) -> None:
    broken = replace(places, power_off="/nowhere/poweroff")
    room = StaffController(
        Panel(800, 480, 154), glass, broken, glass.post, glass.test_sound, lambda: glass.now
    )
    let_in(room, glass)
    touch(room, glass, "power", "power_off")
    assert shown(room).view.prompt == "staff.power_off"
    assert "E42" in caplog.text


def test_nobody_there_closes_it(room: StaffController, glass: Glass) -> None:
    let_in(room, glass)
    glass.now += 61
    room.tick()
    assert room.scene is None
    assert glass.left == 1

"""The staff room without a window: a real code file, real threads, a real command."""

import threading
from dataclasses import replace
from functools import cache

import pytest

from kiosk.common import passphrase
from kiosk.flow.model import Screen
from tests.ui.touch.place import wait_until
from ui.touch.layout.geometry import Panel
from ui.touch.staff_controller import Places, StaffRoom

PIN = "314159"


class Glass:
    """The overlay, the main thread's queue and the clock."""

    def __init__(self) -> None:
        self.scenes, self.left, self.sounds, self.now = [], 0, 0, 100.0
        self.posted = threading.Semaphore(0)
        self.calls = []

    def draw(self, scene) -> None:
        self.scenes.append(scene)

    def emphasise(self, target) -> None:
        pass

    def leave(self) -> None:
        self.left += 1

    def post(self, call) -> None:
        self.calls.append(call)
        self.posted.release()

    def test_sound(self) -> tuple[str, ...]:
        self.sounds += 1
        return "speaker_good", "microphone_busy"

    def run_posted(self) -> None:
        assert self.posted.acquire(timeout=30)
        self.calls.pop(0)()


@cache
def locked_pin() -> bytes:
    return passphrase.lock(b"staff", PIN)


@pytest.fixture
def places(tmp_path) -> Places:
    pin, image = tmp_path / "staff.pin", tmp_path / "image"
    pin.write_bytes(locked_pin())
    image.write_text('{"version": "2026.11.0"}\n')
    off = f"touch {tmp_path / 'off'}"
    return Places(pin, tmp_path / "status.json", image, tmp_path / "stick", off)


@pytest.fixture
def glass() -> Glass:
    return Glass()


@pytest.fixture
def room(glass, places) -> StaffRoom:
    return StaffRoom(
        Panel(800, 480, 154), glass, places, glass.post, glass.test_sound, lambda: glass.now
    )


def touch(room: StaffRoom, glass: Glass, *targets: str) -> None:
    for target in targets:
        glass.now += 1.0
        place = next(
            p.place
            for p in (*room.scene.tiles, *room.scene.buttons)
            if p.tile.literal == target or p.tile.target == target
        )
        assert room.press("finger", place.centre)
        room.release("finger")


def let_in(room: StaffRoom, glass: Glass, pin: str = PIN) -> None:
    room.open()
    touch(room, glass, *pin)
    glass.run_posted()


def test_the_right_code_opens_and_the_hash_is_shown(room, glass):
    let_in(room, glass)
    assert room.scene.view.prompt == "staff.menu"
    touch(room, glass, "system")
    assert ("staff.image", "2026.11.0") in room.scene.view.numbers
    assert all(scene.view.screen is Screen.STAFF for scene in glass.scenes)


def test_what_is_done_with_a_stick_is_seen_while_it_is_done(room, glass, places):
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
        assert room.scene.view.prompt == f"staff.{prompt}"


def test_a_wrong_code_opens_nothing(room, glass):
    let_in(room, glass, "314158")
    assert room.scene.view.prompt == "staff.wrong"


def test_a_kiosk_without_a_code_has_no_staff_screen(room, glass, places):
    places.pin.unlink()
    room.open()
    assert room.scene is None
    assert not room.press("finger", (10, 10))


def test_sound_is_tested_and_power_goes_off(room, glass, places, tmp_path):
    let_in(room, glass)
    touch(room, glass, "sound")
    glass.run_posted()
    assert glass.sounds == 1
    good, busy, _ = room.scene.tiles
    assert (good.tile.string_id, good.tile.accent) == ("staff.speaker_good", "good")
    assert (busy.tile.picture, busy.tile.accent) == ("state_no_microphone", "bad")
    touch(room, glass, "sound")
    glass.run_posted()
    assert glass.sounds == 2
    glass.now += 1.0
    assert room.press("finger", room.scene.targets["back"].centre)
    room.release("finger")
    touch(room, glass, "power", "power_off")
    wait_until((tmp_path / "off").exists)


def test_a_command_that_does_not_exist_stops_nothing(glass, places, caplog):
    broken = replace(places, power_off="/nowhere/poweroff")
    room = StaffRoom(
        Panel(800, 480, 154), glass, broken, glass.post, glass.test_sound, lambda: glass.now
    )
    let_in(room, glass)
    touch(room, glass, "power", "power_off")
    assert room.scene.view.prompt == "staff.power_off"
    assert "E42" in caplog.text


def test_nobody_there_closes_it(room, glass):
    let_in(room, glass)
    glass.now += 61
    room.tick()
    assert room.scene is None
    assert glass.left == 1

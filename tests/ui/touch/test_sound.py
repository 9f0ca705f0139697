"""The real app on a real sound server: a tap on a tile plays that tile's clip."""

import os
from collections.abc import Iterator
from io import FileIO
from pathlib import Path

import pytest

from audio.playback.handset import EV_SW, EVENT
from audio.speech.sound import Samples, from_wav
from kiosk.content import catalog as catalogues
from kiosk.content.assets import Clips
from tests.audio.hall import ALIKE, UNLIKE, Ear, hall, likeness
from tests.toml_files import edit
from tests.ui.touch.place import (
    CLIPS,
    PANELS,
    app,
    colours,
    display,
    needs_sound,
    provision,
    tap,
)
from tests.waiting import wait_until
from ui.touch.layout import screens
from ui.touch.layout.geometry import Panel

pytestmark = needs_sound
PANEL = Panel(*PANELS[0])
DRAWN = 500
VOLUME = 0.5


Audible = tuple[str, dict[str, Ear], FileIO]
"""A running kiosk that can be heard: its display, ears, and the end of its handset's switch."""


@pytest.fixture
def kiosk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Audible]:
    config, switch = provision(tmp_path / "kiosk"), tmp_path / "switch"
    os.mkfifo(switch)
    edit(config, {"sound": {"speaker": "speaker", "handset": "handset", "switch": str(switch)}})
    with hall() as here, display(*PANELS[0][:2]) as on:
        for name, value in here.environment.items():
            monkeypatch.setenv(name, value)
        ears = {sink: here.ear(sink) for sink in ("speaker", "handset")}
        log = tmp_path / "log"
        with app(config, on, log), switch.open("wb", buffering=0) as kernel:
            wait_until(lambda: colours(on) > DRAWN)
            yield on, ears, kernel
            assert not {"E31", "E37"} & set(log.read_text().split())
        for ear in ears.values():
            ear.close()


def clip(string_id: str, language: str = "vi") -> Samples:
    """The samples of a built clip."""
    text = catalogues.load().words(string_id, language).speak
    found = next(Clips([CLIPS / language]).of(string_id, language, text))
    return from_wav(found.read("wav"))


def hears(ear: Ear, string_id: str) -> bool:
    return likeness(ear.heard, clip(string_id))[0] > ALIKE


def test_what_is_tapped_is_heard_at_once_and_in_private_when_the_handset_is_lifted(
    kiosk: Audible,
) -> None:
    on, ears, kernel = kiosk
    speaker, handset = ears["speaker"], ears["handset"]
    tap(on, screens.start(PANEL, 2, phone=False).languages[0].centre)
    wait_until(lambda: hears(speaker, "ask.menu"))
    tap(on, screens.grid(PANEL, 6)[0].centre)
    wait_until(lambda: hears(speaker, "box.crime"))
    wait_until(lambda: hears(speaker, "ask.crime"))
    assert likeness(speaker.heard, clip("box.listen"))[0] < UNLIKE
    assert likeness(speaker.heard, clip("box.crime"))[1] == pytest.approx(VOLUME, rel=0.1)
    assert len(handset.sound) == 0
    kernel.write(EVENT.pack(0, 0, EV_SW, 2, 1))
    wait_until(lambda: hears(handset, "ask.crime"))
    wait_until(lambda: speaker.is_silent(0.5))
    kernel.write(EVENT.pack(0, 0, EV_SW, 2, 0))
    wait_until(lambda: handset.is_silent(0.5))
    assert speaker.is_silent(0.5)

"""The technician's screens at work: touches and checks in, a stage of their own out. No Kivy here.

It stands over the visit's stage, which goes on underneath as the start screen.
"""

import json
import logging
import shlex
import subprocess
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag

from kiosk import __version__
from kiosk.common import passphrase
from kiosk.common.event_codes import EventCode
from kiosk.device import link_status
from kiosk.flow.staff import (
    CheckPin,
    Effect,
    PinChecked,
    SoundTested,
    StaffEvent,
    StaffOpened,
    StaffPage,
    StaffRules,
    StaffState,
    StaffTap,
    StaffTick,
    step,
)
from kiosk.views import staff
from kiosk.views.model import View
from ui.touch.input.tap_recognizer import Feedback, TapRecognizer
from ui.touch.layout.geometry import Panel
from ui.touch.layout.placement import Scene, place

NO_IMAGE = "-"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class StaffFiles:
    """Where a staff room finds what it shows and needs; see `kiosk.device.config`."""

    pin: Path
    status: Path
    image: Path
    stick: Path
    power_off: str

    def machine(self) -> staff.Machine:
        """How this machine is now."""
        try:
            image = str(json.loads(self.image.read_text("utf-8"))["version"])
        except (OSError, ValueError, LookupError, TypeError):
            image = NO_IMAGE
        link, stick = link_status.read(self.status), self._told_of_the_stick()
        return staff.Machine(__version__, image, link, stick)

    def _told_of_the_stick(self) -> str:
        try:
            told = self.stick.read_text("ascii").strip()
        except (OSError, ValueError):
            return ""
        return told if told in staff.STICK else ""


class Overlay(Feedback, Protocol):
    """What a staff room needs of the window: a stage above the visit's."""

    def draw(self, scene: Scene) -> None:
        """Show a scene above everything."""

    def leave(self) -> None:
        """Take the stage away."""


class StaffController:
    """`post` brings a call to the main thread.

    `test_sound` makes the machine speak and listen, for some seconds, and says how it found both.
    """

    def __init__(
        self,
        panel: Panel,
        overlay: Overlay,
        places: StaffFiles,
        post: Callable[[Callable[[], None]], None],
        test_sound: Callable[[], tuple[str, ...]],
        clock: Callable[[], float],
    ) -> None:
        self._panel, self._overlay, self._places = panel, overlay, places
        self._post, self._test_sound, self._clock = post, test_sound, clock
        self._taps = TapRecognizer(panel, overlay, clock)
        self._rules, self._state = StaffRules(), StaffState()
        self._view: View | None = None
        self._scene: Scene | None = None

    @property
    def scene(self) -> Scene | None:
        """What is shown; None while the room is closed."""
        return self._scene

    def open(self) -> None:
        """Ask for the code; a kiosk without one has no staff screen."""
        if self._places.pin.is_file():
            self.handle(StaffOpened(self._clock()))

    def press(self, finger: object, spot: tuple[int, int]) -> bool:
        """A finger came down."""
        return self._taps.press(finger, spot)

    def release(self, finger: object) -> None:
        """A finger went up."""
        chosen = self._taps.release(finger)
        if chosen is not None and chosen.target is not None:
            self.handle(StaffTap(chosen.target, self._clock()))

    def frame_shown(self) -> None:
        """The glass shows what was drawn last."""
        self._taps.frame_shown()

    def tick(self) -> None:
        """A second has passed."""
        if self._scene is not None:
            self._taps.tick()
            self.handle(StaffTick(self._clock()))

    def handle(self, event: StaffEvent) -> None:
        """Carry the technician's visit one event further."""
        before = self._state.page
        self._state, effects = step(self._state, event, self._rules)
        if self._state.page is StaffPage.LOCKED is not before:
            log.warning(EventCode.STAFF_CODE_LOCKED)
        self._draw()
        for effect in effects:
            match effect:
                case CheckPin(pin):
                    threading.Thread(target=self._check, args=(pin,), daemon=True).start()
                case Effect.TEST_SOUND:
                    threading.Thread(target=self._test, daemon=True).start()
                case Effect.POWER_OFF:
                    self._power_off()

    def _draw(self) -> None:
        if self._state.page is StaffPage.CLOSED:
            if self._scene is not None:
                self._overlay.leave()
            self._scene = self._view = None
            self._taps.show(None)
            return
        shown = staff.view(self._state, self._places.machine())
        if shown != self._view:
            self._view, self._scene = shown, place(shown, self._panel)
            self._overlay.draw(self._scene)
            self._taps.show(self._scene)

    def _test(self) -> None:
        found = self._test_sound()
        self._post(lambda: self.handle(SoundTested(found)))

    def _check(self, pin: str) -> None:
        try:
            passphrase.unlock(self._places.pin.read_bytes(), pin)
            right = True
        except (InvalidTag, OSError):
            right = False
        self._post(lambda: self.handle(PinChecked(right, self._clock())))

    def _power_off(self) -> None:
        try:
            subprocess.Popen(shlex.split(self._places.power_off), start_new_session=True)
        except (OSError, ValueError):
            log.error(EventCode.POWER_OFF_FAILED)

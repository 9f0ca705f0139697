"""The walker: makes a visit through the real window, as a finger would, and keeps every screen.

    python -m ui.touch.visit_driver --config kiosk.toml --out DIR --language hmn \
        --choices border,people_led

It runs the same session, view and layout beside the app, without Kivy, and so knows which screen
must come and where its targets are. It needs a display, xdotool and ImageMagick.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import click

from kiosk.common.errors import EXIT_BAD_INPUT, KioskError
from kiosk.common.event_codes import EventCode
from kiosk.content import questionnaire as questionnaires
from kiosk.device import config as configs
from kiosk.device.config import Config
from kiosk.flow.machine import new_state, step
from kiosk.flow.model import CodeEntry, Event, Kept, Rules, Screen, SpeechEnded, Tap
from kiosk.protocol.picture_code import Code, new_code
from kiosk.views.screens import view
from ui.touch.controller import SPOT_MM
from ui.touch.input.screen_guard import GUARD_S
from ui.touch.layout.geometry import Panel, Rect
from ui.touch.layout.placement import Scene, place

DEADLINE_S = 15.0
PAUSE_S = 0.04
INSET_MM = 3.0
CHANNELS = 3

MESSAGES = (Screen.DANGER, Screen.PROCEDURE)


class WalkError(KioskError):
    """The app did not do what the session says it must."""

    code = EventCode.VISIT_CHECK_FAILED


class Screenshots:
    """The display: what is seen on it, and a finger."""

    deadline_s = DEADLINE_S

    def __init__(self, panel: Panel) -> None:
        self._panel = panel

    def tap(self, spot: tuple[int, int]) -> None:
        """Touch and let go."""
        _run("xdotool", "mousemove", str(spot[0]), str(spot[1]), "click", "1")

    def save(self, path: Path) -> None:
        """Keep what is seen now."""
        _run("import", "-window", "root", str(path))

    def look(self, places: tuple[Rect, ...]) -> tuple[bytes, ...]:
        """The pixels inside each of `places`."""
        whole = _run("import", "-window", "root", "-depth", "8", "rgb:-")
        stride = self._panel.width * CHANNELS

        def row(place: Rect, y: int) -> bytes:
            return whole[y * stride + place.x * CHANNELS : y * stride + place.right * CHANNELS]

        return tuple(
            b"".join(row(place, y) for y in range(place.y, place.bottom)) for place in places
        )

    def changed(self, places: tuple[Rect, ...], before: tuple[bytes, ...]) -> None:
        """Wait until `places` look otherwise than before.

        Raises WalkError when they do not within the deadline.
        """
        self._until(lambda: self.look(places) != before)

    def settled(self, places: tuple[Rect, ...]) -> None:
        """Wait until all `places` are drawn and stay as they are, and a tap on them counts.

        Raises like `changed`.
        """
        seen: tuple[bytes, ...] = ()

        def same_again() -> bool:
            nonlocal seen
            before, seen = seen, self.look(places)
            return seen == before and all(map(_drawn, seen))

        self._until(same_again)
        time.sleep(GUARD_S + PAUSE_S)
        self._until(same_again)

    def _until(self, true: Callable[[], bool]) -> None:
        deadline = time.monotonic() + self.deadline_s
        while not true():
            if time.monotonic() > deadline:
                raise WalkError("the screen does not change")
            time.sleep(PAUSE_S)


class Walker:
    """One visit in lockstep with the app."""

    def __init__(self, config: Config, out: Path, glass: Screenshots | None = None) -> None:
        villages = (village for village, _ in config.site.villages)
        questionnaire = questionnaires.load().with_villages(villages)
        self._rules = Rules(questionnaire, languages=config.languages, report_every_s=0)
        self._site, self._out = configs.live_site(config), out
        self._panel = Panel(*config.size, config.width_mm)
        self.glass = glass or Screenshots(self._panel)
        self._state = new_state(0.0)
        self._taken = 0

    def walk(self, language: str, box: str, choices: list[str]) -> int:
        """The whole visit, from the start screen to the start screen; returns the screens seen."""
        self.file(language, box, choices)
        self.tap("finish")
        return self._taken

    def begin(self, language: str) -> None:
        """Choose a language on the start screen."""
        self.glass.settled(self._all_parts(self.scene()))
        self._keep()
        self.tap(f"lang:{language}")

    def file(self, language: str, box: str, choices: list[str]) -> None:
        """A report, from the start screen until it is kept."""
        self.begin(language)
        self.answer(box, choices)
        if self._screen in MESSAGES:
            self.tap("go_on")
        self.tap("send", Kept(0.0, code=new_code()))
        if self._screen is not Screen.DONE:
            raise WalkError(f"the visit ends at {self._screen.value}")

    def answer(self, box: str, choices: list[str]) -> None:
        """Open a box and answer its questions."""
        self.tap(f"box:{box}")
        for choice in choices:
            for target in self._way_to(f"choice:{choice}"):
                self.tap(target)

    def learn(self, code: Code) -> None:
        """The code that the app has made, as somebody has read it off the glass."""
        self._state = replace(self._state, coding=CodeEntry(code))

    @property
    def _screen(self) -> Screen:
        return self._state.place.screen

    def _way_to(self, target: str) -> Iterator[str]:
        """The taps that reach a choice: past the danger screen, through the pages, then itself."""
        if self._screen in MESSAGES:
            yield "go_on"
        while target not in self.scene().targets:
            if "more" not in self.scene().targets:
                raise WalkError(f"{target!r} is not offered")
            yield "more"
        yield target

    def feel(self, event: Event) -> None:
        """Something has happened in the app that no finger did: wait until it is seen."""
        self._meet(event)
        self._meet(SpeechEnded(0.0))
        self.glass.settled(self._all_parts(self.scene()))
        self._keep()

    def tap(self, target: str, *events: Event) -> None:
        """Tap a target; `events` are what the app itself will meet because of that."""
        scene = self.scene()
        if target not in scene.targets:
            raise WalkError(f"{target!r} is not on the screen {self._screen.value}")
        spot = scene.targets[target].centre
        size = self._panel.px(SPOT_MM)
        coarse = (spot[0] // size, spot[1] // size)
        places = self._steady_parts(scene)
        before = self.glass.look(places)
        self.glass.tap(spot)
        for event in (Tap(target, coarse, 0.0), SpeechEnded(0.0), *events):
            self._meet(event)
        self.glass.changed(places, before)
        self.glass.settled(self._all_parts(self.scene()))
        self._keep()

    def scene(self) -> Scene:
        """What must be on the screen."""
        return place(view(self._state, self._rules, self._site()), self._panel)

    def _steady_parts(self, scene: Scene) -> tuple[Rect, ...]:
        """Parts that differ from screen to screen, but not while a tile is being spoken of."""
        inset = -self._panel.px(INSET_MM)
        places = [placed.place.grown(inset) for placed in scene.tiles]
        if scene.message is not None:
            places += [scene.message.picture, scene.message.words]
        elif scene.header is not None:
            places.append(scene.header.text)
        return tuple(places)

    def _all_parts(self, scene: Scene) -> tuple[Rect, ...]:
        """The steady parts, and of each button a side that words of no other screen reach."""
        width = self._panel.px(INSET_MM)
        sides = (Rect(p.place.x, p.place.y, width, p.place.h) for p in scene.buttons)
        return (*self._steady_parts(scene), *sides)

    def _meet(self, event: Event) -> None:
        self._state, _ = step(self._state, event, self._rules)

    def _keep(self) -> None:
        self._out.mkdir(parents=True, exist_ok=True)
        name = self._state.place.item or self._screen.value
        self.glass.save(self._out / f"{self._taken:02d}-{name}.png")
        self._taken += 1


def _drawn(pixels: bytes) -> bool:
    """Whether there is more than one colour."""
    return len({pixels[i : i + CHANNELS] for i in range(0, len(pixels), CHANNELS)}) > 1


def _run(*command: str) -> bytes:
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode:
        raise WalkError(f"{command[0]} failed", "is there a display, xdotool and ImageMagick?")
    return done.stdout


@click.command()
@click.option("--config", "path", type=click.Path(path_type=Path), required=True)
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder for PNGs.")
@click.option("--language", default="hmn", show_default=True)
@click.option("--choices", required=True, help="A box and the choices in it, with commas.")
def main(path: Path, out: Path, language: str, choices: str) -> None:
    """Make one visit through the touch app that runs on this display."""
    box, *answers = choices.split(",")
    try:
        seen = Walker(configs.load(path), out).walk(language, box, answers)
    except KioskError as error:
        print(f"walk: {error}", file=sys.stderr)
        sys.exit(EXIT_BAD_INPUT)
    print(f"walk: {seen} screens")


if __name__ == "__main__":
    main()

"""Whole visits as lists of steps, without a toolkit: tap this, see that screen."""

from dataclasses import dataclass, field

from kiosk.content.questionnaire import load
from kiosk.device.hotspot import Hotspot
from kiosk.device.site import Site
from kiosk.flow import machine
from kiosk.flow.model import (
    Effect,
    Event,
    File,
    Kept,
    Rules,
    Screen,
    SpeechEnded,
    Tap,
    Tick,
    VisitState,
)
from kiosk.views import screens
from kiosk.views.model import View

WIFI = Hotspot("HomThu-NaCoSa3", "k3y4n7pq2abc", "http://10.42.0.1/", ("bridge", "market", "car"))
SITE = Site(station_phone="0215 3 000 113", hotspot=WIFI)


@dataclass
class Visitor:
    """Drives a session as a finger and a clock would."""

    rules: Rules = field(default_factory=lambda: Rules(load(), report_every_s=0))
    now: float = 0.0
    state: VisitState = field(default_factory=lambda: machine.new_state(0.0))
    effects: list[Effect] = field(default_factory=list)

    def feel(self, event: Event) -> tuple[Effect, ...]:
        self.state, effects = machine.step(self.state, event, self.rules)
        self.effects.extend(effects)
        return effects

    def tap(self, target: str) -> tuple[Effect, ...]:
        self.now += 1
        shown = self.shown()
        spots = [t.target for t in (*shown.tiles, *shown.buttons)]
        place = spots.index(target) if target in spots else 10 + len(target)
        effects = self.feel(Tap(target, (place, len(spots)), self.now))
        self.feel(SpeechEnded(self.now))
        return effects

    def taps(self, *targets: str) -> "Visitor":
        for target in targets:
            self.tap(target)
        return self

    def answer(self, *choices: str) -> "Visitor":
        """Choose in turn, turning pages and going on past messages as needed."""
        for choice in choices:
            if self.screen in (Screen.DANGER, Screen.PROCEDURE):
                self.tap("go_on")
            while f"choice:{choice}" not in self.targets():
                assert "more" in self.targets(), f"{choice} is not offered"
                self.tap("more")
            self.tap(f"choice:{choice}")
        if self.screen is Screen.DANGER:
            self.tap("go_on")
        return self

    def wait(self, seconds: float) -> "Visitor":
        until = self.now + seconds
        while self.now < until:
            self.now = min(self.now + 1, until)
            self.feel(Tick(self.now))
        return self

    def kept(self) -> "Visitor":
        self.feel(Kept(self.now))
        self.feel(SpeechEnded(self.now))
        return self

    def shown(self) -> View:
        return screens.view(self.state, self.rules, SITE)

    def targets(self) -> list[str | None]:
        shown = self.shown()
        return [t.target for t in (*shown.tiles, *shown.buttons)]

    @property
    def screen(self) -> Screen:
        return self.state.place.screen

    @property
    def filed(self) -> list[File]:
        return [effect for effect in self.effects if isinstance(effect, File)]


BORDER = (
    "people_led",
    "armed_yes",
    "forest",
    "last_night",
    "few",
    "nothing_more",
    "danger_yes",
)

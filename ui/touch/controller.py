"""Runs visits: touches and events go to the session, its effects to screen, voice and door.

No Kivy here: screen, voice and door are ports, so that whole visits run without a window.
"""

from collections.abc import Callable
from functools import partial
from typing import Protocol

from audio.playback.narrator import Narrator
from audio.playback.ogg_opus import decoded
from audio.speech.sound import Samples
from audio.speech.voice import Clause, Manner
from kiosk.content.catalog import Catalog
from kiosk.device.site import Site
from kiosk.flow.machine import new_state, step
from kiosk.flow.model import (
    Announce,
    Crashed,
    Discard,
    DisguiseVoice,
    Effect,
    Event,
    File,
    HandsetMoved,
    Hush,
    OpenBox,
    Record,
    Rules,
    Screen,
    Speak,
    SpeechEnded,
    Tap,
    Tick,
    VisitState,
    Wipe,
)
from kiosk.protocol.notice import NoticeText
from kiosk.views.model import Line, View, told_line
from kiosk.views.screens import lines, view
from ui.touch.input.tap_recognizer import Feedback, TapRecognizer
from ui.touch.layout.geometry import Panel
from ui.touch.layout.placement import Scene, place

SPOT_MM = 15.0
NOTHING = ""
STOP = "stop"


class Showing(Feedback, Protocol):
    """What the conductor needs of a screen."""

    def draw(self, scene: Scene) -> None:
        """Show a scene."""

    def forget(self) -> None:
        """Drop what was drawn for the person who has left."""


class Filing(Protocol):
    """What the conductor needs of a door."""

    def file(self, filing: File) -> None:
        """Keep a report."""

    def open(self, wish: OpenBox) -> None:
        """Look for answers."""


class Recording(Protocol):
    """What the conductor needs of a booth."""

    @property
    def preview(self) -> Samples | None:
        """What the officer will hear."""

    def record(self) -> None:
        """Begin to listen to the person."""

    def mask(self) -> None:
        """Stop listening and disguise; Taken follows."""

    def discard(self) -> None:
        """Stop listening and forget everything."""


class VisitController:
    """One kiosk's visits, one after the other."""

    def __init__(
        self,
        rules: Rules,
        site: Callable[[], Site],
        catalog: Catalog,
        panel: Panel,
        screen: Showing,
        door: Filing,
        booth: Recording,
        clock: Callable[[], float],
    ) -> None:
        self._rules, self._site, self._catalog, self._panel = rules, site, catalog, panel
        self._screen, self._door, self._booth, self._clock = screen, door, booth, clock
        self._narrator: Narrator | None = None
        self._taps = TapRecognizer(panel, screen, clock)
        self._state = new_state(clock())
        self._view: View | None = None
        self._scene: Scene | None = None

    @property
    def scene(self) -> Scene | None:
        """What is on the screen."""
        return self._scene

    def start(self, narrator: Narrator) -> None:
        """Show the first screen."""
        self._narrator = narrator
        self._draw()

    def press(self, finger: object, spot: tuple[int, int]) -> bool:
        """A finger came down: answer it with a ring at once."""
        return self._taps.press(finger, spot)

    def release(self, finger: object) -> None:
        """A finger went up: what it had come down on is chosen."""
        chosen = self._taps.release(finger)
        if chosen is None:
            return
        size = self._panel.px(SPOT_MM)
        coarse = (chosen.spot[0] // size, chosen.spot[1] // size)
        self.handle(Tap(chosen.target or NOTHING, coarse, self._clock()))

    def abandon(self) -> None:
        """What the finger on the glass began is not a tap."""
        self._taps.cancel()

    def frame_shown(self) -> None:
        """The glass shows what was drawn last."""
        self._taps.frame_shown()

    def greet(self) -> None:
        """Say the greeting whatever is on the screen, so that a technician hears it."""
        if self._narrator is not None:
            greetings = [
                self._clause(Line("say.greeting", language)) for language in self._rules.languages
            ]
            self._narrator.read(greetings, Manner(self._rules.is_private(self._state)))

    def tick(self) -> None:
        """A second has passed."""
        self._taps.tick()
        self.handle(Tick(self._clock()))

    def speech_ended(self) -> None:
        """The voice has said everything."""
        self.handle(SpeechEnded(self._clock()))

    def handset(self, lifted: bool) -> None:
        """The handset was lifted or hung up."""
        self.handle(HandsetMoved(lifted, self._clock()))

    def spoken(self, target: str | None) -> None:
        """The voice speaks of a target; a finger on the glass matters more."""
        if not self._taps.is_touched:
            self._screen.emphasise(target)

    def heard(self, loud: bool) -> None:
        """The microphone hears the person, or has ceased to: the light of the level."""
        if self._view is not None and self._view.screen is Screen.RECORDING:
            self.spoken(STOP if loud else None)

    def crashed(self) -> None:
        """A screen raised an exception: begin again for the next person."""
        self._view = None
        self.handle(Crashed(self._clock()))

    def handle(self, event: Event) -> None:
        """Carry the visit one event further."""
        self._state, effects = step(self._state, event, self._rules)
        if any(isinstance(effect, Wipe) for effect in effects):
            self._taps.forget()
            self._screen.forget()
            self._booth.discard()
            self._view = None
        self._draw()
        for effect in effects:
            self._perform(effect)

    def likely_next(self) -> Scene | None:
        """The scene that the first tile leads to, so that its pictures can be made ready."""
        if self._scene is None or not self._scene.tiles:
            return None
        target = self._scene.tiles[0].tile.target or NOTHING
        after, _ = step(self._state, Tap(target, (0, 0), self._clock()), self._rules)
        return self._placed(after)

    def _draw(self) -> None:
        scene = self._placed(self._state)
        if scene.view != self._view:
            self._view, self._scene = scene.view, scene
            self._screen.draw(scene)
            self._taps.show(scene)

    def _placed(self, state: VisitState) -> Scene:
        return place(view(state, self._rules, self._site()), self._panel)

    def _perform(self, effect: Effect) -> None:
        match effect:
            case Speak():
                self._speak(effect)
            case Announce(text):
                self._announce(text)
            case Hush():
                if self._narrator is not None:
                    self._narrator.hush()
            case File():
                self._door.file(effect)
            case OpenBox():
                self._door.open(effect)
            case Record():
                self._booth.record()
            case DisguiseVoice():
                self._booth.mask()
            case Discard():
                self._booth.discard()
            case Wipe():
                pass  # done before drawing, so that nothing old is drawn again

    def _speak(self, speak: Speak) -> None:
        if self._narrator is None or self._view is None:
            return
        clauses = [self._clause(line) for line in lines(self._view, speak, self._rules)]
        private = self._rules.is_private(self._state)
        self._narrator.read(clauses, Manner(private, self._state.louder))

    def _announce(self, text: NoticeText) -> None:
        if self._narrator is not None:
            said = dict.fromkeys(told_line(text, language) for language in self._rules.languages)
            self._narrator.read(map(self._clause, said), Manner())

    def _preview(self) -> Callable[[], Samples] | None:
        preview = self._booth.preview
        return None if preview is None else lambda: preview

    def _clause(self, line: Line) -> Clause:
        if line.recorded:
            return Clause("", line.language, recording=self._preview())
        if line.recording:
            return Clause("", line.language, recording=partial(decoded, line.recording))
        return Clause(
            line.literal or self._catalog.words(line.string_id, line.language).speak,
            line.language,
            line.target,
            None if line.literal else line.string_id,
        )

"""From raw touches on the scene shown to the target that was chosen. No Kivy here."""

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple, Protocol

from ui.touch.input.screen_guard import ScreenGuard
from ui.touch.input.touch_filter import Spot, TouchFilter
from ui.touch.layout.geometry import Panel
from ui.touch.layout.placement import IRREVERSIBLE, Scene, target_at


class Feedback(Protocol):
    """What a screen shows of touches."""

    def emphasise(self, target: str | None) -> None:
        """Ring one target."""

    def settle(self, seconds: float) -> None:
        """Show the picture as one that is not ready yet, and is in so many seconds."""


class Chosen(NamedTuple):
    """A tap: what it meant, None beside all targets, and where it began, in pixels."""

    target: str | None
    spot: Spot


class TapRecognizer:
    """Answers every press with a ring, and says on release what was chosen.

    A finger that is down while the screen changes chooses nothing.
    """

    def __init__(self, panel: Panel, feedback: Feedback, clock: Callable[[], float]) -> None:
        self._panel, self._feedback, self._clock = panel, feedback, clock
        self._filter, self._guard = TouchFilter(), ScreenGuard()
        self._scene: Scene | None = None
        self._ringed = False

    @property
    def is_touched(self) -> bool:
        """Whether a finger is down that may still tap."""
        return self._filter.is_touched(self._clock())

    def show(self, scene: Scene | None) -> None:
        """What is on the glass from now on; None for nothing that can be touched."""
        before, self._scene = self._scene, scene
        if scene is None or (before is not None and _asks_the_same(before, scene)):
            return
        self.cancel()
        now = self._clock()
        self._guard.screen_changed(now, not IRREVERSIBLE.isdisjoint(scene.targets))
        self._feedback.settle(self._guard.left(now))

    def frame_shown(self) -> None:
        """The glass shows what was drawn last."""
        now = self._clock()
        if self._guard.frame_shown(now):
            self._feedback.settle(self._guard.left(now))

    def press(self, finger: object, spot: Spot) -> bool:
        """A finger came down; whether it may choose what it touches."""
        now = self._clock()
        if self._scene is None:
            return False
        if self._guard.stops(now):
            self._feedback.settle(self._guard.left(now))
            return False
        if not self._filter.press(finger, spot, now):
            return False
        self._ring(target_at(self._scene, self._panel, spot))
        return True

    def release(self, finger: object) -> Chosen | None:
        """A finger went up; None when that is no tap."""
        spot = self._filter.release(finger, self._clock())
        if spot is None or self._scene is None:
            return None
        self._ring(None)
        return Chosen(target_at(self._scene, self._panel, spot), spot)

    def tick(self) -> None:
        """Time has passed: the ring of a finger that rests on the glass goes out."""
        if self._ringed and not self.is_touched:
            self._ring(None)

    def cancel(self) -> None:
        """What the fingers on the glass began is not a tap."""
        self._filter.cancel()
        self._ring(None)

    def forget(self) -> None:
        """Drop everything remembered about where and when somebody touched."""
        self._filter.forget()

    def _ring(self, target: str | None) -> None:
        self._ringed = target is not None
        self._feedback.emphasise(target)


def _asks_the_same(before: Scene, after: Scene) -> bool:
    """Whether both are one screen, on which a person has come further: digits of a code."""
    return replace(before.view, progress=(0, 0)) == replace(after.view, progress=(0, 0))

"""No finger that brings a screen chooses on it too: every transition of a visit, on every panel."""

from collections.abc import Iterable
from functools import cache

import pytest

from kiosk.flow.model import File, Tap, Wipe
from kiosk.views.model import View
from tests.transitions import RULES, Transition, transitions, view
from tests.ui.touch.place import PANELS
from ui.touch.input.screen_guard import GUARD_S
from ui.touch.input.tap_recognizer import TapRecognizer
from ui.touch.layout.geometry import Panel
from ui.touch.layout.placement import IRREVERSIBLE, Scene, place, target_at

PAUSES_S = (0.06, 0.16, 0.25, 0.35, GUARD_S - 0.02)
SAME_PLACE = ("home", "back", "quit")
"""Targets that can undo a visit and stand on one place on every screen."""

ENDS = {f"choice:{question.ends}" for question in RULES.questionnaire.questions.values()}
"""Answers after which a visit has nothing to send."""


class Hand:
    """A screen that shows nothing, and the time."""

    now = 0.0

    def emphasise(self, target: str | None) -> None:
        pass

    def settle(self, seconds: float) -> None:
        pass


@cache
def taps() -> tuple[Transition, ...]:
    """The transitions that a finger makes, each pair of screens once for each target."""
    found: dict[tuple[View, str, View], Transition] = {}
    for one in transitions():
        if isinstance(one.event, Tap) and one.after.place != one.before.place:
            found.setdefault((view(one.before), one.event.target, view(one.after)), one)
    return tuple(found.values())


def scenes(panel: Panel) -> Iterable[tuple[Scene, str, Scene]]:
    for one in taps():
        assert isinstance(one.event, Tap)
        yield place(view(one.before), panel), one.event.target, place(view(one.after), panel)


def lands_on_something(before: Scene, target: str, after: Scene, panel: Panel) -> bool:
    """Whether the new screen has a target under the middle of the one that brought it."""
    return target_at(after, panel, before.targets[target].centre) is not None


@pytest.mark.parametrize("size", PANELS, ids=str)
def test_a_second_tap_on_the_same_place_chooses_nothing(size: tuple[int, int, float]) -> None:
    panel, hand, under, tried = Panel(*size), Hand(), 0, 0
    recognizer = TapRecognizer(panel, hand, lambda: hand.now)
    for before, target, after in scenes(panel):
        if target not in before.targets:
            continue
        tried += 1
        under += lands_on_something(before, target, after, panel)
        spot = before.targets[target].centre
        for pause in PAUSES_S:
            recognizer.show(None)
            recognizer.show(before)
            recognizer.frame_shown()
            hand.now += 10.0
            assert recognizer.press(1, spot)
            chosen = recognizer.release(1)
            assert chosen is not None
            recognizer.show(after)
            recognizer.frame_shown()
            hand.now += pause
            assert not recognizer.press(2, spot), (before.view.prompt, target, after.view.prompt)
            assert recognizer.release(2) is None
    assert tried > 500
    assert under > tried / 2, "the guard is what stops them"


def test_all_that_cannot_be_undone_is_known_to_the_guard() -> None:
    """What files a report or forgets it is guarded strictly, or has its own place everywhere."""
    for one in taps():
        assert isinstance(one.event, Tap)
        if one.event.target in SAME_PLACE or one.event.target in ENDS:
            continue
        if any(isinstance(effect, File) for effect in one.effects):
            assert one.event.target in IRREVERSIBLE
        if any(isinstance(effect, Wipe) for effect in one.effects) and one.before.answers:
            assert one.event.target in IRREVERSIBLE

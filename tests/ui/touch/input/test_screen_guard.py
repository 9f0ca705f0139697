"""A new screen is not touched by the finger that brought it, and no guard lasts for ever."""

import pytest

from ui.touch.input.screen_guard import GUARD_S, LIMIT_S, UNSEEN_S, ScreenGuard


def shown(strict: bool = False) -> ScreenGuard:
    """A guard of a screen whose first frame came at 0."""
    guard = ScreenGuard()
    guard.screen_changed(0.0, strict)
    assert guard.frame_shown(0.0)
    return guard


@pytest.mark.parametrize("at", [0.06, 0.16, 0.25, 0.35, GUARD_S - 0.01])
def test_the_second_half_of_a_double_tap_is_stopped(at: float) -> None:
    assert shown().stops(at)


def test_a_deliberate_tap_waits_no_longer_than_the_guard_whatever_came_before_it() -> None:
    guard = shown()
    assert all(guard.stops(at) for at in (0.1, 0.3, 0.6))
    assert not guard.stops(GUARD_S)


def test_the_wait_begins_with_the_first_frame_and_not_with_later_ones() -> None:
    guard = ScreenGuard()
    guard.screen_changed(0.0, strict=False)
    assert guard.stops(1.0)
    assert guard.frame_shown(1.0)
    assert not guard.frame_shown(1.6)
    assert guard.stops(1.6)
    assert not guard.stops(1.0 + GUARD_S)


def test_a_screen_whose_frame_never_comes_is_touched_in_the_end() -> None:
    guard = ScreenGuard()
    guard.screen_changed(0.0, strict=True)
    assert guard.stops(UNSEEN_S - 0.01)
    assert not guard.stops(UNSEEN_S)


def test_where_nothing_can_be_undone_a_drumming_finger_must_rest_but_not_for_ever() -> None:
    guard = shown(strict=True)
    taps = [n * 0.4 for n in range(1, 30)]
    passed = [at for at in taps if not guard.stops(at)]
    assert passed
    assert LIMIT_S <= passed[0] < LIMIT_S + 0.4
    guard = shown(strict=True)
    assert guard.stops(0.5)
    assert not guard.stops(0.5 + GUARD_S)

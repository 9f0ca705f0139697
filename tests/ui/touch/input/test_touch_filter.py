"""Taps are what people mean; everything else that happens on glass is swallowed."""

from ui.touch.input.touch_filter import GHOST_MASK, Spot, TouchFilter


def tap(
    touches: TouchFilter, at: float, spot: Spot = (100, 100), finger: object = "a"
) -> Spot | None:
    return touches.release(finger, at + 0.05) if touches.press(finger, spot, at) else None


def test_a_tap_counts_where_it_began_however_far_the_finger_drifts() -> None:
    touches = TouchFilter()
    assert touches.press("a", (100, 100), 0.0)
    assert touches.release("a", 3.0) == (100, 100)


def test_the_second_half_of_a_double_tap_is_nothing() -> None:
    touches = TouchFilter()
    assert tap(touches, 0.0) == (100, 100)
    assert tap(touches, 0.05 + 0.14) is None
    assert tap(touches, 1.0) == (100, 100)


def test_only_the_first_finger_counts() -> None:
    touches = TouchFilter()
    assert touches.press("first", (10, 10), 0.0)
    assert not any(touches.press(n, (n * 50, 60), 0.01) for n in range(9))
    assert [touches.release(n, 0.1) for n in range(9)] == [None] * 9
    assert touches.release("first", 0.2) == (10, 10)


def test_a_release_without_a_press_is_nothing() -> None:
    assert TouchFilter().release("a", 0.0) is None


def test_a_place_that_taps_by_itself_is_masked_and_the_rest_of_the_screen_is_not() -> None:
    touches = TouchFilter()
    taps = [tap(touches, n * 0.03, finger=n) for n in range(40)]
    assert taps[-1] is None
    assert tap(touches, 2.0, spot=(110, 95)) is None
    assert tap(touches, 2.5, spot=(600, 300)) == (600, 300)
    assert tap(touches, 2.0 + GHOST_MASK, spot=(110, 95)) == (110, 95)


def test_an_eager_child_is_not_a_ghost() -> None:
    touches = TouchFilter()
    taps = [tap(touches, n * 0.25) for n in range(60)]
    assert all(spot == (100, 100) for spot in taps)


def test_forgetting_leaves_no_touch_behind() -> None:
    touches = TouchFilter()
    tap(touches, 0.0)
    touches.press("a", (7, 7), 1.0)
    touches.forget()
    assert touches.release("a", 1.1) is None
    assert not touches._seen

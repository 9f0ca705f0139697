"""Taps are what people mean; everything else that happens on glass is swallowed."""

from ui.touch.input.touch_filter import GHOST_MASK, HELD, Spot, TouchFilter


def tap(
    touches: TouchFilter, at: float, spot: Spot = (100, 100), finger: object = "a"
) -> Spot | None:
    return touches.release(finger, at + 0.05) if touches.press(finger, spot, at) else None


def test_a_tap_counts_where_it_began_however_far_the_finger_drifts() -> None:
    touches = TouchFilter()
    assert touches.press("a", (100, 100), 0.0)
    assert touches.release("a", 0.9) == (100, 100)


def test_the_second_half_of_a_double_tap_is_nothing() -> None:
    touches = TouchFilter()
    assert tap(touches, 0.0) == (100, 100)
    assert tap(touches, 0.05 + 0.14) is None
    assert tap(touches, 1.0) == (100, 100)


def test_a_resting_palm_neither_blocks_nor_chooses() -> None:
    touches = TouchFilter()
    touches.press("palm", (400, 470), 0.0)
    taps = [tap(touches, at, (100, 100)) for at in (0.3, 2.0, 4.0)]
    assert taps == [(100, 100)] * 3
    assert touches.release("palm", 5.0) is None


def test_a_palm_that_is_lifted_alone_has_chosen_nothing() -> None:
    touches = TouchFilter()
    touches.press("palm", (400, 470), 0.0)
    assert touches.is_touched(0.9)
    assert not touches.is_touched(HELD + 0.1)
    assert touches.release("palm", HELD + 0.1) is None
    assert tap(touches, HELD + 0.2) == (100, 100)


def test_a_palm_that_comes_after_the_finger_does_not_take_its_tap() -> None:
    touches = TouchFilter()
    assert touches.press("finger", (10, 10), 0.0)
    touches.press("palm", (400, 470), 0.05)
    assert touches.release("finger", 0.2) == (10, 10)
    assert touches.release("palm", 0.3) is None


def test_of_ten_fingers_one_taps() -> None:
    touches = TouchFilter()
    for n in range(10):
        touches.press(n, (n * 70, 60), n * 0.01)
    assert [touches.release(n, 0.2) for n in range(10)] == [(0, 60), *[None] * 9]


def test_a_finger_whose_release_never_comes_blocks_nobody() -> None:
    touches = TouchFilter()
    touches.press("lost", (10, 10), 0.0)
    assert tap(touches, 5.0) == (100, 100)
    assert len(touches._down) == 0


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

"""The way to the staff screen: long presses top left, then bottom right, and nothing else."""

import pytest

from ui.touch.input.staff_gesture import Corners, Knock
from ui.touch.layout.geometry import Panel

TOP_LEFT, BOTTOM_RIGHT, MIDDLE = (5, 5), (795, 475), (400, 240)


@pytest.fixture
def corners() -> Corners:
    return Corners(Panel(800, 480, 154))


def hold(corners: Corners, spot: tuple[int, int], at: float, seconds: float = 3.1) -> Knock:
    corners.press("finger", spot, at)
    return corners.release("finger", at + seconds)


def test_two_long_presses_in_order_open(corners: Corners) -> None:
    assert hold(corners, TOP_LEFT, 0) is Knock.HALF
    assert hold(corners, BOTTOM_RIGHT, 5) is Knock.OPEN
    assert hold(corners, BOTTOM_RIGHT, 10) is Knock.HALF


def test_short_taps_and_other_places_stay_ordinary_taps(corners: Corners) -> None:
    assert hold(corners, TOP_LEFT, 0, seconds=2.9) is Knock.NONE
    assert hold(corners, MIDDLE, 5) is Knock.NONE
    assert hold(corners, (795, 5), 10) is Knock.NONE
    assert hold(corners, BOTTOM_RIGHT, 15) is not Knock.OPEN


def test_the_second_press_must_follow_soon(corners: Corners) -> None:
    hold(corners, TOP_LEFT, 0)
    assert hold(corners, BOTTOM_RIGHT, 20) is Knock.HALF


def test_another_finger_s_release_is_no_long_press(corners: Corners) -> None:
    corners.press("one", TOP_LEFT, 0)
    assert corners.release("two", 5) is Knock.NONE

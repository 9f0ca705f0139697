"""The way to the staff screen: long presses top left, then bottom right, and nothing else."""

import pytest

from ui.touch.input.staff_gesture import GestureStep, StaffGesture
from ui.touch.layout.geometry import Panel

TOP_LEFT, BOTTOM_RIGHT, MIDDLE = (5, 5), (795, 475), (400, 240)


@pytest.fixture
def corners() -> StaffGesture:
    return StaffGesture(Panel(800, 480, 154))


def hold(
    corners: StaffGesture, spot: tuple[int, int], at: float, seconds: float = 3.1
) -> GestureStep:
    corners.press("finger", spot, at)
    return corners.release("finger", at + seconds)


def test_two_long_presses_in_order_open(corners: StaffGesture) -> None:
    assert hold(corners, TOP_LEFT, 0) is GestureStep.HALF
    assert hold(corners, BOTTOM_RIGHT, 5) is GestureStep.OPEN
    assert hold(corners, BOTTOM_RIGHT, 10) is GestureStep.HALF


def test_short_taps_and_other_places_stay_ordinary_taps(corners: StaffGesture) -> None:
    assert hold(corners, TOP_LEFT, 0, seconds=2.9) is GestureStep.NONE
    assert hold(corners, MIDDLE, 5) is GestureStep.NONE
    assert hold(corners, (795, 5), 10) is GestureStep.NONE
    assert hold(corners, BOTTOM_RIGHT, 15) is not GestureStep.OPEN


def test_the_second_press_must_follow_soon(corners: StaffGesture) -> None:
    hold(corners, TOP_LEFT, 0)
    assert hold(corners, BOTTOM_RIGHT, 20) is GestureStep.HALF


def test_another_finger_s_release_is_no_long_press(corners: StaffGesture) -> None:
    corners.press("one", TOP_LEFT, 0)
    assert corners.release("two", 5) is GestureStep.NONE

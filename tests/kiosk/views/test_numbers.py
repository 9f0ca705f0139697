"""Who does not read hears every number that a screen shows."""

from kiosk.flow.model import Screen, Speak
from kiosk.views import inventory, screens
from tests.transitions import RULES


def test_each_number_is_said_digit_by_digit_and_twice() -> None:
    met: set[Screen] = set()
    for shown in inventory.views(RULES):
        said = [line.string_id for line in screens.lines(shown, Speak(answers=False), RULES)]
        for whose, number in shown.numbers:
            if not number.isdigit():
                continue
            met.add(shown.screen)
            once = [whose, *(f"digit.{digit}" for digit in number)]
            place = said.index(whose)
            assert said[place : place + 2 * len(once)] == [*once, *once], shown.screen
    assert met == {Screen.DANGER, Screen.CLOSED, Screen.TRIES}


def test_the_numbers_come_before_what_may_be_chosen() -> None:
    shown = next(v for v in inventory.views(RULES) if v.screen is Screen.DANGER)
    said = [line.string_id for line in screens.lines(shown, Speak(), RULES)]
    assert said[0] == "say.danger"
    assert said[-1] == "ui.go_on"
    assert said[1:3] == ["ui.station", "digit.0"]


def test_a_name_among_the_numbers_is_said_as_a_word_and_signs_between_digits_are_not() -> None:
    wifi = [v for v in inventory.views(RULES) if v.numbers and v.numbers[0][0] == "ui.wifi"]
    assert wifi
    for shown in wifi:
        lines = screens.lines(shown, Speak(), RULES)
        assert [line.literal for line in lines if line.literal] == ["wifi", "wifi"]

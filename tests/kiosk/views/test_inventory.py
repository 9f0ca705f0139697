"""Whatever a visit can come to show or say is in the inventory that is checked at the start."""

from kiosk.flow.model import Screen, Speak
from kiosk.views import inventory, screens
from tests.transitions import RULES, transitions, view


def test_no_visit_meets_a_picture_or_a_word_that_is_not_in_the_inventory() -> None:
    needed = inventory.needs(RULES)
    seen: set[Screen] = set()
    pictures: set[str] = set()
    words: set[str] = set()
    for one in transitions():
        shown = view(one.before)
        seen.add(shown.screen)
        everything = (*shown.tiles, *shown.buttons)
        pictures |= {shown.picture, *(tile.picture for tile in everything)}
        words |= {shown.prompt, *(whose for whose, _ in shown.numbers)}
        words |= {tile.string_id for tile in everything}
        lines = screens.lines(shown, Speak(), RULES)
        words |= {line.string_id for line in lines if line.literal is None}
    assert pictures - {""} <= needed.pictures
    assert words - {""} <= needed.strings
    assert set(Screen) - seen == {Screen.FORM, Screen.STAFF, Screen.WAIT}

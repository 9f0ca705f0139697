"""The station's notices and procedures on the screens, and when a notice is played aloud."""

from datetime import datetime

import pytest

from kiosk.content.questionnaire import load
from kiosk.device.notice_board import Board, Posted
from kiosk.flow.model import (
    Announce,
    BoardChanged,
    Effect,
    HandsetMoved,
    Hush,
    Rules,
    Screen,
    Speak,
)
from kiosk.flow.notices import is_loud
from kiosk.protocol.notice import NoticeText
from kiosk.protocol.procedures import Procedure
from kiosk.views.screens import lines
from tests.kiosk.visits import Visitor

FRAUD = Posted("aa", "fraud", NoticeText("Công an không đòi tiền.", "Tsis txhob xa nyiaj."))
FLOOD = Posted("bb", "weather", NoticeText("Mưa to."))
STANDING = [f"notice:{name}" for name in load().standing_notices]


def tell(visitor: Visitor, *posted: Posted, arrived: str = "", loud: bool = False) -> list[Effect]:
    board = Board(posted, {})
    return list(visitor.feel(BoardChanged(board, visitor.now, tuple(arrived.split()), loud)))


def said(visitor: Visitor) -> list[tuple[str, str]]:
    """What the station itself has written on this screen, as it is spoken."""
    spoken = lines(visitor.shown(), Speak(), visitor.rules)
    return [(line.literal, line.language) for line in spoken if line.literal]


def test_a_new_notice_is_on_the_strip_and_first_on_the_page() -> None:
    visitor = Visitor()
    assert visitor.shown().buttons[0].picture == "notice_fraud"
    tell(visitor, FLOOD, FRAUD)
    assert visitor.shown().buttons[0].told == FLOOD.text
    visitor.tap("notices")
    assert visitor.targets() == ["notice:bb", "notice:aa", *STANDING]


def test_more_than_six_notices_have_a_second_page() -> None:
    visitor = Visitor()
    tell(visitor, *(Posted(f"{n:02}", "station", NoticeText(f"Tin {n}")) for n in range(4)))
    visitor.tap("notices")
    assert len(visitor.targets()) == 6
    visitor.tap("more")
    assert visitor.targets() == STANDING[1:]
    tell(visitor)
    assert visitor.targets() == STANDING


@pytest.mark.parametrize(
    ("language", "posted", "heard"),
    [
        ("vi", FRAUD, ("Công an không đòi tiền.", "vi")),
        ("hmn", FRAUD, ("Tsis txhob xa nyiaj.", "hmn")),
        ("hmn", FLOOD, ("Mưa to.", "vi")),
        (
            "hmn",
            Posted("cc", "fire", NoticeText("Cháy.", "", frozenset({"hmn"}))),
            ("Cháy.", "hmn"),
        ),
    ],
)
def test_each_hears_a_notice_in_his_language_where_it_exists(
    language: str, posted: Posted, heard: tuple[str, str]
) -> None:
    visitor = Visitor()
    tell(visitor, posted)
    visitor.taps(f"lang:{language}", "box:listen", f"notice:{posted.notice_id}")
    assert said(visitor) == [heard]


def test_a_notice_that_is_withdrawn_while_it_is_shown_is_hushed() -> None:
    visitor = Visitor()
    tell(visitor, FRAUD, FLOOD)
    visitor.taps("lang:vi", "box:listen", "notice:aa")
    assert tell(visitor, FLOOD) == [Hush()]
    assert visitor.screen is Screen.NOTICES
    assert "notice:aa" not in visitor.targets()
    assert visitor.taps("back").screen is Screen.MENU


def test_the_board_outlives_the_person() -> None:
    visitor = Visitor()
    tell(visitor, FRAUD)
    visitor.taps("lang:vi", "finish")
    assert visitor.screen is Screen.START
    assert visitor.shown().buttons[0].told == FRAUD.text


def quiet() -> Visitor:
    visitor = Visitor()
    tell(visitor, FRAUD, arrived="aa")
    return visitor.wait(200)


def test_a_new_notice_is_played_once_in_the_loudspeakers_hour() -> None:
    visitor = quiet()
    assert tell(visitor, FRAUD) == []
    assert tell(visitor, FRAUD, loud=True) == [Announce(FRAUD.text)]
    visitor.wait(500)
    assert tell(visitor, FRAUD, loud=True) == []


def test_several_new_notices_are_played_one_after_the_other_the_oldest_first() -> None:
    visitor = Visitor()
    tell(visitor, FLOOD, FRAUD, arrived="aa bb")
    visitor.wait(200)
    assert tell(visitor, FLOOD, FRAUD, loud=True) == [Announce(FRAUD.text)]
    visitor.wait(500)
    assert tell(visitor, FLOOD, FRAUD, loud=True) == [Announce(FLOOD.text)]


def test_nothing_is_played_while_somebody_may_be_there() -> None:
    visitor = quiet().taps("lang:vi")
    assert tell(visitor, FRAUD, loud=True) == []
    visitor.taps("finish")
    assert tell(visitor, FRAUD, loud=True) == []
    visitor.wait(200)
    assert tell(visitor, FRAUD, loud=True) == [Announce(FRAUD.text)]


def test_a_withdrawn_notice_is_not_played() -> None:
    visitor = quiet()
    assert tell(visitor, loud=True) == []


def test_a_kiosk_without_a_loudspeaker_plays_nothing() -> None:
    visitor = Visitor(Rules(load(), private_sound=True))
    tell(visitor, FRAUD, arrived="aa")
    visitor.wait(200)
    assert tell(visitor, FRAUD, loud=True) == []
    lifted = quiet()
    lifted.feel(HandsetMoved(True, lifted.now))
    lifted.wait(500)
    assert tell(lifted, FRAUD, loud=True) == []


@pytest.mark.parametrize(
    ("moment", "loud"),
    [("06:00", True), ("06:09", True), ("06:10", False), ("07:00", False), ("23:05", True)],
)
def test_the_loudspeaker_has_its_hours(moment: str, loud: bool) -> None:
    assert is_loud([(6, 7), (22, 5)], datetime.fromisoformat(f"2026-11-22 {moment}")) is loud


def test_without_the_stations_time_or_hours_nothing_is_played() -> None:
    assert not is_loud([(0, 24)], None)
    assert not is_loud([], datetime(2026, 11, 22, 6))


def test_the_stations_own_procedure_is_shown_and_its_lines_are_spoken() -> None:
    free = NoticeText("Không mất tiền.", "Tsis them nyiaj.")
    written = Procedure(("place_station",), (free,), "https://dvc.vn/x")
    visitor = Visitor()
    visitor.feel(BoardChanged(Board((), {"birth": written}), 0.0))
    visitor.taps("lang:hmn", "box:ask", "choice:birth")
    assert [tile.picture for tile in visitor.shown().tiles] == ["place_station"]
    assert visitor.shown().qr == "https://dvc.vn/x"
    visitor.tap("go_on")
    assert visitor.screen is Screen.PROCEDURE
    assert said(visitor) == [("Tsis them nyiaj.", "hmn")]
    visitor.tap("go_on")
    assert visitor.state.place.item == "wish"


def test_a_procedure_without_lines_goes_straight_on() -> None:
    visitor = Visitor().taps("lang:vi", "box:ask", "choice:birth", "go_on")
    assert visitor.state.place.item == "wish"

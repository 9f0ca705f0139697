from datetime import datetime

import pytest

from kiosk.common.errors import MessageError
from kiosk.protocol import cbor
from kiosk.protocol.station_settings import Pace, parse_hours


def at(hour: int) -> datetime:
    return datetime(2026, 11, 22, hour, 30)


def test_a_pace_comes_back_from_its_message() -> None:
    pace = Pace(600, 50, ((5, 9), (22, 4)))
    assert Pace.decode(pace.encode()) == pace


def test_cells_leave_in_the_given_hours_only() -> None:
    pace = Pace(300, hours=((5, 9), (22, 2)))
    open_hours = [hour for hour in range(24) if pace.is_open(at(hour))]
    assert open_hours == [0, 1, 5, 6, 7, 8, 22, 23]
    assert pace.open_hours == 8


def test_while_the_time_is_not_known_cells_leave_always() -> None:
    assert Pace(300, hours=((5, 6),)).is_open(None)
    assert Pace(300).is_open(at(3))
    assert Pace(300).open_hours == 24


@pytest.mark.parametrize(
    "content",
    [
        {0: 0, 1: 0, 2: []},
        {0: 86_401, 1: 0, 2: []},
        {0: 300, 1: -1, 2: []},
        {0: 300, 1: 0, 2: [[5, 25]]},
        {0: 300, 1: 0, 2: [[5, 5]]},
        {0: 300, 1: 0, 2: [[5]]},
        {0: 300, 1: 0, 2: ["5-9"]},
        {0: "300", 1: 0, 2: []},
        [],
    ],
)
def test_what_no_kiosk_can_follow_is_refused(content: object) -> None:
    with pytest.raises(MessageError):
        Pace.decode(cbor.encode(content))


def test_bytes_that_are_no_settings_are_refused() -> None:
    for data in (b"", b"\xff", bytes(5000)):
        with pytest.raises(MessageError):
            Pace.decode(data)


def test_hours_are_written_as_from_and_to() -> None:
    assert parse_hours(["5-9", "17-22"]) == ((5, 9), (17, 22))
    for wrong in ("5", "5-", "9-9", "5-25", "a-b", "-1-3"):
        with pytest.raises(ValueError, match=r"invalid literal|^[\d-]+$"):
            parse_hours([wrong])


def test_voices_may_come_only_when_that_is_said() -> None:
    assert Pace.decode(Pace(300, voice=True).encode()).voice
    assert not Pace.decode(Pace(300).encode()).voice
    assert not Pace.decode(cbor.encode({0: 300, 1: 0, 2: []})).voice
    assert not Pace.decode(cbor.encode({0: 300, 1: 0, 2: [], 3: "yes"})).voice

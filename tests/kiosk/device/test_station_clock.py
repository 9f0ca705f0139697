"""Time comes from the station alone, and only since this boot."""

import json
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest

from kiosk.device import station_clock

NOON = int(datetime(2026, 11, 22, 12).timestamp())


def test_the_stations_time_goes_on_with_the_monotonic_clock(tmp_path: Path) -> None:
    clock = tmp_path / "station.clock"
    station_clock.hear(clock, NOON, lambda: 100.0)
    assert station_clock.now(clock, lambda: 3700.0) == datetime(2026, 11, 22, 13)


def test_before_the_station_is_heard_nothing_is_known(tmp_path: Path) -> None:
    assert station_clock.now(tmp_path / "station.clock") is None


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"boot": "x"}', "\x00"])
def test_a_damaged_file_is_no_time(tmp_path: Path, content: str) -> None:
    clock = tmp_path / "station.clock"
    clock.write_text(content)
    assert station_clock.now(clock) is None


def test_another_boots_word_is_not_trusted(tmp_path: Path) -> None:
    clock = tmp_path / "station.clock"
    station_clock.hear(clock, NOON)
    assert station_clock.now(clock) is not None
    clock.write_text(json.dumps({**json.loads(clock.read_text()), "boot": "another"}))
    assert station_clock.now(clock) is None


def test_every_word_is_of_the_same_size(tmp_path: Path) -> None:
    sizes = set()
    for moment in (0.0, 12.5, 9_999_999.0):
        station_clock.hear(tmp_path / "station.clock", NOON, partial(float, moment))
        sizes.add((tmp_path / "station.clock").stat().st_size)
    assert len(sizes) == 1

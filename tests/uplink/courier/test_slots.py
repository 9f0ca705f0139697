from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uplink.courier.slots import SlotClock

SLOT = 300.0


class Time:
    def __init__(self) -> None:
        self.now = 1000.0


def make(seed: int = 1) -> tuple[SlotClock, Time]:
    time = Time()
    return SlotClock(SLOT, lambda: time.now, Random(seed)), time


def gaps(clock: SlotClock, time: Time, number: int) -> list[float]:
    times = []
    for _ in range(number):
        time.now = clock.next_due()
        clock.used(True)
        times.append(time.now)
    return [later - earlier for earlier, later in pairwise(times)]


@given(st.integers(), st.lists(st.booleans(), max_size=60))
def test_slots_stay_on_their_grid_within_the_jitter(seed: int, sent: list[bool]) -> None:
    clock, time = make(seed)
    start = time.now
    first = clock.next_due()
    assert start <= first <= start + SLOT * (1 + 1 / 15)
    for worked in sent:
        clock.used(worked)
        due = clock.next_due()
        assert due >= time.now
        assert due - time.now >= SLOT / 2 - 2 * SLOT / 15 or time.now == start
        time.now = due


def test_jitter_is_used() -> None:
    clock, time = make()
    found = gaps(clock, time, 50)
    assert min(found) < SLOT * 0.97
    assert max(found) > SLOT * 1.03
    assert all(abs(gap - SLOT) <= 2 * SLOT / 15 for gap in found)


@pytest.mark.parametrize(("missed", "quick"), [(2, 0), (3, 6), (40, 6)])
def test_six_quick_slots_after_three_missed(missed: int, quick: int) -> None:
    clock, time = make()
    for _ in range(missed):
        time.now = clock.next_due()
        clock.used(False)
    found = gaps(clock, time, 12)
    assert sum(gap < SLOT * 0.7 for gap in found) == quick


def test_slots_that_were_slept_through_are_skipped_not_made_up() -> None:
    clock, time = make()
    time.now = clock.next_due()
    clock.used(True)
    time.now += 10 * SLOT
    due = clock.next_due()
    assert time.now <= due <= time.now + SLOT * (1 + 2 / 15)
    time.now = due
    clock.used(True)
    assert sum(gap < SLOT * 0.7 for gap in gaps(clock, time, 12)) == 5, "the first gap is not seen"


def test_another_interval_counts_from_the_next_slot_on() -> None:
    clock, time = make()
    gaps(clock, time, 3)
    clock.slot_s = 60.0
    assert all(60 * 13 / 15 <= gap <= 60 * 17 / 15 for gap in gaps(clock, time, 20))
    clock.slot_s = SLOT
    assert all(SLOT * 13 / 15 <= gap <= SLOT * 17 / 15 for gap in gaps(clock, time, 20))

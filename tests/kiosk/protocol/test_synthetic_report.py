"""The daily canary's moment."""

from datetime import datetime, timedelta
from random import Random

from kiosk.protocol import report as reports
from kiosk.protocol.synthetic_report import BOX, Canary, make

MORNING = datetime(2026, 11, 22, 6, 0)
MINUTE = timedelta(minutes=1)


def test_it_is_due_once_in_each_day_at_a_moment_of_its_own() -> None:
    moments = []
    for seed in range(20):
        canary = Canary(Random(seed))
        for day in range(3):
            begin = (MORNING + timedelta(days=day)).replace(hour=0)
            due = [n for n in range(24 * 60) if _sends(canary, begin + n * MINUTE)]
            assert len(due) == 1
            moments.append(due[0])
    assert len(set(moments)) > 50, "spread over the day"


def _sends(canary: Canary, now: datetime) -> bool:
    if due := canary.is_due(now):
        canary.sent()
    return due


def test_it_stays_due_until_it_has_left() -> None:
    canary = Canary(Random(1))
    canary.is_due(MORNING)
    late = MORNING.replace(hour=23, minute=59, second=59)
    assert canary.is_due(late)
    assert canary.is_due(late)
    canary.sent()
    assert not canary.is_due(late)


def test_it_reads_as_a_report_of_its_own_box() -> None:
    again = reports.decode(reports.encode(make(MORNING.date())))
    assert (again.box, again.day, again.urgent) == (BOX, "2026-11-22", False)

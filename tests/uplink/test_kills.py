"""Each real process killed (-9) again and again: every kept report arrives exactly once."""

import time
from functools import partial
from random import Random

import pytest

from kiosk.device.outbox import Outbox
from tests.uplink.village import Village, icon_chunks, make_report
from tests.waiting import wait_until

KILLS, SOAK_KILLS = 5, 200
REPORTS_A_KILL = 2
VICTIMS = ("kiosk", "station", "broker")
UNLUCKY_S = 0.2
PATIENCE_S = 300.0


def kill_again_and_again(village: Village, victim: str, kills: int) -> None:
    """At a random moment of its work each time; `victim` is a process of the village."""
    random = Random(victim)
    outbox = village.add_kiosk("kiosk", rows=3 * SOAK_KILLS)
    start = {
        "kiosk": lambda: village.start_courier("kiosk"),
        "station": village.start_station,
        "broker": village.start_broker,
    }
    for name in reversed(VICTIMS):
        start[name]()
    kept: list[str] = []
    for _ in range(kills):
        for _ in range(REPORTS_A_KILL):
            kept.append(_file(outbox, village, f"m:{len(kept)}"))
        waiting = outbox.counts().real
        wait_until(partial(has_less, outbox, waiting), PATIENCE_S)
        time.sleep(random.uniform(0, UNLUCKY_S))
        village.kill(victim)
        start[victim]()
    wait_until(lambda: outbox.counts().real == 0, PATIENCE_S)
    assert sorted(item["what"][0] for item in village.inbox()) == sorted(kept)
    assert outbox.counts().free == 3 * SOAK_KILLS


def has_less(outbox: Outbox, than: int) -> bool:
    return outbox.counts().real < than


def _file(outbox: Outbox, village: Village, what: str) -> str:
    outbox.put(icon_chunks(make_report(what=(what,)), village.report_key.public))
    outbox.settle()
    return what


@pytest.mark.parametrize("victim", VICTIMS)
def test_a_killed_process_loses_and_repeats_nothing(village: Village, victim: str) -> None:
    kill_again_and_again(village, victim, KILLS)


@pytest.mark.soak
@pytest.mark.parametrize("victim", VICTIMS)
def test_many_kills_lose_and_repeat_nothing(village: Village, victim: str) -> None:
    kill_again_and_again(village, victim, SOAK_KILLS)

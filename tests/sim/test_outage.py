"""Three days without a network, in virtual time."""

import logging
from collections.abc import Iterator, Sequence
from itertools import pairwise
from random import Random

import pytest

from kiosk.protocol.cells import BODY, Kind, cut
from tests.sim.faults import SLOT_S, SOUND, Faults, MachineFaults
from tests.sim.mutants import BurstAfterOutage
from tests.sim.people import Filing
from tests.sim.product import Product
from tests.sim.setting import Setting
from tests.sim.world import Outcome, lived
from uplink.courier.slots import QUICK_SLOTS

GONE_AT, BACK_AT = 10 * SLOT_S, 10 * SLOT_S + 3 * 24 * 3600
REPORTS = 30
END = BACK_AT + (REPORTS + 10) * SLOT_S
WELL = MachineFaults(crash_at_send=0, crashes=(), offline=(), disk=())
OUTAGE = Faults(
    up=SOUND,
    down=SOUND,
    unacknowledged=0,
    kiosks=(MachineFaults(0, (), ((GONE_AT, BACK_AT),), ()),),
    station=WELL,
    wipes=(),
    forgeries=(),
    stalls=(),
    clock_jumps=(),
)


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def reports() -> list[Filing]:
    """One every now and then of the three days, more than fit into the quick slots."""
    random = Random(1)
    return [
        Filing(
            random.uniform(GONE_AT, BACK_AT),
            0,
            "touch.db",
            tuple(cut(Kind.ICON, False, random.randbytes(16), random.randbytes(BODY))),
        )
        for _ in range(REPORTS)
    ]


def live(filed: Sequence[Filing], product: Product | None = None) -> Outcome:
    return lived(Setting(1, OUTAGE, product or Product(), END), filed)


def quick_gaps(outcome: Outcome) -> list[bool]:
    """Of the cells after the outage, whether each came sooner than its slot."""
    times = [time for _, time, _ in outcome.left if time >= BACK_AT]
    return [later - earlier < 0.75 * SLOT_S for earlier, later in pairwise(times)]


def test_after_three_days_six_quick_slots_and_then_the_rhythm_whatever_waits() -> None:
    waiting, nothing = live(reports()), live([])
    assert waiting.wrong == nothing.wrong == ()
    assert waiting.left == nothing.left
    gaps = quick_gaps(waiting)
    assert gaps == [True] * QUICK_SLOTS + [False] * (len(gaps) - QUICK_SLOTS)
    assert len(gaps) > REPORTS
    assert not [time for _, time, _ in waiting.left if GONE_AT <= time < BACK_AT]


def test_a_burst_after_the_outage_would_be_seen() -> None:
    gaps = quick_gaps(live(reports(), BurstAfterOutage()))
    assert sum(gaps) > REPORTS

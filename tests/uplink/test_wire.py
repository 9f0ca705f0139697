"""What an observer of the wire sees of a kiosk that files and of one that does not.

A day in fast clock through real TLS: two kiosks side by side, so that both meet the same noise of
the machine. Sizes, gaps and the times of the answers are compared by two-sample
Kolmogorov-Smirnov tests.
"""

import time
from itertools import pairwise
from random import Random

import pytest
from scipy.stats import ks_2samp

from kiosk.device.outbox import Outbox
from tests.toml_files import edit
from tests.uplink.counting_proxy import Burst, CountingProxy
from tests.uplink.village import Village, icon_chunks, make_report
from tests.waiting import wait_until

REAL_SLOT_S = 300.0
SLOT_S = 0.25
SHORT_SLOTS = int(2 * 3600 / REAL_SLOT_S)
DAY_SLOTS = int(24 * 3600 / REAL_SLOT_S)
REPORTS_A_SLOT = 0.8
ALPHA = 0.001
"""For each of the comparisons: five fair ones alarm together in one of 200 runs."""
CELL_BYTES = 4096
WARM_UP = 2


def capture(
    village: Village, slots: int, courier: str = "uplink.courier.main"
) -> tuple[list[Burst], list[Burst]]:
    """What passes of a kiosk that files and of one that does not.

    After half of the time they change places, so that it does not matter whose slots come first.
    """
    village.start_broker()
    village.start_station()
    proxies = [CountingProxy(village.port) for _ in range(2)]
    outboxes = [_kiosk(village, f"kiosk-{proxy.port}", proxy, courier) for proxy in proxies]
    filing: list[Burst] = []
    idle: list[Burst] = []
    try:
        wait_until(lambda: all(cells(proxy) > WARM_UP for proxy in proxies))
        for files, rests in ((0, 1), (1, 0)):
            begin = [len(proxy.bursts) for proxy in proxies]
            _file(village, outboxes[files], proxies[rests], slots // 2)
            filing += proxies[files].bursts[begin[files] :]
            idle += proxies[rests].bursts[begin[rests] :]
    finally:
        for proxy in proxies:
            proxy.stop()
    return filing, idle


def _kiosk(village: Village, name: str, proxy: CountingProxy, courier: str) -> Outbox:
    """A kiosk whose way to the broker leads through `proxy`."""
    outbox = village.add_kiosk(name, slot_s=SLOT_S)
    config = village.folder / name / "courier.toml"
    edit(config, {"brokers": [f"127.0.0.1:{proxy.port}"]})
    village.start_courier(name, courier)
    return outbox


def _file(village: Village, outbox: Outbox, clock: CountingProxy, slots: int) -> None:
    """Reports at random moments until the other kiosk has sent in so many slots."""
    random = Random(1)
    before, filed = len(village.inbox()), 0
    end = cells(clock) + slots
    while cells(clock) < end:
        time.sleep(random.expovariate(REPORTS_A_SLOT) * SLOT_S)
        outbox.put(icon_chunks(make_report(), village.report_key.public))
        outbox.settle()
        filed += 1
    assert filed
    wait_until(lambda: outbox.counts().real == 0)
    assert len(village.inbox()) == before + filed


def cells(proxy: CountingProxy) -> int:
    """Up cells so far."""
    return sum(burst.up and burst.size > CELL_BYTES for burst in proxy.bursts)


def alarms(filing: list[Burst], idle: list[Burst]) -> dict[str, float]:
    """The p-value of every comparison that an observer can make."""
    return {
        name: float(ks_2samp(of(filing), of(idle)).pvalue)
        for name, of in {
            "sizes up": lambda bursts: [b.size for b in bursts if b.up],
            "sizes down": lambda bursts: [b.size for b in bursts if not b.up],
            "gaps up": lambda bursts: _gaps(bursts, up=True),
            "gaps down": lambda bursts: _gaps(bursts, up=False),
            "answers": _answer_times,
        }.items()
    }


def _gaps(bursts: list[Burst], up: bool) -> list[float]:
    times = [burst.time for burst in bursts if burst.up is up and burst.size > CELL_BYTES]
    return [(later - earlier) / SLOT_S for earlier, later in pairwise(times)]


def _answer_times(bursts: list[Burst]) -> list[float]:
    """From each up cell to the cell that answers it."""
    whole = [burst for burst in bursts if burst.size > CELL_BYTES]
    return [
        (second.time - first.time) / SLOT_S
        for first, second in pairwise(whole)
        if first.up and not second.up
    ]


def test_two_hours_with_and_without_reports_look_alike(village: Village) -> None:
    found = alarms(*capture(village, SHORT_SLOTS))
    assert min(found.values()) > ALPHA, found


@pytest.mark.soak
def test_a_day_with_and_without_reports_looks_alike(village: Village) -> None:
    found = alarms(*capture(village, DAY_SLOTS))
    print(found)
    assert min(found.values()) > ALPHA, found


def test_the_comparison_sees_a_courier_that_sends_at_once(village: Village) -> None:
    found = alarms(*capture(village, SHORT_SLOTS, "tests.uplink.hasty_courier"))
    assert min(found.values()) < ALPHA, found

"""The figures of the budget, measured again with a real broker and station."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from queue import SimpleQueue

import pytest

from kiosk.cells import COVER, seal_up
from tests.uplink.counting_proxy import CountingProxy
from tests.uplink.village import ROOT, Village, until
from uplink import budget
from uplink.broker import Broker, Incoming

SLOTS = 10
TOLERANCE = 0.03


@pytest.fixture
def proxy(village: Village) -> Iterator[CountingProxy]:
    village.add_kiosk("kiosk")
    with (village.folder / "broker" / "mosquitto.conf").open("a") as settings:
        settings.write("log_type all\n")
    village.start_broker()
    village.start_station()
    until(lambda: "station 1 k/+/up" in (village.folder / "broker.log").read_text())
    proxy = CountingProxy(village.port)
    yield proxy
    proxy.stop()


def test_the_constants_are_what_goes_over_the_wire(village: Village, proxy: CountingProxy) -> None:
    topic, keys = f"k/{village.kiosks['kiosk']}", village.keys_of("kiosk")
    access = replace(village.access("kiosk"), brokers=(("127.0.0.1", proxy.port),))
    answers: SimpleQueue[Incoming] = SimpleQueue()
    broker = Broker(
        access, village.kiosks["kiosk"], f"{topic}/down", answers.put, keepalive_s=60, window=1
    )

    def slot() -> None:
        until(lambda: broker.deliver(f"{topic}/up", seal_up(keys, COVER), 20.0))
        answers.get(timeout=20.0).ack()

    broker.start()
    connected = (budget.CONNECT_UP, budget.CONNECT_DOWN)
    until(lambda: proxy.counts() >= tuple(int(size * (1 - TOLERANCE)) for size in connected))
    slot()
    until(lambda: proxy.up >= (1 - TOLERANCE) * sum((budget.CONNECT_UP, budget.SLOT_UP)))
    first, segments_first = proxy.counts(), proxy.segments()
    for _ in range(SLOTS):
        slot()
    until(lambda: proxy.up >= first[0] + (SLOTS - TOLERANCE) * budget.SLOT_UP)
    segments = (proxy.segments() - segments_first) / SLOTS
    broker.stop()
    measured = [(now - then) / SLOTS for now, then in zip(proxy.counts(), first, strict=True)]
    assert measured == pytest.approx([budget.SLOT_UP, budget.SLOT_DOWN], rel=TOLERANCE)
    assert segments == pytest.approx(budget.SLOT_SEGMENTS, abs=2)
    assert segments_first - segments <= budget.CONNECT_SEGMENTS
    connecting = [first[0] - budget.SLOT_UP, first[1] - budget.SLOT_DOWN]
    assert connecting == pytest.approx(connected, rel=TOLERANCE * 3)


def test_a_slot_is_about_nine_kilobytes_and_five_minutes_fit_a_small_plan() -> None:
    assert 9000 < budget.slot_bytes() < 9100
    five = budget.cost(300.0)
    assert 75 < five.month_mb < 82
    assert (five.mean_wait_s, five.max_wait_s) == (150.0, pytest.approx(340.0))
    assert budget.cost(60.0).month_mb > 4.9 * five.month_mb


@pytest.mark.parametrize("slot_s", [60, 300, 900, 3600])
def test_the_handbook_tells_the_same(slot_s: int) -> None:
    costs = budget.cost(slot_s)
    row = (
        f"| {slot_s // 60} min | {costs.month_mb:.1f} | {costs.mean_wait_s:g} s "
        f"| {costs.max_wait_s:g} s |"
    )
    assert row in (ROOT / "docs" / "commands.md").read_text("utf-8")


@pytest.mark.parametrize(("slot", "shown"), [("300", "→ 300"), ("450", "→ 450")])
def test_the_command_marks_the_chosen_interval(slot: str, shown: str) -> None:
    told = run("budget", "--slot", slot)
    assert told.returncode == 0
    assert told.stdout.count(shown) == 1
    assert "3600" in told.stdout


def test_the_command_needs_no_interval_and_refuses_a_wrong_one() -> None:
    assert "→" not in run("budget").stdout
    assert run("budget", "--slot", "0").returncode == 2
    assert run("budget", "--slot", "nan").returncode == 2


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "uplink.main", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)

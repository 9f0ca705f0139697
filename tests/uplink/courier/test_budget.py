"""The figures of the budget, measured again with a real broker and station."""

import subprocess
import sys

import pytest

from kiosk.protocol.station_settings import Pace
from tests.uplink.village import ROOT, Village
from tests.uplink.wire_cost import measure
from tests.waiting import DEADLINE
from uplink.link import data_cost as budget

TOLERANCE = 0.05


def test_the_constants_are_what_goes_over_the_wire(village: Village) -> None:
    village.add_kiosk("kiosk").close()
    costs = measure(village, "kiosk")
    for measured, told in (
        (costs.full, budget.FULL),
        (costs.resumed, budget.RESUMED),
        (costs.slot, budget.SLOT),
        (costs.ping, budget.PING),
    ):
        assert measured[:2] == pytest.approx(told[:2], rel=TOLERANCE)
        assert measured.segments == pytest.approx(told.segments, abs=3)


def test_a_connection_is_kept_while_pings_cost_less_than_a_new_one() -> None:
    assert all(budget.is_kept(slot_s) for slot_s in (1, 60, 300, 600, 1800, 3600))
    assert not any(budget.is_kept(slot_s) for slot_s in (3840, 7200, 86_400))
    assert budget.cost(3839).slot_bytes <= budget.cost(3840).slot_bytes


def test_a_slot_is_about_nine_kilobytes_and_five_minutes_fit_a_small_plan() -> None:
    five = budget.cost(300.0)
    assert 9000 < five.slot_bytes < 9300
    assert 75 < five.month_mb < 82
    assert five.mean_wait_s == 150.0
    assert five.max_wait_s == pytest.approx(340.0)
    assert budget.cost(60.0).month_mb > 4.8 * five.month_mb


@pytest.mark.parametrize("hours", [(), ((5, 9),), ((22, 5), (12, 14))])
@pytest.mark.parametrize("megabytes", [5, 20, 80])
def test_a_budget_is_kept_in_its_hours(hours: tuple[tuple[int, int], ...], megabytes: int) -> None:
    pace = Pace(10, megabytes, hours)
    slot_s = budget.interval_s(pace)
    month_mb = budget.cost(slot_s, open_hours=pace.open_hours).month_mb
    assert 0.98 * megabytes <= month_mb <= megabytes
    assert budget.interval_s(Pace(86_000, megabytes, hours)) == 86_000, "never more often than told"
    assert budget.interval_s(Pace(10, 0, hours)) == 10


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


def test_the_command_finds_the_interval_for_a_budget_and_hours() -> None:
    told = run("budget", "--budget", "20", "--hours", "5-9", "--hours", "17-22")
    assert told.returncode == 0
    assert told.stdout.count("→") == 1
    assert "20.0" in told.stdout
    assert "9 hours a day" in told.stdout
    for wrong in (("--hours", "9"), ("--hours", "5-25"), ("--budget", "-1")):
        assert run("budget", *wrong).returncode == 2


def test_the_command_needs_no_interval_and_refuses_a_wrong_one() -> None:
    assert "→" not in run("budget").stdout
    assert run("budget", "--slot", "0").returncode == 2
    assert run("budget", "--slot", "nan").returncode == 2


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "uplink.courier.main", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=DEADLINE)

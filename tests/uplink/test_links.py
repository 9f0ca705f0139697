"""Reports over links that are slow, far, lossy or cut."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.device.outbox import Outbox
from tests.toml_files import edit
from tests.uplink.links import CLEAR, FALLBACK, FAR, GORGE, PARTITION, Link
from tests.uplink.village import Village, icon_chunks, make_report
from tests.waiting import wait_until
from uplink.courier.slots import QUICK_SLOTS

SLOT_S = 2.0
FALLBACK_SLOT_S = 30.0
PATIENCE_S = 240.0


class FarVillage(Village):
    """The kiosk is at the near end of a link, broker and station are at the far end."""

    def __init__(self, folder: Path, link: Link) -> None:
        super().__init__(folder)
        self.link = link
        config = self.folder / "broker" / "mosquitto.conf"
        config.write_text(config.read_text().replace(" 127.0.0.1\n", "\n"))

    def add_kiosk(self, name: str, slot_s: float = SLOT_S, rows: int = 128) -> Outbox:
        outbox = super().add_kiosk(name, slot_s, rows)
        edit(self.folder / name / "courier.toml", {"brokers": [f"{FAR}:{self.port}"]})
        return outbox

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text()

    def heard(self) -> int:
        """How many batches of cells the station has taken from the kiosk."""
        with closing(sqlite3.connect(self.station / "station.db")) as database:
            ((batches,),) = database.execute("SELECT sum(batches) FROM kiosks").fetchall()
        return int(batches)

    def _start(self, name: str, command: list[str]) -> None:
        end = self.link.near if name in self.kiosks else self.link.far
        super()._start(name, self.link.command(end, command))

    def _broker_listens(self, _port: int) -> bool:
        return "running" in self.log("broker")


@pytest.fixture
def far(tmp_path: Path) -> Iterator[FarVillage]:
    link = Link()
    village = FarVillage(tmp_path, link)
    yield village
    village.stop()
    link.close()


def everything_runs(far: FarVillage, slot_s: float = SLOT_S) -> Outbox:
    """Until the first report has come."""
    outbox = far.add_kiosk("kiosk", slot_s)
    far.start_broker()
    far.start_station()
    far.start_courier("kiosk")
    file(far, outbox, 1)
    wait_until(lambda: outbox.counts().real == 0)
    return outbox


def file(far: FarVillage, outbox: Outbox, number: int) -> None:
    for _ in range(number):
        outbox.put(icon_chunks(make_report(), far.report_key.public))
        outbox.settle()


def test_a_slow_and_lossy_link_carries_everything_once(far: FarVillage) -> None:
    outbox = everything_runs(far)
    far.link.weather = GORGE
    file(far, outbox, 2)
    wait_until(lambda: outbox.counts().real == 0, PATIENCE_S)
    assert len(far.inbox()) == 3


@pytest.mark.soak
def test_twenty_reports_over_a_slow_and_lossy_link(far: FarVillage) -> None:
    outbox = everything_runs(far)
    far.link.weather = GORGE
    began = time.monotonic()
    file(far, outbox, 20)
    wait_until(lambda: outbox.counts().real == 0, 10 * PATIENCE_S)
    print(f"20 reports in {time.monotonic() - began:.0f} s")
    assert len(far.inbox()) == 21


@pytest.mark.soak
def test_a_partition_heals_and_nothing_is_lost(far: FarVillage) -> None:
    outbox = everything_runs(far)
    far.link.weather = PARTITION
    file(far, outbox, 2)
    wait_until(lambda: "E11" in far.log("kiosk"), PATIENCE_S)
    assert outbox.counts().real == 2
    far.link.weather = CLEAR
    wait_until(lambda: outbox.counts().real == 0, PATIENCE_S)
    assert len(far.inbox()) == 3


@pytest.mark.soak
def test_over_the_worst_fallback_a_cell_arrives_and_missed_slots_are_skipped(
    far: FarVillage,
) -> None:
    outbox = everything_runs(far, FALLBACK_SLOT_S)
    far.link.weather = FALLBACK
    file(far, outbox, 1)
    began, before = time.monotonic(), far.heard()
    wait_until(lambda: len(far.inbox()) == 2, 10 * PATIENCE_S)
    print(f"a report in {time.monotonic() - began:.0f} s, a slot every {FALLBACK_SLOT_S:.0f} s")
    slots = (time.monotonic() - began) / FALLBACK_SLOT_S
    assert far.heard() - before <= slots + QUICK_SLOTS

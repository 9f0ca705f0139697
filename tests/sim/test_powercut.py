"""The outbox through power cuts: whatever it said is true afterwards, on any honest card."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import pytest

from kiosk.common.errors import OutboxFull
from kiosk.device.outbox import Outbox
from kiosk.protocol.cells import BODY, Chunk, Header, Receipt, Status
from tests.sim.connections import Connection, Rows
from tests.sim.disk import Crash, Disk, Process
from tests.sim.product import ROW_KEY
from uplink.station.receive.store import Arrival, Store

CUTS, SOAK_CUTS = 40, 300
FILE = "touch.db"
ROWS = 48


@dataclass
class Life:
    """What the outbox has said in one life between two power cuts."""

    waiting: dict[Header, Chunk] = field(default_factory=dict)
    parked: set[Header] = field(default_factory=set)
    unsure: frozenset[Header] = frozenset()


@dataclass
class Tally:
    """Over all cuts: rows that were promised, those gone or come back, files that broke."""

    promised: int = 0
    lost: int = 0
    risen: int = 0
    torn: int = 0
    damaged: int = 0


class FastConnection(Connection):
    """Leaves the card to decide when it writes, as a tuned outbox might."""

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> Rows:
        return super().execute(sql.replace("= FULL", "= NORMAL"), parameters)


def live(outbox: Outbox, random: Random, life: Life) -> None:
    """Use the outbox until the power goes."""
    while True:
        random.choice((put, put, free, free, park, refresh, settle))(outbox, random, life)
        life.unsure = frozenset()


def put(outbox: Outbox, random: Random, life: Life) -> None:
    count = random.choice((1, 1, 3))
    urgent, name = random.random() < 0.5, random.randbytes(16)
    chunks = [
        Chunk(Header(1, urgent, name, index, count), random.randbytes(BODY))
        for index in range(count)
    ]
    life.unsure = frozenset(chunk.header for chunk in chunks)
    try:
        outbox.put(chunks)
    except OutboxFull:
        return
    life.waiting |= {chunk.header: chunk for chunk in chunks}


def free(outbox: Outbox, random: Random, life: Life) -> None:
    if life.waiting:
        header = random.choice(list(life.waiting))
        life.unsure = frozenset({header})
        assert outbox.free(Receipt.of(header, Status.STORED))
        del life.waiting[header]


def park(outbox: Outbox, random: Random, life: Life) -> None:
    if life.waiting and len(life.parked) < 4:
        header = random.choice(list(life.waiting))
        life.unsure = frozenset({header})
        assert outbox.park(Receipt.of(header, Status.REFUSED))
        del life.waiting[header]
        life.parked.add(header)


def refresh(outbox: Outbox, random: Random, life: Life) -> None:
    outbox.refresh_one_free()


def settle(outbox: Outbox, random: Random, life: Life) -> None:
    outbox.settle()


def cut_power(folder: Path, cuts: int, kind: type[Connection] = Connection) -> Tally:
    """Cut the power `cuts` times, each time at another operation of another disk."""
    tally = Tally()
    for seed in range(cuts):
        root = folder / str(seed)
        root.mkdir()
        _one_cut(root, seed, kind, tally)
    return tally


def _one_cut(root: Path, seed: int, kind: type[Connection], tally: Tally) -> None:
    random = Random(seed)
    Outbox.create(root / FILE, ROW_KEY, ROWS)
    disk = Disk(root, random)
    life = Life()
    try:
        disk.arm(random.randint(1, 500))
        live(Outbox(root / FILE, ROW_KEY, lambda *a: disk.open(kind, *a), random), random, life)
    except Crash:
        disk.power_cut()
        _cut_again(root, disk, random)
    finally:
        disk.close()
    _compare(Outbox(root / FILE, ROW_KEY), life, tally)


def _cut_again(root: Path, disk: Disk, random: Random) -> None:
    """The power goes once more while the outbox recovers."""
    disk.arm(random.randint(1, 8))
    try:
        Outbox(root / FILE, ROW_KEY, Process(disk).connect).settle()
    except Crash:
        disk.power_cut()
    disk.disarm()


def _compare(outbox: Outbox, life: Life, tally: Tally) -> None:
    found = {header: outbox.take(row) for row, header in outbox.waiting()}
    counts = outbox.counts()
    outbox.close()
    sure = {h: chunk for h, chunk in life.waiting.items() if h not in life.unsure}
    half = life.unsure & found.keys()
    tally.promised += len(sure)
    tally.lost += sum(found.get(header) != chunk for header, chunk in sure.items())
    tally.risen += len(found.keys() - sure.keys() - life.unsure)
    tally.torn += bool(half) and half != life.unsure
    tally.damaged += counts.damaged
    tally.lost += max(0, len(life.parked) - counts.parked)


def test_nothing_is_lost_when_the_power_goes(tmp_path: Path) -> None:
    tally = cut_power(tmp_path, CUTS)
    assert tally == Tally(promised=tally.promised)
    assert tally.promised > CUTS


@pytest.mark.soak
def test_nothing_is_lost_in_many_power_cuts(tmp_path: Path) -> None:
    tally = cut_power(tmp_path, SOAK_CUTS)
    assert tally == Tally(promised=tally.promised)


def test_the_cuts_are_cruel_enough_to_tell_full_from_normal(tmp_path: Path) -> None:
    assert cut_power(tmp_path, CUTS, FastConnection).lost > 0


@pytest.mark.parametrize("operation", range(1, 24))
def test_what_the_station_has_answered_for_is_safe(tmp_path: Path, operation: int) -> None:
    """Killed while it stores, it is started again, answers the repeated chunk, loses power."""
    disk = Disk(tmp_path, Random(operation))
    arrival = Arrival("kiosk", Chunk(Header(1, False, bytes(16), 0, 1), bytes(BODY)))
    process = Process(disk)
    store = _store(process, tmp_path)
    disk.arm(operation)
    with suppress(Crash):
        store.store_batch([arrival], [], ["kiosk"], hour=1)
    process.kill()
    for _ in range(2):
        answers = _store(Process(disk), tmp_path).store_batch([arrival], [], ["kiosk"], hour=1)
        assert answers == [Status.STORED]
    disk.power_cut()
    assert len(list(_store(Process(disk), tmp_path).complete_parts(1))) == 1
    disk.close()


def _store(process: Process, folder: Path) -> Store:
    path = folder / "station.db"
    return Store(f"sqlite:///{path}", lambda: process.connect_dbapi(path))

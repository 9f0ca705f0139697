"""One kiosk, one station and a network that cannot be trusted, under one seed."""

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from random import Random

from kiosk.cells import BODY, Chunk, Kind, LinkKeys, cut
from kiosk.outbox import Outbox
from tests.sim import kiosk as kiosk_machine
from tests.sim import station as station_machine
from tests.sim.disk import Disk
from tests.sim.faults import HEALED_AT, SOUND, Link, Window, faults_of
from tests.sim.forger import Forger
from tests.sim.kiosk import Kiosk
from tests.sim.product import ROW_KEY, ROWS, Product
from tests.sim.setting import Setting
from tests.sim.station import Station
from tests.sim.timeline import Action
from tests.sim.witness import Witness
from uplink.station.store import Store

KIOSK_ID = "0123456789abcdef0123456789abcdef"
MASTER = bytes(range(1, 33))
KEYS = LinkKeys.derive(MASTER, bytes.fromhex(KIOSK_ID), 1)
UP, DOWN = f"k/{KIOSK_ID}/up", f"k/{KIOSK_ID}/down"
MOST_REPORTS = 9
"""So many that even of two chunks each they get through once all is well."""


@dataclass(frozen=True)
class Outcome:
    """What one world came to: what was wrong, and the times and sizes of what left the kiosk.

    `left` leaves out the windows in which the disk crashes at an operation of a given number.
    """

    wrong: tuple[str, ...]
    left: tuple[tuple[float, int], ...]


class World:
    """Everything that happens under one seed, with or without reports."""

    def __init__(self, seed: int, product: Product, folder: Path, with_reports: bool) -> None:
        setting = Setting(seed, faults_of(seed), product)
        self._setting, self._timeline = setting, setting.timeline
        self._wipes = 0
        self._random = setting.stream("network down")
        self._disks = {name: _disk(setting, folder, name) for name in ("kiosk", "station")}
        (folder / station_machine.KIOSKS).write_text(_KIOSKS)
        self.station = Station(setting, self._disks["station"], MASTER, self._carry_down)
        self.kiosk = Kiosk(setting, self._disks["kiosk"], KEYS, self)
        self._witness = Witness(self.kiosk, self.station, KEYS)
        self._forger = Forger(setting.stream("forger"), self.kiosk)
        self._plan()
        if with_reports:
            self._send_people(setting.stream("people"))

    def run(self) -> Outcome:
        """Live through it all."""
        try:
            self.kiosk.live()
            self._witness.judge()
        except Exception as error:
            self._witness.wrong.append(f"raised {error!r}")
        finally:
            for disk in self._disks.values():
                disk.close()
        return Outcome(tuple(self._witness.wrong), tuple(self._compared()))

    def connected(self) -> bool:
        """Whether the kiosk has a connection."""
        return not _within(self._timeline.now, self._setting.faults.kiosk_offline)

    def carry_up(self, cell: bytes, random: Random) -> bool:
        """Take a cell of the kiosk; whether the kiosk is told that it was taken."""
        unacknowledged = (
            random.random() < self._setting.faults.unacknowledged and not self._setting.healed
        )
        delays = self._link(self._setting.faults.up).fates(random)
        for delay in delays:
            self._fly(delay, partial(self.station.arrive, UP, cell))
        return bool(delays) and not unacknowledged

    def _carry_down(self, topic: str, cell: bytes) -> None:
        self._forger.saw(cell)
        for delay in self._link(self._setting.faults.down).fates(self._random):
            self._fly(delay, partial(self._deliver_down, cell))

    def _deliver_down(self, cell: bytes) -> None:
        if self.connected():
            self._witness.delivered(cell)
            self.kiosk.hear(DOWN, cell, self._witness.check_freed)

    def _link(self, link: Link) -> Link:
        return SOUND if self._setting.healed else link

    def _fly(self, delay: float, action: Action) -> None:
        wipes = self._wipes
        self._timeline.after(delay, lambda: action() if wipes == self._wipes else None)

    def _wipe(self) -> None:
        self._wipes += 1
        self.station.inbox.clear()

    def _forge(self) -> None:
        for cell in self._forger.for_kiosk():
            self._deliver_down(cell)
        for cell in self._forger.for_station():
            self.station.arrive(UP, cell)

    def _plan(self) -> None:
        faults, at = self._setting.faults, self._timeline.at
        for time in faults.wipes:
            at(time, self._wipe)
        for time in faults.forgeries:
            at(time, self._forge)
        for time, seconds in faults.stalls:
            at(time, partial(self._timeline.stall, seconds))
        full = {"kiosk": faults.kiosk_disk_full, "station": faults.station_disk_full}
        for name, windows in full.items():
            for start, end in windows:
                at(start, partial(self._fill, name, True))
                at(end, partial(self._fill, name, False))
        at(HEALED_AT, self.station.work)

    def _fill(self, name: str, full: bool) -> None:
        self._disks[name].full = full

    def _send_people(self, random: Random) -> None:
        for _ in range(random.randint(1, MOST_REPORTS)):
            at = random.uniform(0, HEALED_AT)
            self._timeline.at(at, partial(self.kiosk.put, _report(random)))

    def _compared(self) -> Iterator[tuple[float, int]]:
        hidden = [(crash.start, crash.end) for crash in self._setting.faults.kiosk_crashes]
        for time, cell in self.kiosk.left:
            if not _within(time, hidden):
                yield round(time, 3), len(cell)


def run(seed: int, product: Product) -> tuple[str, ...]:
    """What is wrong under one seed, nothing when all is well."""
    with_reports, without = (outcome(seed, product, reports) for reports in (True, False))
    wrong = [*with_reports.wrong, *(f"without reports: {text}" for text in without.wrong)]
    if with_reports.left != without.left:
        wrong.append("what leaves tells whether there are reports")
    return tuple(wrong)


def outcome(seed: int, product: Product, with_reports: bool) -> Outcome:
    """One world from beginning to end."""
    with tempfile.TemporaryDirectory() as folder:
        return World(seed, product, Path(folder), with_reports).run()


def _report(random: Random) -> list[Chunk]:
    urgent = random.random() < 0.3
    kind, count = random.choice([(Kind.ICON, 1), (Kind.ICON, 1), (Kind.VOICE, 2)])
    return cut(kind, urgent, random.randbytes(16), random.randbytes(count * BODY))


def _within(now: float, windows: Iterable[Window]) -> bool:
    return any(start <= now < end for start, end in windows)


_KIOSKS = f'[kiosks.{KIOSK_ID}]\nname = "kiosk"\ngeneration = 1\n'


def _disk(setting: Setting, folder: Path, name: str) -> Disk:
    root = folder / name
    root.mkdir()
    for file, content in _templates()[name].items():
        (root / file).write_bytes(content)
    return Disk(root, setting.stream(f"{name} disk"))


@cache
def _templates() -> dict[str, dict[str, bytes]]:
    """Empty databases, made once."""
    with tempfile.TemporaryDirectory() as folder:
        outbox, station = Path(folder) / kiosk_machine.FILE, Path(folder) / station_machine.FILE
        Outbox.create(outbox, ROW_KEY, ROWS)
        Store(f"sqlite:///{station}").close()
        return {
            "kiosk": {outbox.name: outbox.read_bytes()},
            "station": {station.name: station.read_bytes()},
        }

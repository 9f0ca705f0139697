"""Some kiosks, one station and a network that cannot be trusted, under one seed."""

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from random import Random

from kiosk.common import schema
from kiosk.device.outbox import Outbox
from kiosk.protocol.cells import LinkKeys
from kiosk.settings.kiosk_list import Kiosk as Listed
from kiosk.settings.kiosk_list import KioskList
from tests.sim import station as station_machine
from tests.sim.disk import Disk
from tests.sim.faults import HEALED_AT, SLOT_S, SOUND, Link, MachineFaults, faults_of
from tests.sim.forger import Forger
from tests.sim.kiosk import Kiosk
from tests.sim.people import Filing, filings, most_chunks
from tests.sim.product import DOORS, ROW_KEY, Product
from tests.sim.setting import Setting
from tests.sim.station import Station
from tests.sim.timeline import Action
from tests.sim.witness import Witness
from uplink.station.receive.store import Store

MASTER = bytes(range(1, 33))
SPARE_SLOTS = 8
LAST_SEND_S = 60.0


@dataclass(frozen=True)
class Outcome:
    """What one world came to: what was wrong, and the times and sizes of what left each kiosk."""

    wrong: tuple[str, ...]
    left: tuple[tuple[str, float, int], ...]


class _Line:
    """A kiosk, and who watches and who attacks it."""

    def __init__(self, setting: Setting, kiosk: Kiosk, station: Station) -> None:
        self.kiosk = kiosk
        self.witness = Witness(kiosk, station)
        self.forger = Forger(setting.stream(f"{kiosk.name} forger"), kiosk)


class World:
    """Everything that happens in one setting, with what is filed."""

    def __init__(self, setting: Setting, filed: Iterable[Filing], folder: Path) -> None:
        faults = setting.faults
        self._setting, self._timeline = setting, setting.timeline
        self._wipes = 0
        self._random = setting.stream("network down")
        names = [f"{kiosk:032x}" for kiosk in range(len(faults.kiosks))]
        (folder / station_machine.KIOSKS).write_text(
            schema.dump(KioskList({name: Listed("kiosk", 1) for name in names}))
        )
        self.station = Station(setting, self._disk(folder, "station", faults.station), MASTER, self)
        self._lines = [
            _Line(setting, self._kiosk(folder, name, of), self.station)
            for name, of in zip(names, faults.kiosks, strict=True)
        ]
        self._plan()
        for filing in filed:
            kiosk = self._lines[filing.kiosk].kiosk
            self._timeline.at(filing.at, partial(kiosk.put, filing.door, filing.chunks))

    def run(self) -> Outcome:
        """Live through it all."""
        wrong = []
        try:
            self._timeline.pass_until(self._setting.end + LAST_SEND_S)
            for line in self._lines:
                line.witness.judge()
        except Exception as error:
            wrong.append(f"raised {error!r}")
        finally:
            for line in self._lines:
                line.kiosk.close()
            self.station.close()
        wrong += [text for line in self._lines for text in line.witness.wrong]
        return Outcome(tuple(wrong), tuple(c for line in self._lines for c in line.kiosk.compared))

    def carry_up(self, kiosk: Kiosk, cell: bytes, random: Random) -> bool:
        """Take a cell of a kiosk; whether the kiosk is told that it was taken."""
        unacknowledged = (
            random.random() < self._setting.faults.unacknowledged and not self._setting.healed
        )
        delays = self._link(self._setting.faults.up).fates(random)
        for delay in delays:
            self._fly(delay, partial(self.station.arrive, f"k/{kiosk.name}/up", cell))
        return bool(delays) and not unacknowledged

    def carry_down(self, topic: str, cell: bytes) -> None:
        """Take a cell of the station."""
        (line,) = (line for line in self._lines if line.kiosk.name in topic)
        line.forger.saw(cell)
        for delay in self._link(self._setting.faults.down).fates(self._random):
            self._fly(delay, partial(self._deliver_down, line, cell))

    def _deliver_down(self, line: _Line, cell: bytes) -> None:
        if line.kiosk.connected():
            line.witness.delivered(cell)
            line.kiosk.hear(f"k/{line.kiosk.name}/down", cell, line.witness.check_freed)

    def _link(self, link: Link) -> Link:
        return SOUND if self._setting.healed else link

    def _fly(self, delay: float, action: Action) -> None:
        wipes = self._wipes
        self._timeline.after(delay, lambda: action() if wipes == self._wipes else None)

    def _wipe(self) -> None:
        self._wipes += 1
        self.station.inbox.clear()

    def _forge(self) -> None:
        for line in self._lines:
            for cell in line.forger.for_kiosk():
                self._deliver_down(line, cell)
            for cell in line.forger.for_station():
                self.station.arrive(f"k/{line.kiosk.name}/up", cell)

    def _plan(self) -> None:
        faults, at = self._setting.faults, self._timeline.at
        for time in faults.wipes:
            at(time, self._wipe)
        for time in faults.forgeries:
            at(time, self._forge)
        for time, seconds in faults.stalls:
            at(time, partial(self._timeline.stall, seconds))
        at(HEALED_AT, self.station.work)

    def _kiosk(self, folder: Path, name: str, faults: MachineFaults) -> Kiosk:
        keys = LinkKeys.derive(MASTER, bytes.fromhex(name), 1)
        disk = self._disk(folder, name, faults)
        return Kiosk(self._setting, name, faults, disk, keys, self)

    def _disk(self, folder: Path, name: str, faults: MachineFaults) -> Disk:
        root = folder / name
        root.mkdir()
        for file, content in _templates()["station" if name == "station" else "kiosk"].items():
            (root / file).write_bytes(content)
        disk = Disk(root, self._setting.stream(f"{name} disk"))
        for (start, end), sickness in faults.disk:
            self._timeline.at(start, partial(setattr, disk, "sickness", sickness))
            self._timeline.at(end, partial(setattr, disk, "sickness", None))
        return disk


def run(seed: int, product: Product) -> tuple[str, ...]:
    """What is wrong under one seed, nothing when all is well."""
    with_reports, without = (outcome(seed, product, reports) for reports in (True, False))
    wrong = [*with_reports.wrong, *(f"without reports: {text}" for text in without.wrong)]
    if with_reports.left != without.left:
        wrong.append("what leaves tells whether there are reports")
    return tuple(wrong)


def outcome(seed: int, product: Product, with_reports: bool) -> Outcome:
    """One world from beginning to end."""
    faults = faults_of(seed)
    number = len(faults.kiosks)
    filed = filings(Random(f"{seed} people"), number)
    end = HEALED_AT + (most_chunks(filed, number) + SPARE_SLOTS) * SLOT_S
    return lived(Setting(seed, faults, product, end), filed if with_reports else ())


def lived(setting: Setting, filed: Iterable[Filing]) -> Outcome:
    """What a world comes to."""
    with tempfile.TemporaryDirectory() as folder:
        return World(setting, filed, Path(folder)).run()


@cache
def _templates() -> dict[str, dict[str, bytes]]:
    """Empty databases, made once."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for door, rows in DOORS.items():
            Outbox.create(folder / door, ROW_KEY, rows)
        Store(f"sqlite:///{folder / station_machine.FILE}").close()
        return {
            "kiosk": {door: (folder / door).read_bytes() for door in DOORS},
            "station": {station_machine.FILE: (folder / station_machine.FILE).read_bytes()},
        }

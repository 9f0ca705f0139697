"""The station: one machine that serves what the broker holds for it."""

from functools import partial
from queue import SimpleQueue
from typing import Protocol

from kiosk.common.errors import StationError
from kiosk.protocol.cells import Header
from tests.sim.disk import Crash, Disk, Process
from tests.sim.faults import DiskCrash
from tests.sim.setting import Setting
from uplink.link.standing_connection import Incoming
from uplink.station.receive.receiver import Links, Receiver
from uplink.station.receive.serving import serve
from uplink.station.receive.store import Store, StoredPart

FILE = "station.db"
KIOSKS = "kiosks.toml"
RESTART_S = 60.0
YEAR_2027 = 1_800_000_000


class Network(Protocol):
    """What a station sees of the network."""

    def carry_down(self, topic: str, cell: bytes) -> None:
        """Take an answer."""


class Station:
    """Keeps cells and answers them; what it has not acknowledged comes again."""

    def __init__(
        self,
        setting: Setting,
        disk: Disk,
        master: bytes,
        network: Network,
    ) -> None:
        self.inbox: list[tuple[str, bytes]] = []
        self._setting, self._timeline, self._disk = setting, setting.timeline, disk
        self._master, self._network = master, network
        self._random = setting.stream("station")
        self._process = Process(disk)
        self._store: Store | None = None
        self._receiver: Receiver | None = None
        self._next_crash: DiskCrash | None = None
        self._faults = setting.faults.station
        for crash in self._faults.crashes:
            self._timeline.at(crash.start, partial(self._arm, crash))
            self._timeline.at(crash.end, disk.disarm)
        self._boot()

    def arrive(self, topic: str, cell: bytes) -> None:
        """The broker has a message for the station."""
        self.inbox.append((topic, cell))
        self.work()

    def work(self) -> None:
        """Serve all that has come, if the station runs and is connected."""
        if self._receiver is None or self._faults.is_offline(self._timeline.now):
            return
        batch: SimpleQueue[Incoming | int] = SimpleQueue()
        for message in self.inbox:
            batch.put(Incoming(*message, partial(self._acknowledged, message)))
        batch.put(0)
        try:
            serve(self._receiver, self, batch, _no_time)  # type: ignore[arg-type]
        except Crash:
            self._fall()

    def post(self, topic: str, cell: bytes) -> bool:
        """The station's side of the broker."""
        if self._random.random() < self._faults.crash_at_send and not self._setting.healed:
            raise Crash
        self._network.carry_down(topic, cell)
        return True

    def has(self, header: Header) -> bool:
        """Whether a chunk is in the database now."""
        name = (header.report_id, header.kind, header.index)
        query = "SELECT 1 FROM chunks WHERE report_id = ? AND kind = ? AND number = ?"
        with self._disk.sound():
            database = self._process.connect(self._disk.folder / FILE, "rw")
            return bool(database.execute(query, name).fetchall())

    def parts(self, kind: int) -> list[StoredPart]:
        """What an officer would see."""
        assert self._store is not None
        return list(self._store.complete_parts(kind))

    def quarantined(self) -> dict[str, int]:
        """The codes of what the station refused."""
        assert self._store is not None
        return self._store.quarantined()

    def close(self) -> None:
        """Be gone."""
        self._disk.close()

    def _boot(self) -> None:
        self._process = Process(self._disk)
        path = self._disk.folder / FILE
        try:
            self._store = self._setting.product.store(
                f"sqlite:///{path}", partial(self._process.connect_dbapi, path)
            )
        except StationError:
            self._timeline.after(RESTART_S, self._boot)
            return
        links = Links(self._master, self._disk.folder.parent / KIOSKS)
        self._receiver = self._setting.product.receiver(self._store, links, self._clock)
        self.work()

    def _clock(self) -> float:
        now = self._timeline.now
        return (
            YEAR_2027
            + now
            + sum(jump for at, jump in self._setting.faults.clock_jumps if at <= now)
        )

    def _acknowledged(self, message: tuple[str, bytes]) -> None:
        if message in self.inbox:
            self.inbox.remove(message)

    def _arm(self, crash: DiskCrash) -> None:
        self._next_crash = crash
        self._disk.arm(crash.operations)

    def _fall(self) -> None:
        self._disk.disarm()
        self._receiver = self._store = None
        if self._next_crash is not None and self._next_crash.power:
            self._disk.power_cut()
        else:
            self._process.kill()
        self._timeline.after(RESTART_S, self._boot)


def _no_time(seconds: float) -> None:
    """Answers come at once: their time is for `tests/uplink/test_wire.py` to judge."""

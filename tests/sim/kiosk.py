"""A kiosk: one machine with two doors that put reports and a courier that carries cells."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Protocol

from kiosk.common.errors import OutboxError
from kiosk.device.outbox import Counts, Outbox
from kiosk.protocol.cells import Chunk, Header, LinkKeys
from tests.sim.disk import Crash, Disk, Process
from tests.sim.faults import DiskCrash, MachineFaults
from tests.sim.product import DOORS, ROW_KEY
from tests.sim.setting import Setting
from tests.sim.task import Events, Task
from uplink.courier.main import PUBACK_S, carry
from uplink.courier.outboxes import Outboxes
from uplink.link.standing_connection import Incoming


@dataclass(frozen=True)
class Fate:
    """What a crash means, and when the courier runs again."""

    power: bool
    up_at: float


class Network(Protocol):
    """What a kiosk sees of the network."""

    def carry_up(self, kiosk: "Kiosk", cell: bytes, random: Random) -> bool:
        """Take a cell; whether the broker acknowledges it."""


class Kiosk:
    """Lives from the beginning of time to its end, with crashes between.

    `left` is all that left it; `compared` is what of it must be the same without reports, in times
    and sizes: all but what leaves while the disk is to crash at an operation of a given number,
    which reports reach sooner.
    """

    def __init__(
        self,
        setting: Setting,
        name: str,
        faults: MachineFaults,
        disk: Disk,
        keys: LinkKeys,
        network: Network,
    ) -> None:
        self.name, self.keys, self.disk = name, keys, disk
        self.kept: list[list[Chunk]] = []
        self.left: list[tuple[float, bytes]] = []
        self.compared: list[tuple[str, float, int]] = []
        self._setting, self._faults, self._timeline = setting, faults, setting.timeline
        self._network = network
        self._doors: dict[str, Outbox] = {}
        self._door_processes: dict[str, Process] = {}
        self._courier_process = Process(disk)
        self._events: Events[Incoming | int] | None = None
        self._random = Random()
        self._next_crash = Fate(power=False, up_at=0)
        self._armed: DiskCrash | None = None
        self._up_at = 0.0
        self._task = Task(setting.timeline, self._live)
        for crash in faults.crashes:
            self._timeline.at(crash.start, partial(self._arm, crash))
            self._timeline.at(crash.end, partial(self._end, crash))
        self._timeline.at(setting.end, self._stop)
        self._timeline.at(0, self._task.start)

    def connected(self) -> bool:
        """Whether cells can come and go."""
        return not self._faults.is_offline(self._timeline.now)

    def put(self, door: str, chunks: Iterable[Chunk]) -> None:
        """Somebody sends a part of a report; it is kept only if the door says so."""
        try:
            outbox = self._door(door)
            outbox.put(list(chunks))
            self.kept.append(list(chunks))
            outbox.settle()
        except OutboxError:
            return
        except Crash:
            self._door_dies(door)

    def hear(self, topic: str, cell: bytes, ack: Callable[[], None]) -> None:
        """A message arrives, if somebody listens."""
        if self._events is not None:
            self._events.put(Incoming(topic, cell, ack))

    def waiting(self) -> set[Header]:
        """What the outboxes hold to be sent."""
        with self.disk.sound():
            return {header for door in DOORS for _, header in self._door(door).waiting()}

    def counts(self) -> dict[str, Counts]:
        """The state of the outboxes."""
        with self.disk.sound():
            return {door: self._door(door).counts() for door in DOORS}

    def close(self) -> None:
        """Be gone."""
        self._task.end()
        self.disk.close()

    def _live(self) -> None:
        while self._timeline.now < self._setting.end:
            try:
                self._carry()
            except Crash:
                self._fall()
            self._task.sleep(self._up_at)

    def _carry(self) -> None:
        self._random = self._stream("network")
        self._courier_process = Process(self.disk)
        outboxes = Outboxes([partial(self._outbox, door) for door in DOORS])
        events: Events[Incoming | int] = Events(self._timeline, self._task)
        self._events = events
        courier = self._setting.product.courier(outboxes, self.keys, self._send)
        clock = self._setting.product.clock(self._now, self._stream("slots"), outboxes)
        carry(courier, clock, events, lambda _sent: None, lambda _down: None, self._now)  # type: ignore[arg-type]

    def _outbox(self, door: str) -> Outbox:
        return self._setting.product.outbox(
            self.disk.folder / door, self._courier_process.connect, self._stream(f"rows {door}")
        )

    def _door(self, door: str) -> Outbox:
        """The outbox as the process at that door has it."""
        if door not in self._doors:
            process = self._door_processes[door] = Process(self.disk)
            self._doors[door] = Outbox(
                self.disk.folder / door, ROW_KEY, process.connect, self._stream(door)
            )
        return self._doors[door]

    def _now(self) -> float:
        return self._timeline.now

    def _stream(self, name: str) -> Random:
        return self._setting.stream(f"{self.name} {name} {self._timeline.now:.6f}")

    def _send(self, cell: bytes) -> bool:
        if not self.connected():
            return False
        dies, first, power, down_s = (self._random.random() for _ in range(4))
        dying = dies < self._faults.crash_at_send and not self._setting.healed
        if dying and first < 0.5:
            self._die(Fate(power < 0.5, self._start_after(100 * down_s)))
        self._leaves(cell)
        acknowledged = self._network.carry_up(self, cell, self._random)
        if dying:
            self._die(Fate(power < 0.5, self._start_after(100 * down_s)))
        delay = self._random.uniform(0.1, 5) if acknowledged else PUBACK_S
        self._task.sleep(self._timeline.now + delay)
        return acknowledged

    def _start_after(self, seconds: float) -> float:
        return self._armed.end if self._armed else self._timeline.now + seconds

    def _leaves(self, cell: bytes) -> None:
        self.left.append((self._timeline.now, cell))
        if self._armed is None:
            self.compared.append((self.name, round(self._timeline.now, 3), len(cell)))

    def _arm(self, crash: DiskCrash) -> None:
        self._armed = crash
        self._next_crash = Fate(crash.power, crash.end)
        self.disk.arm(crash.operations)

    def _end(self, crash: DiskCrash) -> None:
        self.disk.disarm()
        self._armed = None
        self._next_crash = Fate(crash.power, self._timeline.now)
        self._courier_dies()

    def _die(self, fate: Fate) -> None:
        self._next_crash = fate
        raise Crash

    def _courier_dies(self) -> None:
        if self._events is not None:
            self._task.throw(Crash())

    def _fall(self) -> None:
        self.disk.disarm()
        self._events = None
        self._up_at = max(self._up_at, self._next_crash.up_at)
        if self._next_crash.power:
            self.disk.power_cut()
            self._doors.clear()
        else:
            self._courier_process.kill()

    def _door_dies(self, door: str) -> None:
        if not self._next_crash.power:
            self._door_processes[door].kill()
            self._doors.pop(door, None)
        elif self._events is not None:
            self._courier_dies()
        else:
            self._fall()

    def _stop(self) -> None:
        if self._events is not None:
            self._events.put(0)

"""The kiosk: one machine whose screen puts reports and whose courier carries cells."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Protocol

from kiosk.cells import Chunk, Header, LinkKeys
from kiosk.errors import OutboxError
from kiosk.outbox import Counts, Outbox
from tests.sim.disk import Crash, Disk, Process
from tests.sim.faults import END, DiskCrash
from tests.sim.product import ROW_KEY
from tests.sim.setting import Setting
from tests.sim.timeline import Events
from uplink.broker import Incoming
from uplink.main import PUBACK_S, carry

FILE = "touch.db"


@dataclass(frozen=True)
class Fate:
    """What a crash means, and when the courier runs again."""

    power: bool
    up_at: float


class Network(Protocol):
    """What a kiosk sees of the network."""

    def connected(self) -> bool:
        """Whether cells can leave now."""

    def carry_up(self, cell: bytes, random: Random) -> bool:
        """Take a cell; whether the broker acknowledges it."""


class Kiosk:
    """Lives from the beginning of time to its end, with crashes between."""

    def __init__(self, setting: Setting, disk: Disk, keys: LinkKeys, network: Network) -> None:
        self.kept: list[list[Chunk]] = []
        self.left: list[tuple[float, bytes]] = []
        self._setting, self._timeline, self._disk = setting, setting.timeline, disk
        self._keys, self._network = keys, network
        self._screen: Outbox | None = None
        self._screen_process = self._courier_process = Process(disk)
        self._events: Events[Incoming | int] | None = None
        self._random = Random()
        self._next_crash = Fate(power=False, up_at=0)
        self._up_at = 0.0
        for crash in setting.faults.kiosk_crashes:
            self._timeline.at(crash.start, partial(self._arm, crash))
            self._timeline.at(crash.end, partial(self._end, crash))
        self._timeline.at(END, self._stop)

    def live(self) -> None:
        """Everything that happens, happens while this kiosk lives or waits to be started."""
        while self._timeline.now < END:
            try:
                self._carry()
            except Crash:
                self._fall()
            while self._timeline.now < self._up_at:
                self._timeline.pass_until(self._up_at)

    def put(self, chunks: list[Chunk]) -> None:
        """Somebody sends a report; it is kept only if the screen says so."""
        if self._screen is None:
            return
        try:
            self._screen.put(chunks)
            self.kept.append(chunks)
            self._screen.settle()
        except OutboxError:
            return
        except Crash:
            self._screen_dies()

    def hear(self, topic: str, cell: bytes, ack: Callable[[], None]) -> None:
        """A message arrives, if somebody listens."""
        if self._events is not None:
            self._events.put(Incoming(topic, cell, ack))

    def waiting(self) -> set[Header]:
        """What the outbox holds to be sent."""
        assert self._screen is not None
        return {header for _, header in self._screen.waiting()}

    def counts(self) -> Counts:
        """The state of the outbox."""
        assert self._screen is not None
        return self._screen.counts()

    def _carry(self) -> None:
        self._random = self._stream("network")
        if self._screen is None:
            self._open_screen()
        self._courier_process = Process(self._disk)
        path = self._disk.folder / FILE
        outbox = self._setting.product.outbox(
            path, self._courier_process.connect, self._stream("rows")
        )
        events: Events[Incoming | int] = Events(self._timeline)
        self._events = events
        courier = self._setting.product.courier([outbox], self._keys, self._send)
        clock = self._setting.product.clock(self._now, self._stream("slots"), outbox)
        carry(courier, clock, events, lambda _sent: None, lambda _down: None, self._now)  # type: ignore[arg-type]

    def _open_screen(self) -> None:
        self._screen_process = Process(self._disk)
        path = self._disk.folder / FILE
        self._screen = Outbox(path, ROW_KEY, self._screen_process.connect, self._stream("screen"))

    def _now(self) -> float:
        return self._timeline.now

    def _stream(self, name: str) -> Random:
        return self._setting.stream(f"{name} {self._timeline.now:.6f}")

    def _send(self, cell: bytes) -> bool:
        if not self._network.connected():
            return False
        dies, first, power, down_s = (self._random.random() for _ in range(4))
        dying = dies < self._setting.faults.crash_at_send and not self._setting.healed
        if dying and first < 0.5:
            self._die(Fate(power < 0.5, self._start_after(100 * down_s)))
        self.left.append((self._timeline.now, cell))
        acknowledged = self._network.carry_up(cell, self._random)
        if dying:
            self._die(Fate(power < 0.5, self._start_after(100 * down_s)))
        delay = self._random.uniform(0.1, 5) if acknowledged else PUBACK_S
        self._timeline.pass_until(self._timeline.now + delay)
        return acknowledged

    def _start_after(self, seconds: float) -> float:
        now = self._timeline.now
        ends = [
            crash.end
            for crash in self._setting.faults.kiosk_crashes
            if crash.start <= now < crash.end
        ]
        return ends[0] if ends else now + seconds

    def _arm(self, crash: DiskCrash) -> None:
        self._next_crash = Fate(crash.power, crash.end)
        self._disk.arm(crash.operations)

    def _end(self, crash: DiskCrash) -> None:
        self._disk.disarm()
        if self._events is not None:
            self._die(Fate(crash.power, self._timeline.now))

    def _die(self, fate: Fate) -> None:
        self._next_crash = fate
        raise Crash

    def _fall(self) -> None:
        self._disk.disarm()
        self._events = None
        self._up_at = max(self._up_at, self._next_crash.up_at)
        if self._next_crash.power:
            self._disk.power_cut()
            self._screen = None
        else:
            self._courier_process.kill()

    def _screen_dies(self) -> None:
        if not self._next_crash.power:
            self._screen_process.kill()
            self._open_screen()
        elif self._events is not None:
            raise Crash
        else:
            self._fall()

    def _stop(self) -> None:
        if self._events is not None:
            self._events.put(0)

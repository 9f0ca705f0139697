"""What goes wrong in one seed, all of it drawn before the world begins.

Every part of the world draws from a generator of its own, so that a world without reports meets
the very same faults at the very same times.
"""

from dataclasses import dataclass
from enum import Enum
from random import Random

SLOT_S = 300.0
FAULTY_SLOTS = 20
HEALED_AT = FAULTY_SLOTS * SLOT_S

Window = tuple[float, float]


@dataclass(frozen=True)
class Link:
    """One direction of the network between two machines."""

    lost: float
    doubled: float
    delay_s: float

    def fates(self, random: Random) -> list[float]:
        """The delays of the copies that arrive."""
        if random.random() < self.lost:
            return []
        copies = 2 if random.random() < self.doubled else 1
        return [random.expovariate(1 / self.delay_s) for _ in range(copies)]


SOUND = Link(lost=0, doubled=0, delay_s=1)


class Sickness(Enum):
    """What a disk can do to its machine for a while."""

    FULL = "full"
    READ_ONLY = "read only"
    FAILING = "some reads, writes and syncs fail"
    GONE = "all of them fail"


@dataclass(frozen=True)
class DiskCrash:
    """From `start` the `operations`-th disk operation ends a process or cuts the power.

    A kiosk starts again at `end` in any case.
    """

    start: float
    end: float
    operations: int
    power: bool


@dataclass(frozen=True)
class MachineFaults:
    """What goes wrong with one kiosk, or with the station."""

    crash_at_send: float
    crashes: tuple[DiskCrash, ...]
    offline: tuple[Window, ...]
    disk: tuple[tuple[Window, Sickness], ...]

    def is_offline(self, now: float) -> bool:
        """Whether there is no connection."""
        return any(start <= now < end for start, end in self.offline)


@dataclass(frozen=True)
class Faults:
    """The faults of one seed. Times are virtual seconds, chances are for one message."""

    up: Link
    down: Link
    unacknowledged: float
    kiosks: tuple[MachineFaults, ...]
    station: MachineFaults
    wipes: tuple[float, ...]
    forgeries: tuple[float, ...]
    stalls: tuple[tuple[float, float], ...]
    clock_jumps: tuple[tuple[float, float], ...]


def faults_of(seed: int) -> Faults:
    """The faults of a seed; each kind is absent from many seeds."""
    random = Random(f"{seed} faults")
    return Faults(
        up=_link(random),
        down=_link(random),
        unacknowledged=random.choice((0, 0.1, 0.3)),
        kiosks=tuple(_machine(random, crashes=3) for _ in range(random.choice((1, 1, 1, 2)))),
        station=_machine(random, crashes=4),
        wipes=_times(random, 4),
        forgeries=_times(random, 8),
        stalls=tuple((at, random.expovariate(1 / SLOT_S)) for at in _times(random, 2)),
        clock_jumps=tuple((at, random.uniform(-1e6, 1e6)) for at in _times(random, 2)),
    )


def _machine(random: Random, crashes: int) -> MachineFaults:
    sick = _windows(random, 2, 8)
    return MachineFaults(
        crash_at_send=random.choice((0, 0, 0.05)),
        crashes=tuple(_crash(random, *window) for window in _windows(random, crashes, 4)),
        offline=_windows(random, 2, 10),
        disk=tuple((window, random.choice(list(Sickness))) for window in sick),
    )


def _link(random: Random) -> Link:
    return Link(
        lost=random.choice((0, 0.05, 0.3)),
        doubled=random.choice((0, 0.2)),
        delay_s=random.choice((1, SLOT_S)),
    )


def _times(random: Random, most: int) -> tuple[float, ...]:
    return tuple(sorted(random.uniform(0, HEALED_AT) for _ in range(random.randint(0, most))))


def _windows(random: Random, most: int, slots: int) -> tuple[Window, ...]:
    """Windows of at most `slots` slots that do not overlap."""
    windows: list[Window] = []
    for start in _times(random, most):
        end = start + random.uniform(0.1, slots) * SLOT_S
        if end < HEALED_AT and (not windows or start > windows[-1][1]):
            windows.append((start, end))
    return tuple(windows)


def _crash(random: Random, start: float, end: float) -> DiskCrash:
    return DiskCrash(start, end, random.randint(1, 40), random.random() < 0.5)

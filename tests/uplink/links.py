"""Bad links: two network namespaces joined by TUN devices, and a line between that loses packets.

Real TCP of the kernel runs over it. Needs root and /dev/net/tun; `tc netem` is not needed.
"""

import ctypes
import fcntl
import heapq
import os
import selectors
import struct
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from random import Random

import pytest

TUN = Path("/dev/net/tun")
NAMESPACES = Path("/run/netns")
NEAR, FAR = "10.77.0.1", "10.77.0.2"
MTU = 1400
_TUNSETIFF, _IFF_TUN, _IFF_NO_PI = 0x400454CA, 0x0001, 0x1000
_CLONE_NEWNET = 0x40000000
"""Of Linux: if_tun.h and sched.h."""


@dataclass(frozen=True)
class Weather:
    """What a line does to packets, the same either way.

    `loss` is the part of all packets that is lost, in bursts of `burst` packets on average; what
    waits longer than `queue_s` for its turn is dropped too.
    """

    bits_per_s: float = 0
    delay_s: float = 0
    loss: float = 0
    burst: float = 1
    queue_s: float = 8


CLEAR = Weather()
GORGE = Weather(bits_per_s=16_000, delay_s=0.25, loss=0.08, burst=3)
"""16 kbit/s, a round trip of 500 ms, 8 % lost in bursts."""
FALLBACK = Weather(bits_per_s=8_000, delay_s=5, loss=0.4, queue_s=20)
"""2G at its worst: 1 kB/s, a round trip of 10 s, 40 % lost."""
PARTITION = Weather(loss=1)


class Link:
    """Two namespaces and the line between them; `weather` may change at any time."""

    def __init__(self, seed: int = 1) -> None:
        if os.getuid() != 0 or not TUN.exists():
            pytest.skip("a bad link needs root and /dev/net/tun")
        self.weather = CLEAR
        self.near, self.far = (f"homthu-{os.getpid()}-{side}" for side in ("near", "far"))
        try:
            ends = [_end(self.near, NEAR), _end(self.far, FAR)]
        except (OSError, subprocess.CalledProcessError):
            self.close()
            pytest.skip("this machine does not let a test make network namespaces")
        self._ends = ends
        self._random = Random(seed)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._carry, daemon=True)
        self._thread.start()

    def command(self, namespace: str, command: list[str]) -> list[str]:
        """The command that runs `command` at one end."""
        return ["ip", "netns", "exec", namespace, *command]

    def close(self) -> None:
        """Take everything down."""
        if hasattr(self, "_thread"):
            self._stop.set()
            self._thread.join()
            for end in self._ends:
                os.close(end)
        for namespace in (self.near, self.far):
            subprocess.run(["ip", "netns", "delete", namespace], check=False, capture_output=True)

    def _carry(self) -> None:
        near, far = self._ends
        lines = {near: _Line(far, self._random), far: _Line(near, self._random)}
        with selectors.DefaultSelector() as selector:
            for end in self._ends:
                selector.register(end, selectors.EVENT_READ)
            while not self._stop.is_set():
                waits = min(line.next_due() for line in lines.values()) - time.monotonic()
                for key, _ in selector.select(min(max(waits, 0), 0.05)):
                    lines[key.fd].take(os.read(key.fd, 65_536), self.weather)
                for line in lines.values():
                    line.deliver()


class _Line:
    """One direction: packets on their way to `target`."""

    def __init__(self, target: int, random: Random) -> None:
        self._target, self._random = target, random
        self._under_way: list[tuple[float, int, bytes]] = []
        self._order = count()
        self._busy_until = 0.0
        self._losing = False

    def take(self, packet: bytes, weather: Weather) -> None:
        now = time.monotonic()
        if self._is_lost(weather):
            return
        begin = max(now, self._busy_until)
        if begin - now > weather.queue_s:
            return
        takes = 8 * len(packet) / weather.bits_per_s if weather.bits_per_s else 0
        self._busy_until = begin + takes
        arrival = self._busy_until + weather.delay_s
        heapq.heappush(self._under_way, (arrival, next(self._order), packet))

    def next_due(self) -> float:
        return self._under_way[0][0] if self._under_way else float("inf")

    def deliver(self) -> None:
        while self.next_due() <= time.monotonic():
            _, _, packet = heapq.heappop(self._under_way)
            os.write(self._target, packet)

    def _is_lost(self, weather: Weather) -> bool:
        """A Gilbert channel: it loses everything while it is bad."""
        if weather.loss in (0, 1):
            return weather.loss == 1
        if self._losing:
            self._losing = self._random.random() >= 1 / weather.burst
        else:
            begins = weather.loss / (1 - weather.loss) / weather.burst
            self._losing = self._random.random() < begins
        return self._losing


def _end(namespace: str, address: str) -> int:
    """Make a namespace with a TUN device, and give what the device's packets are read from."""
    _ip("netns", "add", namespace)
    end = _inside(NAMESPACES / namespace, _open_tun)
    for command in (
        ("link", "set", "lo", "up"),
        ("address", "add", f"{address}/24", "dev", "line"),
        ("link", "set", "line", "mtu", str(MTU), "up"),
    ):
        _ip("-netns", namespace, *command)
    return end


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True)


def _open_tun() -> int:
    end = os.open(TUN, os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(end, _TUNSETIFF, struct.pack("16sH", b"line", _IFF_TUN | _IFF_NO_PI))
    return end


def _inside(namespace: Path, make: Callable[[], int]) -> int:
    """What `make` gives in a thread that has entered the namespace and then ends."""
    made: list[int] = []

    def enter() -> None:
        with namespace.open() as file:
            if ctypes.CDLL(None, use_errno=True).setns(file.fileno(), _CLONE_NEWNET) == 0:
                made.append(make())

    thread = threading.Thread(target=enter)
    thread.start()
    thread.join()
    if not made:
        raise OSError("the namespace cannot be entered")
    return made[0]

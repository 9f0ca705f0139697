"""Ports of 127.0.0.1 for the servers that tests start."""

import os
import random
import socket
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from itertools import cycle


@cache
def _own_ports() -> Iterator[int]:
    """Ports of this process alone among those of a parallel run, below those for connections.

    What the kernel gives for port 0 may be taken, by a connection of anybody, before a server that
    is only just starting listens there.
    """
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    first = 12_000 + worker % 10 * 2_000
    return cycle(random.sample(range(first, first + 2_000), 2_000))


def free_port() -> int:
    """A port of 127.0.0.1 on which nobody listens."""
    for port in _own_ports():
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("unreachable: the ports come round for ever")

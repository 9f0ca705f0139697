"""The classes under test, put together as the commands do; a mutant replaces one of them."""

from collections.abc import Callable, Iterable
from pathlib import Path
from random import Random
from typing import Any

from kiosk.device.outbox import Connect, Outbox
from kiosk.protocol.cells import LinkKeys
from tests.sim.faults import SLOT_S
from uplink.courier.courier import Courier
from uplink.courier.slots import SlotClock
from uplink.station.receive.receiver import Links, Receiver
from uplink.station.receive.store import Store

ROW_KEY = bytes(range(32))
DOORS = {"touch.db": 72, "phone.db": 40}
"""The outboxes of a kiosk and their rows, in small."""


class Product:
    """The real thing."""

    def outbox(self, path: Path, connect: Connect, random: Random) -> Outbox:
        """The courier's outbox."""
        return Outbox(path, ROW_KEY, connect, random)

    def courier(
        self, outboxes: Iterable[Outbox], keys: LinkKeys, send: Callable[[bytes], bool]
    ) -> Courier:
        """What uses the slots."""
        return Courier(outboxes, keys, send)

    def clock(
        self, now: Callable[[], float], random: Random, outboxes: Iterable[Outbox]
    ) -> SlotClock:
        """When cells leave; only a mutant looks into the outboxes for that."""
        return SlotClock(SLOT_S, now, random)

    def store(self, url: str, connect: Callable[[], Any]) -> Store:
        """The station's database."""
        return Store(url, connect)

    def receiver(self, store: Store, links: Links, now: Callable[[], float]) -> Receiver:
        """What takes cells in."""
        return Receiver(store, links, now)

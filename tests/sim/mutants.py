"""Mistakes that the simulation must notice, each a small change to one real class."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from random import Random
from secrets import token_hex
from typing import Any

from kiosk.common.errors import CellError, OutboxError
from kiosk.device.outbox import Connect, Outbox
from kiosk.protocol.cells import (
    Chunk,
    DownCell,
    Header,
    Kind,
    LinkKeys,
    Receipt,
    Status,
    open_down,
    open_up,
)
from tests.sim.faults import SLOT_S
from tests.sim.forger import FORGED
from tests.sim.product import ROW_KEY, Product
from uplink.courier.courier import Courier
from uplink.courier.slots import MISSED_BEFORE_CATCHING_UP, SlotClock
from uplink.station.receive.store import Arrival, Store, Suspect


class _FreesOnAcknowledgement(Courier):
    def use_slot(self) -> bool:
        sent = super().use_slot()
        if sent and self._chosen is not None:
            with suppress(OutboxError):
                for outbox in self._outboxes:
                    outbox.free(Receipt.of(self._chosen.header, Status.STORED))
        return sent

    def _next_chunk(self) -> Chunk | None:
        self._chosen = super()._next_chunk()
        return self._chosen


class DeleteOnPuback(Product):
    """A row is freed as soon as the broker has its cell."""

    def courier(
        self, outboxes: Iterable[Outbox], keys: LinkKeys, send: Callable[[bytes], bool]
    ) -> Courier:
        """The mutant."""
        return _FreesOnAcknowledgement(outboxes, keys, send)


class _CommitsLate(Store):
    _late: tuple[Any, ...] | None = None

    def store_batch(
        self,
        arrivals: Sequence[Arrival],
        suspects: Sequence[Suspect],
        heard: Iterable[str],
        hour: int,
    ) -> list[Status]:
        late, self._late = self._late, (arrivals, suspects, heard, hour)
        if late is not None:
            super().store_batch(*late)
        return [Status.STORED] * len(arrivals)


class ReceiptBeforeCommit(Product):
    """The station answers first and commits with the next batch."""

    def store(self, url: str, connect: Callable[[], Any]) -> Store:
        """The mutant."""
        return _CommitsLate(url, connect)


class _KeepsEverything(Store):
    def store_batch(
        self,
        arrivals: Sequence[Arrival],
        suspects: Sequence[Suspect],
        heard: Iterable[str],
        hour: int,
    ) -> list[Status]:
        unique = [Arrival(token_hex(8), arrival.chunk) for arrival in arrivals]
        return super().store_batch(unique, suspects, heard, hour)


class NoDedupe(Product):
    """A chunk that comes again is kept again."""

    def store(self, url: str, connect: Callable[[], Any]) -> Store:
        """The mutant."""
        return _KeepsEverything(url, connect)


class _ForgetsAtBoot(Outbox):
    def __init__(self, path: Path, row_key: bytes, connect: Connect, random: Random) -> None:
        super().__init__(path, row_key, connect, random)
        self._old = {header for _, header in super().waiting()}

    def waiting(self) -> list[tuple[int, Header]]:
        return [(row, header) for row, header in super().waiting() if header not in self._old]


class NoRescan(Product):
    """What waited when the courier started is not looked for."""

    def outbox(self, path: Path, connect: Connect, random: Random) -> Outbox:
        """The mutant."""
        return _ForgetsAtBoot(path, ROW_KEY, connect, random)


class _Believes(Courier):
    def _open(self, cell: bytes) -> DownCell | None:
        for nonce in self._nonces:
            try:
                return open_down(FORGED, nonce, cell)
            except CellError:
                continue
        return super()._open(cell)


class UnverifiedReceipt(Product):
    """A receipt under anybody's key counts."""

    def courier(
        self, outboxes: Iterable[Outbox], keys: LinkKeys, send: Callable[[bytes], bool]
    ) -> Courier:
        """The mutant."""
        return _Believes(outboxes, keys, send)


class _CatchesUp(Courier):
    _missed = 0

    def use_slot(self) -> bool:
        sent = super().use_slot()
        if sent and self._missed >= MISSED_BEFORE_CATCHING_UP:
            for _ in self._waiting():
                super().use_slot()
        self._missed = 0 if sent else self._missed + 1
        return sent


class BurstAfterOutage(Product):
    """After an outage all that waits leaves at once."""

    def courier(
        self, outboxes: Iterable[Outbox], keys: LinkKeys, send: Callable[[bytes], bool]
    ) -> Courier:
        """The mutant."""
        return _CatchesUp(outboxes, keys, send)


class _Looks(SlotClock):
    def __init__(
        self, now: Callable[[], float], random: Random, outboxes: Iterable[Outbox]
    ) -> None:
        super().__init__(SLOT_S, now, random)
        self._outboxes = outboxes

    def next_due(self) -> float:
        with suppress(OutboxError):
            if any(outbox.waiting() for outbox in self._outboxes):
                self._random.random()
        return super().next_due()


class JitterAfterLooking(Product):
    """The jitter is another one when a report waits."""

    def clock(
        self, now: Callable[[], float], random: Random, outboxes: Iterable[Outbox]
    ) -> SlotClock:
        """The mutant."""
        return _Looks(now, random, outboxes)


class SameCiphertextTwice(Product):
    """A chunk that is sent again goes out in the cell of the first time."""

    def courier(
        self, outboxes: Iterable[Outbox], keys: LinkKeys, send: Callable[[bytes], bool]
    ) -> Courier:
        """The mutant."""
        cells: dict[Header, bytes] = {}

        def send_first(cell: bytes) -> bool:
            header = open_up(keys, cell).header
            again = cell if header.kind == Kind.COVER else cells.setdefault(header, cell)
            return send(again)

        return Courier(outboxes, keys, send_first)


MUTANTS: dict[type[Product], str] = {
    DeleteOnPuback: "freed without a receipt",
    ReceiptBeforeCommit: "freed before it was stored",
    NoDedupe: "delivered twice",
    NoRescan: "kept, but not delivered",
    UnverifiedReceipt: "freed without a receipt",
    BurstAfterOutage: "what leaves tells whether there are reports",
    JitterAfterLooking: "what leaves tells whether there are reports",
    SameCiphertextTwice: "the same ciphertext twice",
}
"""Each with the property that must give it away."""

"""The broker as an adversary: it knows every name, has every cell, and lacks the keys."""

from collections.abc import Iterator
from random import Random

from kiosk.protocol.cells import (
    CELL,
    KEY,
    MAX_RECEIPTS,
    DownCell,
    LinkKeys,
    Receipt,
    Status,
    nonce_of,
    seal_down,
)
from tests.sim.kiosk import Kiosk

FORGED = LinkKeys(bytes(KEY), bytes(KEY))


class Forger:
    """Makes cells that must change nothing."""

    def __init__(self, random: Random, kiosk: Kiosk) -> None:
        self._random = random
        self._kiosk = kiosk
        self._answers: list[bytes] = []

    def saw(self, answer: bytes) -> None:
        """A cell of the station passes."""
        self._answers.append(answer)

    def for_kiosk(self) -> Iterator[bytes]:
        """Forged receipts for all that was ever kept, echoes, replays and noise."""
        yield self._random.randbytes(CELL)
        yield self._random.randbytes(self._random.randrange(CELL))
        if self._answers:
            yield self._random.choice(self._answers)
        if self._kiosk.left:
            _, cell = self._kiosk.left[-1]
            yield cell
            yield seal_down(FORGED, nonce_of(cell), DownCell(self._receipts(), 0))

    def for_station(self) -> Iterator[bytes]:
        """Replays, noise and a damaged cell."""
        yield self._random.randbytes(CELL)
        yield self._random.randbytes(self._random.randrange(CELL))
        if self._kiosk.left:
            _, cell = self._random.choice(self._kiosk.left)
            yield cell
            spot = self._random.randrange(CELL)
            yield cell[:spot] + bytes([cell[spot] ^ 1]) + cell[spot + 1 :]

    def _receipts(self) -> tuple[Receipt, ...]:
        chunks = [chunk for chunks in self._kiosk.kept[-MAX_RECEIPTS:] for chunk in chunks]
        return tuple(Receipt.of(c.header, Status.STORED) for c in chunks[-MAX_RECEIPTS:])

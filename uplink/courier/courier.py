"""What leaves the kiosk in a slot, and what an answer does to the outboxes.

Only a receipt from the station frees a row: that a broker accepted a cell means nothing.
"""

import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from kiosk.common.errors import CellError, OutboxError
from kiosk.common.event_codes import EventCode
from kiosk.device.outbox import Outbox
from kiosk.protocol.cells import (
    COVER,
    Chunk,
    DownCell,
    Header,
    Kind,
    LinkKeys,
    Receipt,
    Status,
    nonce_of,
    open_down,
    seal_up,
)

REMEMBERED_NONCES = 8
_ANSWERED = b""

log = logging.getLogger(__name__)


class _Waiting(NamedTuple):
    outbox: Outbox
    row: int
    header: Header


def plain_cover() -> Chunk:
    """A cover chunk that says nothing."""
    return COVER


class Courier:
    """Carries chunks from `outboxes` to the station; `send` says whether a cell left.

    `cover` makes the chunk of a cell that carries no part of a report.
    """

    def __init__(
        self,
        outboxes: Iterable[Outbox],
        keys: LinkKeys,
        send: Callable[[bytes], bool],
        cover: Callable[[], Chunk] = plain_cover,
    ) -> None:
        self._outboxes = outboxes
        self._keys = keys
        self._send = send
        self._cover = cover
        self._nonces: deque[bytes] = deque(maxlen=REMEMBERED_NONCES)
        self._slot = 0
        self._tried: dict[Header, int] = {}

    def use_slot(self) -> bool:
        """Send one cell; the work is the same whether or not a report waits."""
        self._slot += 1
        cover = self._cover()
        chunk = self._next_chunk()
        covering, real = seal_up(self._keys, cover), seal_up(self._keys, chunk or cover)
        cell = real if chunk else covering
        self._nonces.append(nonce_of(cell))
        sent = self._send(cell)
        self.tend()
        return sent

    def tend(self) -> None:
        """What every slot does to the outboxes, whether or not a cell leaves in it."""
        for outbox in self._outboxes:
            with _going_on():
                outbox.refresh_one_free()
                outbox.settle()

    def hear(self, cell: bytes) -> DownCell | None:
        """Act on a down cell; None when it answers none of our last eight cells."""
        down = self._open(cell)
        if down is None:
            log.warning(EventCode.ANSWER_FOREIGN)
            return None
        for outbox in self._outboxes:
            with _going_on():
                for receipt in down.receipts:
                    obey(outbox, receipt)
                outbox.settle()
        return down

    def _open(self, cell: bytes) -> DownCell | None:
        for place, nonce in enumerate(self._nonces):
            try:
                down = open_down(self._keys, nonce, cell)
            except CellError:
                continue
            self._nonces[place] = _ANSWERED
            return down
        return None

    def _next_chunk(self) -> Chunk | None:
        waiting = self._waiting()
        self._tried = {
            place.header: self._tried[place.header]
            for place in waiting
            if place.header in self._tried
        }
        for place in sorted(waiting, key=self._precedence):
            self._tried[place.header] = self._slot
            with _going_on():
                chunk = place.outbox.take(place.row)
                if chunk is not None:
                    return chunk
        return None

    def _waiting(self) -> list[_Waiting]:
        waiting: list[_Waiting] = []
        for outbox in self._outboxes:
            with _going_on():
                waiting += (_Waiting(outbox, row, header) for row, header in outbox.waiting())
        return waiting

    def _precedence(self, place: _Waiting) -> tuple[bool, bool, int]:
        header = place.header
        return not header.urgent, header.kind != Kind.ICON, self._tried.get(header, 0)


def obey(outbox: Outbox, receipt: Receipt) -> None:
    """Free the row of a stored chunk, park a refused one."""
    if receipt.status is Status.STORED:
        outbox.free(receipt)
    else:
        outbox.park(receipt)


@contextmanager
def _going_on() -> Iterator[None]:
    """A card that fails never stops the cells; cover goes out instead."""
    try:
        yield
    except OutboxError as error:
        log.warning(error.code)

"""Takes cells in: opens the outer layer, keeps what comes out, then answers.

A cell is answered only when it is safely stored, cover cells on the same path as reports.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from kiosk.common.errors import CellError, ConfigError
from kiosk.common.event_codes import EventCode
from kiosk.protocol.cells import (
    CELL,
    MAX_RECEIPTS,
    Chunk,
    DownCell,
    Kind,
    LinkKeys,
    Receipt,
    Status,
    nonce_of,
    open_up,
    seal_down,
)
from kiosk.settings.kiosk_list import Kiosk, load_kiosks
from uplink.station.downlink.queue import only_filling
from uplink.station.receive.store import Arrival, Store, Suspect

MAX_PART_CHUNKS = 32
_HOUR_S = 3600
_REPORT_KINDS = (Kind.ICON, Kind.VOICE, Kind.PHOTO)

Choose = Callable[[Sequence[tuple[str, Chunk]], int], list[Chunk]]
"""From (topic id, chunk) that came up and the Unix time to the chunk of each answer."""

log = logging.getLogger(__name__)


class Links:
    """The link keys of the kiosks in `kiosks_file`, which is read again when it changes."""

    def __init__(self, master: bytes, kiosks_file: Path) -> None:
        self._master = master
        self._file = kiosks_file
        self._stamp: tuple[int, int] | None = None
        self._keys: dict[str, LinkKeys] = {}
        self.refresh()

    def refresh(self) -> None:
        """Learn of kiosks that were added, replaced or taken away."""
        try:
            status = self._file.stat()
            stamp = status.st_mtime_ns, status.st_ino
            if stamp != self._stamp:
                kiosks = load_kiosks(self._file)
                self._keys = {topic: self._derive(topic, kiosk) for topic, kiosk in kiosks.items()}
                self._stamp = stamp
        except (OSError, ConfigError):
            log.warning(EventCode.SETTINGS_UNUSABLE)

    def of(self, topic_id: str) -> LinkKeys | None:
        """The keys of one kiosk, None when it is not ours."""
        return self._keys.get(topic_id)

    def _derive(self, topic_id: str, kiosk: Kiosk) -> LinkKeys:
        return LinkKeys.derive(self._master, bytes.fromhex(topic_id), kiosk.generation)


@dataclass(frozen=True)
class _Opened:
    arrival: Arrival
    keys: LinkKeys
    nonce: bytes

    @property
    def is_cover(self) -> bool:
        return self.arrival.chunk.header.kind == Kind.COVER

    @property
    def is_allowed(self) -> bool:
        header = self.arrival.chunk.header
        return header.kind in _REPORT_KINDS and header.index < header.count <= MAX_PART_CHUNKS


class Receiver:
    """Turns a batch of messages into rows of `store` and down cells.

    `now` gives Unix time in seconds; `choose` gives the chunk for each answer.
    """

    def __init__(
        self,
        store: Store,
        links: Links,
        now: Callable[[], float] = time.time,
        choose: Choose = only_filling,
    ) -> None:
        self._store = store
        self._links = links
        self._now = now
        self._choose = choose

    def take(self, messages: Sequence[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
        """Store (topic, cell) pairs in one transaction; the (topic, cell) pairs to answer with.

        Raises StationError, and nothing may be answered, when the database fails.
        """
        self._links.refresh()
        opened, suspects = self._open_all(messages)
        heard = {cell.arrival.kiosk for cell in opened}
        kept = self._store.store_batch(
            [cell.arrival for cell in opened if cell.is_allowed],
            suspects,
            heard,
            int(self._now()) // _HOUR_S,
        )
        statuses = iter(kept)
        recent = self._store.recent_receipts(heard)
        arrivals = [(cell.arrival.kiosk, cell.arrival.chunk) for cell in opened]
        chunks = self._choose(arrivals, int(self._now()))
        return [
            self._answer(
                cell,
                next(statuses) if cell.is_allowed else Status.REFUSED,
                recent.get(cell.arrival.kiosk, []),
                chunk,
            )
            for cell, chunk in zip(opened, chunks, strict=True)
        ]

    def _open_all(
        self, messages: Sequence[tuple[str, bytes]]
    ) -> tuple[list[_Opened], list[Suspect]]:
        opened: list[_Opened] = []
        suspects: list[Suspect] = []
        for topic, payload in messages:
            kiosk = topic.split("/")[1]
            keys = self._links.of(kiosk)
            if keys is None:
                suspects.append(Suspect(kiosk, EventCode.KIOSK_UNKNOWN, payload))
                continue
            try:
                arrival = Arrival(kiosk, open_up(keys, payload))
            except CellError:
                fits = len(payload) == CELL
                code = EventCode.CELL_NOT_OPENED if fits else EventCode.CELL_SIZE_WRONG
                suspects.append(Suspect(kiosk, code, payload))
                continue
            cell = _Opened(arrival, keys, nonce_of(payload))
            opened.append(cell)
            if not cell.is_cover and not cell.is_allowed:
                suspects.append(Suspect(kiosk, EventCode.CHUNK_MALFORMED, arrival.chunk.pack()))
        return opened, suspects

    def _answer(
        self, cell: _Opened, status: Status, recent: Sequence[Receipt], chunk: Chunk
    ) -> tuple[str, bytes]:
        """Receipts are repeated while there is room: the cell that carried one may be lost."""
        header = cell.arrival.chunk.header
        own = () if cell.is_cover else (Receipt.of(header, status),)
        others = [receipt for receipt in reversed(recent) if not receipt.names(header)]
        receipts = (*own, *others)[:MAX_RECEIPTS]
        down = DownCell(receipts, int(self._now()), chunk)
        return f"k/{cell.arrival.kiosk}/down", seal_down(cell.keys, cell.nonce, down)

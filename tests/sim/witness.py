"""Sees everything at one kiosk, and says what must never be."""

from collections import Counter

from kiosk.common.errors import CellError
from kiosk.protocol.cells import CELL, Header, Kind, Status, join, nonce_of, open_down
from tests.sim.kiosk import Kiosk
from tests.sim.product import DOORS
from tests.sim.station import Station
from uplink.courier.courier import REMEMBERED_NONCES


class Witness:
    """The properties of a world, checked while it runs and at its end."""

    def __init__(self, kiosk: Kiosk, station: Station) -> None:
        self.wrong: list[str] = []
        self._kiosk, self._station = kiosk, station
        self._promised: set[tuple[int, bytes, int]] = set()
        self._freed: set[Header] = set()

    def delivered(self, cell: bytes) -> None:
        """A cell came to the kiosk; learn what the station promises in it."""
        for _, up in self._kiosk.left[-REMEMBERED_NONCES:]:
            try:
                down = open_down(self._kiosk.keys, nonce_of(up), cell)
            except CellError:
                continue
            self._promised |= {
                (receipt.kind, receipt.report_id, receipt.index)
                for receipt in down.receipts
                if receipt.status is Status.STORED
            }

    def check_freed(self) -> None:
        """A row is freed only when the station has its chunk and has said so."""
        kept = {chunk.header for chunks in self._kiosk.kept for chunk in chunks} - self._freed
        for header in kept - self._kiosk.waiting() if kept else ():
            self._freed.add(header)
            if (header.kind, header.report_id, header.index) not in self._promised:
                self.wrong.append("freed without a receipt")
            if not self._station.has(header):
                self.wrong.append("freed before it was stored")

    def judge(self) -> None:
        """All that can be said at the end."""
        self.check_freed()
        self._judge_delivery()
        self._judge_cells()
        for door, counts in self._kiosk.counts().items():
            if counts.free != DOORS[door]:
                self.wrong.append(f"not drained: {counts}")
        strange = set(self._station.quarantined()) - {"E02", "E03"}
        if strange:
            self.wrong.append(f"an honest cell in quarantine: {sorted(strange)}")

    def _judge_delivery(self) -> None:
        arrived = Counter(
            part.sealed
            for kind in (Kind.ICON, Kind.VOICE, Kind.PHOTO)
            for part in self._station.parts(kind)
        )
        for chunks in self._kiosk.kept:
            if not arrived[join(chunks)]:
                self.wrong.append("kept, but not delivered")
        if any(times > 1 for times in arrived.values()):
            self.wrong.append("delivered twice")

    def _judge_cells(self) -> None:
        cells = [cell for _, cell in self._kiosk.left]
        if {len(cell) for cell in cells} - {CELL}:
            self.wrong.append("a cell of another size")
        if len(set(cells)) != len(cells):
            self.wrong.append("the same ciphertext twice")

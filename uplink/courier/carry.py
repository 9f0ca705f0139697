"""Cells by stick, for a village without any network: always as many, whatever waits.

The nonces of the last four batches are kept in the folder of the courier, sealed under the row key,
so that their answers can be opened whenever they come. A batch that never comes back costs nothing:
its chunks still wait, and the station takes a chunk twice without harm.
"""

import secrets
from collections.abc import Iterator, Sequence
from itertools import chain, islice, repeat
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from kiosk.common import files
from kiosk.common.errors import CarryError, CellError
from kiosk.device.outbox import Outbox
from kiosk.protocol.cells import (
    NONCE,
    Chunk,
    DownCell,
    Kind,
    LinkKeys,
    nonce_of,
    open_down,
    seal_up,
)
from uplink.courier.courier import obey
from uplink.courier.downlink import Downlink
from uplink.link import carry_file
from uplink.link.carry_file import CELLS, Batch, Way

MEMORY_FILE = "carry.sealed"
REMEMBERED = 4
_NUMBER = 16
_ENTRY = _NUMBER + CELLS * NONCE
_CONTEXT = b"homthu carry v1"
_random = secrets.SystemRandom()


class Carrier:
    """Exports the chunks of `outboxes` and collects the answers; `folder` holds the memory.

    Both raise CarryError when the stick or its file cannot be used, and OutboxError.
    """

    def __init__(
        self,
        outboxes: Sequence[Outbox],
        kiosk: bytes,
        keys: LinkKeys,
        row_key: bytes,
        folder: Path,
        liaison: Downlink,
    ) -> None:
        self._liaison = liaison
        self._outboxes = outboxes
        self._kiosk = kiosk
        self._keys = keys
        self._memory = _Memory(folder / MEMORY_FILE, row_key)

    def export(self, stick: Path) -> None:
        """Write one batch: what waits first, cover for the rest, in an order that means nothing."""
        chunks = list(islice(chain(self._waiting(), repeat(self._liaison.cover())), CELLS))
        _random.shuffle(chunks)
        cells = tuple(seal_up(self._keys, chunk) for chunk in chunks)
        batch = Batch(self._kiosk, secrets.token_bytes(_NUMBER), cells)
        self._memory.keep(batch)
        carry_file.write(stick, Way.UP, batch)

    def collect(self, stick: Path) -> None:
        """Obey the receipts that came back; all cells are opened before any row is touched."""
        batch = carry_file.read(carry_file.path_of(stick, Way.DOWN, self._kiosk), Way.DOWN)
        nonces = self._memory.nonces_of(batch.number)
        if nonces is None:
            raise CarryError(
                "answers to a batch that is too old", "export again and carry that; nothing is lost"
            )
        downs = self._open(nonces, batch.cells)
        last_word = {
            (receipt.kind, receipt.report_id, receipt.index): receipt
            for down in downs
            for receipt in down.receipts
        }
        for outbox in self._outboxes:
            for receipt in last_word.values():
                obey(outbox, receipt)
            outbox.settle()
        self._liaison.keep(downs)

    def has_answers(self, stick: Path) -> bool:
        """Whether a file for this kiosk has come back on the stick."""
        return carry_file.path_of(stick, Way.DOWN, self._kiosk).exists()

    def _waiting(self) -> Iterator[Chunk]:
        places = [
            (not header.urgent, header.kind != Kind.ICON, _random.random(), outbox, row)
            for outbox in self._outboxes
            for row, header in outbox.waiting()
        ]
        for *_, outbox, row in sorted(places, key=lambda place: place[:3]):
            chunk = outbox.take(row)
            if chunk is not None:
                yield chunk

    def _open(self, nonces: Sequence[bytes], cells: Sequence[bytes]) -> list[DownCell]:
        try:
            return [
                open_down(self._keys, nonce, cell)
                for nonce, cell in zip(nonces, cells, strict=True)
            ]
        except CellError as error:
            raise CarryError(
                "answers that do not open with this kiosk's key",
                "import the stick at the station again; nothing is lost",
            ) from error


class _Memory:
    """A file that is always of the same size; one that does not open is as good as empty."""

    def __init__(self, path: Path, row_key: bytes) -> None:
        self._path = path
        self._aead = ChaCha20Poly1305(row_key)

    def keep(self, batch: Batch) -> None:
        entry = batch.number + b"".join(map(nonce_of, batch.cells))
        plain = (entry + self._plain())[: REMEMBERED * _ENTRY]
        nonce = secrets.token_bytes(NONCE)
        sealed = nonce + self._aead.encrypt(nonce, plain, _CONTEXT)
        try:
            files.write(self._path, sealed, files.PRIVATE)
        except OSError as error:
            raise CarryError(
                f"the card cannot be written: {error.strerror}", "change the card"
            ) from error

    def nonces_of(self, number: bytes) -> list[bytes] | None:
        plain = self._plain()
        for start in range(0, REMEMBERED * _ENTRY, _ENTRY):
            if plain[start : start + _NUMBER] == number:
                first = start + _NUMBER
                return [plain[at : at + NONCE] for at in range(first, start + _ENTRY, NONCE)]
        return None

    def _plain(self) -> bytes:
        try:
            sealed = self._path.read_bytes()
            return self._aead.decrypt(sealed[:NONCE], sealed[NONCE:], _CONTEXT)
        except (OSError, InvalidTag, ValueError):
            return secrets.token_bytes(REMEMBERED * _ENTRY)

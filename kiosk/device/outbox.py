"""The outbox: a file that is always full of equal rows, some of which are chunks to send.

Every row is `nonce 12 + ChaCha20-Poly1305(state byte + chunk 4068)` under the row key, with the
row's number as associated data, one row a page. Nobody without the row key can tell a free row
from a real one. A row that does not open is damaged: set aside, never taken for free.

Two processes share a file, one that puts and the courier. Each remembers the rows by their
nonces and so decrypts only what the other has changed.
"""

import secrets
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntEnum
from itertools import islice
from pathlib import Path
from random import Random
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from kiosk.common.errors import OutboxError, OutboxFull
from kiosk.device import storage_health
from kiosk.protocol.cells import COVER, NONCE, Chunk, Header, Receipt

TOUCH_ROWS = 768
PHONE_ROWS = 256
URGENT_RESERVE = 32

_PAGE = 8192
_BUSY_S = 10.0
_random = secrets.SystemRandom()

Connect = Callable[[Path, str], sqlite3.Connection]
"""Opens the file, in the mode "rw", "rwc" or FROZEN, to a connection that commits by itself."""

FROZEN = "ro&immutable=1"
"""For a read-only file system, on which SQLite cannot make the files of its log."""


class RowState(IntEnum):
    """What a row is; DAMAGED is only ever found, never written."""

    FREE = 0
    REAL = 1
    PARKED = 2
    DAMAGED = 3


@dataclass(frozen=True)
class Counts:
    """How many rows are in each state."""

    free: int
    real: int
    parked: int
    damaged: int


class _Known(NamedTuple):
    nonce: bytes
    state: RowState
    header: Header


def connect_sqlite(path: Path, mode: str) -> sqlite3.Connection:
    """The connection of every day."""
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=_BUSY_S,
        isolation_level=None,
        check_same_thread=False,
    )


class Outbox:
    """One outbox file, opened with its 32-byte row key.

    Every method raises OutboxError when the file is missing, belongs to another kiosk, is damaged
    as a whole or cannot be written; what can still be read stays readable. One thread at a time.
    """

    def __init__(
        self,
        path: Path,
        row_key: bytes,
        connect: Connect = connect_sqlite,
        random: Random = _random,
    ) -> None:
        self._aead = ChaCha20Poly1305(row_key)
        self._random = random
        self._path, self._connect = path, connect
        self._db: sqlite3.Connection
        self._seen_version: int
        self._known: dict[int, _Known] = {}
        self._free: set[int] = set()
        with _translated():
            self._open_file()
        try:
            self.counts()
        except OutboxError:
            self._db.close()
            raise

    @staticmethod
    def create(path: Path, row_key: bytes, rows: int) -> None:
        """Make the file with `rows` free rows; done once, at provisioning."""
        if path.exists():
            raise OutboxError("there is already an outbox here")
        aead = ChaCha20Poly1305(row_key)
        with _translated():
            db = _durable(connect_sqlite(path, "rwc"))
            db.execute("BEGIN IMMEDIATE")
            db.execute(f"PRAGMA user_version = {rows:d}")
            db.execute("CREATE TABLE rows (row INTEGER PRIMARY KEY, sealed BLOB NOT NULL)")
            for row in range(rows):
                sealed = _seal(aead, row, RowState.FREE, COVER)
                db.execute("INSERT INTO rows VALUES (?, ?)", (row, sealed))
            db.execute("COMMIT")
            db.close()

    def close(self) -> None:
        """Release the file."""
        self._db.close()

    def put(self, chunks: list[Chunk]) -> None:
        """Keep all of `chunks`, or none; when this returns they are safe on the card.

        Raises OutboxFull, having written nothing, when they do not fit beside the rows that are
        reserved for urgent reports.
        """
        urgent = all(chunk.header.urgent for chunk in chunks)
        with self._writing():
            if self._free_rows(urgent) < len(chunks):
                raise OutboxFull("the outbox is full", "wait until reports have been sent")
            rows = list(islice(self._random_free(), len(chunks)))
            if len(rows) < len(chunks):
                raise OutboxFull("the outbox is damaged", "change the card")
            for row, chunk in zip(rows, chunks, strict=True):
                self._write(row, RowState.REAL, chunk)

    def settle(self) -> None:
        """Fold the log into the file, so that it too shows nothing; call it after a commit."""
        with _translated():
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def room(self, urgent: bool) -> int:
        """How many chunks can still be put; asked before a person begins.

        Raises OutboxError also when the card takes no more.
        """
        storage_health.check_room(self._path)
        with self._reading():
            return self._free_rows(urgent)

    def waiting(self) -> list[tuple[int, Header]]:
        """The rows that hold a chunk to send, with what it is, in no order that means anything."""
        with self._reading():
            return [
                (row, known.header)
                for row, known in self._known.items()
                if known.state is RowState.REAL
            ]

    def take(self, row: int) -> Chunk | None:
        """The chunk to send in `row`, or None when the row holds none any more."""
        with _translated():
            known, body = self._open(row)
        return Chunk(known.header, body) if known.state is RowState.REAL else None

    def free(self, receipt: Receipt) -> bool:
        """Give back the row of the chunk that `receipt` names; False when there is none."""
        with self._writing():
            row = self._row_of(receipt)
            if row is not None:
                self._write(row, RowState.FREE, COVER)
        return row is not None

    def park(self, receipt: Receipt) -> bool:
        """Set aside the chunk that the station refused, so that it blocks nothing."""
        with self._writing():
            row = self._row_of(receipt)
            if row is not None:
                known, body = self._open(row)
                if known.state is RowState.REAL:
                    self._write(row, RowState.PARKED, Chunk(known.header, body))
        return row is not None

    def refresh_one_free(self) -> None:
        """Rewrite one random free row, so that a changed row says nothing."""
        with self._writing():
            for row in islice(self._random_free(), 1):
                self._write(row, RowState.FREE, COVER)

    def counts(self) -> Counts:
        """How many rows are in each state."""
        with self._reading():
            counter = Counter(known.state for known in self._known.values())
        return Counts(*(counter[state] for state in RowState))

    def _free_rows(self, urgent: bool) -> int:
        return max(0, len(self._free) - (0 if urgent else URGENT_RESERVE))

    def _random_free(self) -> Iterator[int]:
        rows = list(self._free)
        while rows:
            chosen = self._random.randrange(len(rows))
            rows[chosen], rows[-1] = rows[-1], rows[chosen]
            row = rows.pop()
            if self._open(row)[0].state is RowState.FREE:
                yield row

    def _row_of(self, receipt: Receipt) -> int | None:
        return next(
            (
                row
                for row, known in self._known.items()
                if known.state is RowState.REAL and receipt.names(known.header)
            ),
            None,
        )

    @contextmanager
    def _reading(self) -> Iterator[None]:
        with _translated():
            self._rescan()
            yield

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One transaction, begun when all that the other process has changed is known.

        The scan comes first because SQLite gives up a transaction that meets a bad block.
        """
        if storage_health.identity(self._path) != self._identity:
            raise OutboxError("the outbox is gone", "change the card")
        with _translated():
            self._db.execute("BEGIN IMMEDIATE")
            while self._version() != self._seen_version:
                self._db.execute("ROLLBACK")
                self._rescan()
                self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                self._seen_version = -1
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    def _open_file(self) -> None:
        self._identity = storage_health.identity(self._path)
        self._seen_version = -1
        self._all_read = False
        self._frozen = storage_health.is_read_only(self._path)
        try:
            self._db = _durable(self._connect(self._path, "rw"))
        except sqlite3.Error:
            if not self._frozen:
                raise
            self._db = self._connect(self._path, FROZEN)

    def _version(self) -> int:
        """A number that changes whenever the other process commits."""
        (version,) = self._db.execute("PRAGMA data_version").fetchone()
        return int(version)

    def _rescan(self) -> None:
        """Learn what has changed, and try again what could not be read."""
        if self._frozen and not storage_health.is_read_only(self._path):
            self._db.close()
            self._open_file()
        version = self._version()
        if version == self._seen_version and self._all_read:
            return
        for row, nonce in self._nonces():
            known = self._known.get(row)
            if known is None or known.nonce != nonce:
                self._learn(row, self._open(row)[0])
        if all(known.state is RowState.DAMAGED for known in self._known.values()):
            raise OutboxError("the outbox belongs to another kiosk", "change the card")
        self._seen_version = version
        self._all_read = all(known.nonce for known in self._known.values())

    def _nonces(self) -> Iterable[tuple[int, bytes]]:
        query = f"SELECT row, substr(sealed, 1, {NONCE}) FROM rows"
        try:
            return self._db.execute(query).fetchall()
        except sqlite3.DatabaseError:
            (rows,) = self._db.execute("PRAGMA user_version").fetchone()
            return [(row, self._sealed(row)[:NONCE]) for row in range(rows)]

    def _sealed(self, row: int) -> bytes:
        """The bytes of a row, none when its page cannot be read."""
        try:
            found = self._db.execute("SELECT sealed FROM rows WHERE row = ?", (row,)).fetchone()
        except sqlite3.DatabaseError:
            return b""
        return bytes(found[0]) if found else b""

    def _open(self, row: int) -> tuple[_Known, bytes]:
        sealed = self._sealed(row)
        nonce = sealed[:NONCE]
        try:
            plain = self._aead.decrypt(nonce, sealed[NONCE:], _context(row))
        except (InvalidTag, ValueError):
            return _Known(nonce, RowState.DAMAGED, COVER.header), b""
        chunk = Chunk.unpack(plain[1:])
        return _Known(nonce, RowState(plain[0]), chunk.header), chunk.body

    def _write(self, row: int, state: RowState, chunk: Chunk) -> None:
        sealed = _seal(self._aead, row, state, chunk)
        self._db.execute("UPDATE rows SET sealed = ? WHERE row = ?", (sealed, row))
        self._learn(row, _Known(sealed[:NONCE], state, chunk.header))

    def _learn(self, row: int, known: _Known) -> None:
        self._known[row] = known
        if known.state is RowState.FREE:
            self._free.add(row)
        else:
            self._free.discard(row)


def _durable(db: sqlite3.Connection) -> sqlite3.Connection:
    db.execute(f"PRAGMA page_size = {_PAGE}")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("PRAGMA journal_mode = WAL")
    return db


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise OutboxError("the outbox cannot be read or written", "change the card") from error


def _context(row: int) -> bytes:
    return row.to_bytes(4, "big")


def _seal(aead: ChaCha20Poly1305, row: int, state: RowState, chunk: Chunk) -> bytes:
    nonce = secrets.token_bytes(NONCE)
    return nonce + aead.encrypt(nonce, bytes([state]) + chunk.pack(), _context(row))

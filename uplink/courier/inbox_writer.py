"""Takes the chunks of down cells into the inbox; the kiosk's only writer of that file.

It is bounded: 100 messages and 1024 chunks, so that nobody can fill the card. Messages that were
refused stay listed, without their chunks, so that the station does not send them for ever.
"""

import logging
import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple, TypeVar

from kiosk.common.errors import KioskError, MessageError, SealError
from kiosk.common.event_codes import EventCode
from kiosk.device import inbox
from kiosk.device.inbox import BOX_BYTES, SCHEMA, InboxState
from kiosk.protocol.cells import Chunk, Header
from kiosk.protocol.cells import Kind as CellKind
from kiosk.protocol.message import Kind, Message, decode, is_possible
from kiosk.protocol.notice import Notice, NoticeSound, decode_hours, decode_withdrawal
from kiosk.protocol.sealing import Manifest, read_manifest
from kiosk.protocol.station_settings import Pace

MAX_MESSAGES = 100
MAX_TOTAL_CHUNKS = 1024
DAY_S = 86_400
KEPT_S = 30 * DAY_S
_FOREVER = 2**62
_LASTING = frozenset({Kind.MANIFEST, Kind.SETTINGS})
_UNTIL_THE_NEXT = frozenset({Kind.LIBRARY, Kind.LOUDSPEAKER})
_BUSY_S = 10.0

_PASSING = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_READONLY,
    }
)
"""Faults that say nothing against the file (https://sqlite.org/rescode.html)."""

T = TypeVar("T")
log = logging.getLogger(__name__)


class Listing(NamedTuple):
    """Messages by id: those that need no more chunks, and the missing chunks of the others."""

    done: tuple[bytes, ...]
    missing: Mapping[bytes, tuple[int, ...]]


class InboxWriter:
    """Writes the inbox at `path`; a card that fails never stops the caller.

    `authority` is its raw Ed25519 key, `bundle` the signed manifest from provisioning.
    """

    def __init__(self, path: Path, authority: bytes, bundle: bytes) -> None:
        self._path = path
        self._authority = authority
        self._bundle = bundle
        self._db: sqlite3.Connection | None = None

    def close(self) -> None:
        """Release the file."""
        if self._db is not None:
            self._db.close()
            self._db = None

    def take(self, chunk: Chunk, station_time: int) -> None:
        """Keep what came in a down cell; `station_time` in Unix seconds drops what has expired."""

        def job(db: sqlite3.Connection) -> None:
            _drop(db, "expires <= ?", (station_time,))
            if chunk.header.kind != CellKind.COVER:
                self._keep(db, chunk, station_time)

        self._do(job, None)

    def listing(self) -> Listing:
        """What the station need not send again, and what is missing of the rest."""
        return self._do(_listing, Listing((), {}))

    def manifest(self) -> Manifest | None:
        """The newest valid manifest, None when there is none."""
        return self._do(self._current, self._newest())

    def pace(self) -> Pace | None:
        """What the station's settings ask for, None when it has sent none."""

        def job(db: sqlite3.Connection) -> Pace | None:
            settings = self._whole(db, Kind.SETTINGS)
            return Pace.decode(settings[0].content) if settings else None

        return self._do(job, None)

    def _do(self, job: Callable[[sqlite3.Connection], T], otherwise: T) -> T:
        """One transaction; a card that fails is told, and the file opened again the next time."""
        try:
            if self._db is None:
                self._db = _open(self._path)
            self._db.execute("BEGIN")
            result = job(self._db)
            self._db.execute("COMMIT")
            return result
        except (sqlite3.Error, OSError, TypeError):
            log.warning(EventCode.INBOX_FAILED)
            self.close()
            return otherwise

    def _newest(self, *sent: bytes) -> Manifest | None:
        try:
            return inbox.newest_manifest(self._authority, self._bundle, *sent)
        except SealError:
            return None

    def _current(self, db: sqlite3.Connection) -> Manifest | None:
        sent = inbox.whole_messages(db, Kind.MANIFEST, None)
        return self._newest(*(message.content for message in sent))

    def _notice_key(self, db: sqlite3.Connection) -> bytes | None:
        manifest = self._current(db)
        return manifest.notice_key if manifest else None

    def _whole(self, db: sqlite3.Connection, kind: Kind) -> list[Message]:
        return list(inbox.whole_messages(db, kind, self._notice_key(db)))

    def _keep(self, db: sqlite3.Connection, chunk: Chunk, now: int) -> None:
        header = chunk.header
        query = "SELECT kind, count, state FROM messages WHERE id = ?"
        known = db.execute(query, (header.report_id,)).fetchone()
        if known is None:
            if not _make_room(db, header):
                log.warning(EventCode.INBOX_FULL)
                return
            known = (header.kind, header.count, _begin(db, header, now))
        if known != (header.kind, header.count, InboxState.PARTIAL):
            return
        row = (header.report_id, header.index, chunk.body)
        db.execute("INSERT OR IGNORE INTO chunks VALUES (?, ?, ?)", row)
        there = db.execute("SELECT count(*) FROM chunks WHERE id = ?", (header.report_id,))
        if there.fetchone() == (header.count,):
            self._finish(db, inbox.chunks_of(db, header.report_id), now)

    def _finish(self, db: sqlite3.Connection, chunks: list[Chunk], now: int) -> None:
        message_id = chunks[0].header.report_id
        try:
            message = decode(chunks, self._notice_key(db))
            if message.valid_until <= now:
                raise MessageError("a message that has expired")
            _CONTENT_CHECKS[message.kind](message.content)
            self._admit(db, message)
        except KioskError as error:
            log.warning(error.code)
            _refuse(db, message_id)
            return
        expires = _FOREVER if message.kind in _LASTING else _expiry(message, now)
        db.execute(
            "UPDATE messages SET state = ?, expires = ?, digest = ? WHERE id = ?",
            (InboxState.WHOLE, expires, inbox.digest_of(chunks), message_id),
        )

    def _admit(self, db: sqlite3.Connection, message: Message) -> None:
        """What a new message does to those that came before it."""
        others = "kind = ? AND state = ?", (message.kind, InboxState.WHOLE)
        match message.kind:
            case Kind.MANIFEST:
                current = self._current(db)
                read_manifest(message.content, self._authority, current.epoch if current else 0)
                _drop(db, *others)
                _drop(db, "state = ?", (InboxState.REFUSED,))
            case Kind.SETTINGS | Kind.LOUDSPEAKER:
                if any(old.issued > message.issued for old in self._whole(db, message.kind)):
                    raise MessageError("older than what is in force")
                _drop(db, *others)
            case Kind.WITHDRAWAL:
                for withdrawn in decode_withdrawal(message.content):
                    _drop(db, "id = ? AND kind NOT IN (?, ?)", (withdrawn, *_LASTING))


def _open(path: Path) -> sqlite3.Connection:
    """The file; one that is damaged or foreign is made again."""
    try:
        return _checked(path)
    except (sqlite3.Error, TypeError) as error:
        if getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF in _PASSING:
            raise
        log.warning(EventCode.INBOX_REBUILT)
        for damaged in (path, path.with_name(f"{path.name}-journal")):
            damaged.unlink(missing_ok=True)
        return _checked(path)


def _checked(path: Path) -> sqlite3.Connection:
    """The file, without messages whose bytes are no longer what came; they will be sent again."""
    db = sqlite3.connect(path, timeout=_BUSY_S, isolation_level=None, check_same_thread=False)
    db.execute("PRAGMA synchronous = FULL")
    if not db.execute("SELECT name FROM sqlite_master").fetchall():
        db.executescript(SCHEMA)
    if db.execute("PRAGMA quick_check").fetchone() != ("ok",):
        raise sqlite3.DatabaseError("a damaged inbox")
    query = "SELECT id, digest FROM messages WHERE state = ?"
    for message_id, digest in db.execute(query, (InboxState.WHOLE,)).fetchall():
        if inbox.digest_of(inbox.chunks_of(db, message_id)) != digest:
            log.warning(EventCode.INBOX_REBUILT)
            _drop(db, "id = ?", (message_id,))
    return db


def _listing(db: sqlite3.Connection) -> Listing:
    done: list[bytes] = []
    missing: dict[bytes, tuple[int, ...]] = {}
    for message_id, count, state in db.execute("SELECT id, count, state FROM messages").fetchall():
        if state != InboxState.PARTIAL:
            done.append(message_id)
            continue
        there = db.execute("SELECT number FROM chunks WHERE id = ?", (message_id,)).fetchall()
        missing[message_id] = tuple(sorted({*range(count)} - {number for (number,) in there}))
    return Listing(tuple(done), missing)


def _begin(db: sqlite3.Connection, header: Header, now: int) -> InboxState:
    state = InboxState.PARTIAL
    if not is_possible(header):
        log.warning(EventCode.MESSAGE_REFUSED)
        state = InboxState.REFUSED
    row = (header.report_id, header.kind, header.count, state, _in_thirty_days(now))
    db.execute("INSERT INTO messages VALUES (?, ?, ?, ?, ?, NULL)", row)
    return state


def _make_room(db: sqlite3.Connection, header: Header) -> bool:
    """Drop what was refused or matters less until there is room; False when there is none."""
    wanted = header.count if is_possible(header) else 0
    lesser = (
        "SELECT id FROM messages WHERE state = ? OR kind > ? "
        "ORDER BY state = ? DESC, kind DESC, rowid LIMIT 1"
    )
    while not _has_room(db, wanted):
        found = db.execute(lesser, (InboxState.REFUSED, header.kind, InboxState.REFUSED)).fetchone()
        if found is None:
            return False
        _drop(db, "id = ?", found)
    return True


def _has_room(db: sqlite3.Connection, wanted: int) -> bool:
    query = "SELECT count(*), coalesce(sum(count) FILTER (WHERE state != ?), 0) FROM messages"
    messages, chunks = db.execute(query, (InboxState.REFUSED,)).fetchone()
    return bool(messages < MAX_MESSAGES and chunks + wanted <= MAX_TOTAL_CHUNKS)


def _refuse(db: sqlite3.Connection, message_id: bytes) -> None:
    db.execute("DELETE FROM chunks WHERE id = ?", (message_id,))
    db.execute("UPDATE messages SET state = ? WHERE id = ?", (InboxState.REFUSED, message_id))


def _drop(db: sqlite3.Connection, where: str, values: tuple[object, ...]) -> None:
    db.execute(f"DELETE FROM chunks WHERE id IN (SELECT id FROM messages WHERE {where})", values)
    db.execute(f"DELETE FROM messages WHERE {where}", values)


def _in_thirty_days(now: int) -> int:
    """To the day, so that the file does not tell the hour in which something came."""
    return -(-(now + KEPT_S) // DAY_S) * DAY_S


def _expiry(message: Message, now: int) -> int:
    longest = _FOREVER if message.kind in _UNTIL_THE_NEXT else _in_thirty_days(now)
    return min(message.valid_until, longest)


def _check_answer(content: bytes) -> None:
    if len(content) <= BOX_BYTES:
        raise MessageError("an answer without its box")


_CONTENT_CHECKS: Mapping[Kind, Callable[[bytes], object]] = {
    Kind.MANIFEST: bytes,
    Kind.SETTINGS: Pace.decode,
    Kind.WITHDRAWAL: decode_withdrawal,
    Kind.ANSWER: _check_answer,
    Kind.NOTICE: Notice.decode,
    Kind.SOUND: NoticeSound.decode,
    Kind.LIBRARY: bytes,
    Kind.LOUDSPEAKER: decode_hours,
}

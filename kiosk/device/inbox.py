"""The inbox: a file of what the station has sent down. The courier writes it, the others read.

Every chunk is a row; a message is whole when `messages` says so and its digest is right. All of it
can be fetched from the station again, so a file that is missing or damaged is as good as empty.
Whoever reads checks the signatures himself, so a courier gone wrong cannot forge a notice.
"""

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from enum import IntEnum
from pathlib import Path

from kiosk.common.errors import InboxError, MessageError, SealError
from kiosk.protocol.cells import Chunk, Header
from kiosk.protocol.message import Kind, Message, decode
from kiosk.protocol.notice import Notice, NoticeSound, decode_hours
from kiosk.protocol.sealing import Manifest, read_manifest
from kiosk.protocol.station_settings import Pace, Window

BOX_BYTES = 16
"""An answer's content begins with the id of its answer box; the rest is sealed to that box."""

SCHEMA = """
CREATE TABLE messages (
    id BLOB PRIMARY KEY, kind INTEGER NOT NULL, count INTEGER NOT NULL, state INTEGER NOT NULL,
    expires INTEGER NOT NULL, digest BLOB
);
CREATE TABLE chunks (
    id BLOB NOT NULL, number INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (id, number)
);
"""
_BUSY_S = 2.0


class InboxState(IntEnum):
    """What a message in the file is."""

    PARTIAL = 0
    WHOLE = 1
    REFUSED = 2


class Inbox:
    """Reads the inbox at `path`; each call opens it again and raises InboxError when it cannot.

    `now` is the station's Unix time in seconds; None, while that is not known, hides nothing.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def manifests(self) -> list[bytes]:
        """The signed key manifests that were kept; the caller checks the authority's signature."""
        return [message.content for message in self._messages(Kind.MANIFEST, None, None)]

    def notices(self, notice_key: bytes | None, now: float | None) -> dict[bytes, Notice]:
        """The notices to show, by message id, newest first."""
        found = self._messages(Kind.NOTICE, notice_key, now)
        return {message.message_id: Notice.decode(message.content) for message in found}

    def sounds(self, notice_key: bytes | None, now: float | None) -> list[NoticeSound]:
        """The recordings of notices that have wholly come."""
        found = self._messages(Kind.SOUND, notice_key, now)
        return [NoticeSound.decode(message.content) for message in found]

    def library(self, notice_key: bytes | None, now: float | None) -> list[bytes]:
        """The contents of the library messages, newest first."""
        return [message.content for message in self._messages(Kind.LIBRARY, notice_key, now)]

    def loud_hours(self, notice_key: bytes | None, now: float | None) -> tuple[Window, ...] | None:
        """When new notices are played to the hall, None when the station has not said."""
        found = self._messages(Kind.LOUDSPEAKER, notice_key, now)
        return decode_hours(found[0].content) if found else None

    def settings(self, notice_key: bytes | None, now: float | None) -> Pace | None:
        """The settings issued last, None when the station has sent none."""
        found = self._messages(Kind.SETTINGS, notice_key, now)
        return Pace.decode(found[0].content) if found else None

    def answers(self, box_id: bytes, now: float | None) -> list[bytes]:
        """The answers to one answer box, still sealed, newest first.

        Every answer is read, so that a box with answers is not known by the time it takes.
        """
        found = [message.content for message in self._messages(Kind.ANSWER, None, now)]
        return [content[BOX_BYTES:] for content in found if content[:BOX_BYTES] == box_id]

    def _messages(self, kind: Kind, notice_key: bytes | None, now: float | None) -> list[Message]:
        with opened_read_only(self._path) as db:
            messages = list(whole_messages(db, kind, notice_key))
        messages = [message for message in messages if now is None or now < message.valid_until]
        return sorted(messages, key=lambda message: message.issued, reverse=True)


def newest_manifest(authority: bytes, *candidates: bytes) -> Manifest:
    """The valid manifest with the highest epoch; raises SealError when none is valid."""
    valid = []
    for signed in candidates:
        try:
            valid.append(read_manifest(signed, authority))
        except SealError:
            continue
    if not valid:
        raise SealError("no key manifest signed by our authority")
    return max(valid, key=lambda manifest: manifest.epoch)


def station_manifest(authority: Path, bundle: Path, inbox: Path) -> Manifest:
    """The newest valid manifest, be it the one of provisioning or one that the station sent.

    Raises SealError when there is none: then nothing may be sealed.
    """
    try:
        root, signed = authority.read_bytes(), bundle.read_bytes()
    except OSError as error:
        raise SealError("the key manifest cannot be read") from error
    try:
        sent = Inbox(inbox).manifests()
    except InboxError:
        sent = []
    return newest_manifest(root, signed, *sent)


def whole_messages(
    db: sqlite3.Connection, kind: Kind, notice_key: bytes | None
) -> Iterator[Message]:
    """The whole messages of a kind; a row that is damaged or no longer signed is passed over."""
    query = "SELECT id, digest FROM messages WHERE kind = ? AND state = ?"
    for message_id, digest in db.execute(query, (kind, InboxState.WHOLE)).fetchall():
        chunks = chunks_of(db, message_id)
        if digest_of(chunks) == digest:
            try:
                yield decode(chunks, notice_key)
            except MessageError:
                continue


def chunks_of(db: sqlite3.Connection, message_id: bytes) -> list[Chunk]:
    """The chunks of a message that are there, in order."""
    query = (
        "SELECT kind, number, count, body FROM messages JOIN chunks USING (id) "
        "WHERE id = ? ORDER BY number"
    )
    return [
        Chunk(Header(kind, False, message_id, number, count), body)
        for kind, number, count, body in db.execute(query, (message_id,))
    ]


def digest_of(chunks: list[Chunk]) -> bytes:
    """SHA-256 of the chunks as they came."""
    return hashlib.sha256(b"".join(chunk.pack() for chunk in chunks)).digest()


@contextmanager
def opened_read_only(path: Path) -> Iterator[sqlite3.Connection]:
    """The file for reading; raises InboxError when it is missing, locked or no inbox."""
    try:
        uri = f"{path.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True, timeout=_BUSY_S)) as db:
            yield db
    except (sqlite3.Error, TypeError) as error:
        raise InboxError("the inbox cannot be read") from error

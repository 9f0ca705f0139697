"""The log of who opened what: append-only, each entry chained to all before it by SHA-256.

An entry rests encrypted under the data key, as its subject is a report. The head, which is the
number and digest of the last entry, carries an HMAC under a key derived from the data key: who
has only the database can neither change an entry nor cut the end off.
"""

import hashlib
import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import (
    Connection,
    Engine,
    select,
)

from kiosk.common.errors import StationError
from kiosk.common.event_codes import EventCode
from kiosk.protocol import cbor
from uplink.station.database import tables
from uplink.station.database.engine import alone, translated
from uplink.station.desk.auth import vault
from uplink.station.desk.auth.vault import Vault

_NOTHING = bytes(32)
_MAX_ENTRY = 4096


@dataclass(frozen=True)
class Entry:
    """In `minute` since 1970 `officer` did `action` to the case `subject` because of `reason`."""

    number: int
    minute: int
    officer: str
    action: str
    subject: str
    reason: str


class AuditBroken(StationError):
    """The log is not what was written."""

    code = EventCode.AUDIT_LOG_ALTERED


class AuditLog:
    """The log in the database of `engine`, open under `data_key`; `now` gives Unix seconds."""

    def __init__(
        self, engine: Engine, data_key: bytes, now: Callable[[], float] = time.time
    ) -> None:
        self._engine = engine
        self._vault = Vault(data_key, "audit")
        self._key = vault.derive(data_key, "audit head")
        self._now = now

    def add(self, officer: str, action: str, subject: str = "", reason: str = "") -> int:
        """Write an entry durably before what it tells of happens; its number."""
        minute = int(self._now()) // 60
        plain = cbor.encode([minute, officer, action, subject, reason])
        with translated(), alone(self._engine) as db:
            number, digest = self._last(db)
            number += 1
            sealed = self._vault.seal(plain, _name(number))
            digest = _chained(digest, number, sealed)
            db.execute(
                tables.audit_entries.insert().values(number=number, sealed=sealed, digest=digest)
            )
            self._set_head(db, number, digest)
        return number

    def entries(self, newest: int) -> list[Entry]:
        """The last entries, newest first."""
        query = (
            select(tables.audit_entries)
            .order_by(tables.audit_entries.c.number.desc())
            .limit(newest)
        )
        with translated(), self._engine.connect() as db:
            return [self._read(row.number, row.sealed) for row in db.execute(query)]

    def verify(self) -> tuple[int, str]:
        """How many entries there are, and the head's fingerprint to write down on paper.

        Raises AuditBroken at the first entry that was changed, removed or added by another hand.
        """
        number, digest = 0, _NOTHING
        with translated(), self._engine.connect() as db:
            for row in db.execute(
                select(tables.audit_entries).order_by(tables.audit_entries.c.number)
            ):
                number += 1
                digest = _chained(digest, number, row.sealed)
                if row.number != number or not hmac.compare_digest(digest, row.digest):
                    raise _broken(number)
                self._read(number, row.sealed)
            if not self._is_head(db, number, digest):
                raise _broken(number + 1)
        return number, digest.hex()[:16]

    def _read(self, number: int, sealed: bytes) -> Entry:
        try:
            plain = cbor.decode(self._vault.open(sealed, _name(number)), _MAX_ENTRY)
            return Entry(number, *plain)
        except (StationError, ValueError, TypeError) as error:
            raise _broken(number) from error

    def _last(self, db: Connection) -> tuple[int, bytes]:
        row = db.execute(
            select(tables.audit_entries).order_by(tables.audit_entries.c.number.desc()).limit(1)
        ).first()
        number, digest = (row.number, row.digest) if row else (0, _NOTHING)
        if not self._is_head(db, number, digest):
            raise _broken(number + 1)
        return number, digest

    def _is_head(self, db: Connection, number: int, digest: bytes) -> bool:
        head = db.execute(select(tables.audit_head)).first()
        if head is None:
            return number == 0
        return head.number == number and hmac.compare_digest(head.mac, self._mac(number, digest))

    def _set_head(self, db: Connection, number: int, digest: bytes) -> None:
        values = {"id": 1, "number": number, "mac": self._mac(number, digest)}
        if number == 1:
            db.execute(tables.audit_head.insert().values(values))
        else:
            db.execute(tables.audit_head.update().values(values))

    def _mac(self, number: int, digest: bytes) -> bytes:
        return hmac.digest(self._key, _name(number) + digest, "sha256")


def _name(number: int) -> bytes:
    return number.to_bytes(8, "big")


def _chained(before: bytes, number: int, sealed: bytes) -> bytes:
    return hashlib.sha256(before + _name(number) + sealed).digest()


def _broken(number: int) -> AuditBroken:
    return AuditBroken(
        f"sổ mở tin đã bị sửa ở dòng {number} / the log was tampered with at entry {number}",
        "báo chỉ huy, giữ nguyên cơ sở dữ liệu / tell the chief, keep the database as it is",
    )

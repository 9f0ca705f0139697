"""Officers and the keys that their passphrases open.

One data key encrypts all that the desk keeps, the report keys and the notice key among it. Each
officer's passphrase locks a copy of the data key; the station's own passphrase locks another, so
that an officer who has forgotten his gets a new one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, Engine, func, select

from kiosk.common import passphrase
from kiosk.common.errors import StationError
from kiosk.common.event_codes import EventCode
from kiosk.common.key_derivation import REAL, KeyDerivation
from kiosk.protocol.sealing import StationPrivateKey
from uplink.station.database import tables
from uplink.station.database.engine import alone, insert_into, prepare, translated
from uplink.station.database.tables import MAX_OFFICER_NAME
from uplink.station.desk.auth import vault
from uplink.station.desk.auth.vault import Vault
from uplink.station.keys import MIN_PASSPHRASE, unlock, unlock_notice_key

_DATA, _NOTICE, _REPORT = "data", "notice", "report-"


class Role(StrEnum):
    """What an officer may do; a chief may do all that a reader may."""

    READER = "reader"
    CHIEF = "chief"

    def may(self, wanted: "Role") -> bool:
        """Whether this role is enough where `wanted` is asked for."""
        return self is Role.CHIEF or wanted is Role.READER


@dataclass(frozen=True)
class Officer:
    """One who may sign in; `number` is never given again."""

    number: int
    name: str
    role: Role


@dataclass(frozen=True)
class OfficerKeys:
    """What a passphrase opened: the data key, the report keys (newest first), the notice key."""

    data: bytes
    reports: tuple[StationPrivateKey, ...]
    notice: Ed25519PrivateKey

    def vault(self, purpose: str) -> Vault:
        """The vault of one purpose."""
        return Vault(self.data, purpose)


class SignInRefused(StationError):
    """No such officer, or another passphrase; which of the two is not said."""

    code = EventCode.SIGN_IN_REFUSED


class Officers:
    """The accounts in the database of `engine`; StationError when it fails."""

    def __init__(self, engine: Engine, derivation: KeyDerivation = REAL) -> None:
        self._engine = engine
        self._derivation = derivation
        with translated():
            prepare(engine)

    def add(self, name: str, role: Role, secret: str, folder: Path, station_secret: str) -> Officer:
        """Let somebody sign in with the passphrase `secret`; again, when he has forgotten it.

        `station_secret` opens the keys in the station's `folder`; those made since are taken over.
        """
        name = _checked(name, secret)
        reports = unlock(folder, station_secret, self._derivation)
        notice = unlock_notice_key(folder, station_secret, self._derivation)
        with translated(), alone(self._engine) as db:
            data = self._data_key(db, station_secret)
            self._take_over(db, data, reports, notice)
            locked = passphrase.lock(data, secret, self._derivation)
            row = {"name": name, "role": role.value, "locked": locked}
            known = db.execute(
                select(tables.officers.c.number).where(tables.officers.c.name == name)
            ).scalar()
            if known is None:
                highest = db.execute(select(func.max(tables.officers.c.number))).scalar() or 0
                known = highest + 1
                db.execute(tables.officers.insert().values(number=known, **row))
            else:
                db.execute(
                    tables.officers.update().where(tables.officers.c.number == known).values(row)
                )
        return Officer(known, name, role)

    def remove(self, name: str) -> None:
        """Let somebody sign in no longer; the number stays taken. StationError if unknown."""
        with translated(), self._engine.begin() as db:
            gone = tables.officers.update().where(tables.officers.c.name == name).values(locked=b"")
            if not db.execute(gone).rowcount:
                raise StationError(
                    "không có tài khoản này / no such officer", "xem: officer list / see the list"
                )

    def all(self) -> list[Officer]:
        """Everybody who may sign in, by number."""
        query = (
            select(tables.officers)
            .where(tables.officers.c.locked != b"")
            .order_by(tables.officers.c.number)
        )
        with translated(), self._engine.connect() as db:
            return [_officer(row) for row in db.execute(query)]

    def sign_in(self, name: str, secret: str) -> tuple[Officer, OfficerKeys]:
        """The officer and the keys; raises SignInRefused, as late for a wrong name as a right."""
        with translated(), self._engine.connect() as db:
            row = db.execute(select(tables.officers).where(tables.officers.c.name == name)).first()
            sealed = {found.name: found.sealed for found in db.execute(select(tables.officer_keys))}
        try:
            data = passphrase.unlock(row.locked if row else b"", secret, self._derivation)
        except InvalidTag as error:
            raise SignInRefused("Tên hoặc mật khẩu không đúng.", "Xin gõ lại.") from error
        assert row is not None
        return _officer(row), _opened(data, sealed)

    def data_key(self, station_secret: str) -> bytes:
        """The data key by the station's own passphrase; StationError when it is wrong."""
        with translated(), self._engine.connect() as db:
            row = db.execute(
                select(tables.officer_keys).where(tables.officer_keys.c.name == _DATA)
            ).first()
        if row is None:
            raise StationError(
                "bàn đọc tin chưa có ai / the desk has no officer yet",
                "homthu-station officer add",
            )
        return self._unlocked(row.sealed, station_secret)

    def _data_key(self, db: Connection, station_secret: str) -> bytes:
        row = db.execute(
            select(tables.officer_keys).where(tables.officer_keys.c.name == _DATA)
        ).first()
        if row is not None:
            return self._unlocked(row.sealed, station_secret)
        data = vault.new_key()
        locked = passphrase.lock(data, station_secret, self._derivation)
        db.execute(tables.officer_keys.insert().values(name=_DATA, sealed=locked))
        return data

    def _unlocked(self, locked: bytes, station_secret: str) -> bytes:
        try:
            return passphrase.unlock(locked, station_secret, self._derivation)
        except InvalidTag as error:
            raise StationError(
                "mật khẩu của đồn không đúng / the station's passphrase is wrong",
                "gõ lại / type it again",
            ) from error

    def _take_over(
        self,
        db: Connection,
        data: bytes,
        reports: Sequence[StationPrivateKey],
        notice: Ed25519PrivateKey,
    ) -> None:
        secrets = {f"{_REPORT}{n}": key.seed for n, key in enumerate(reversed(reports), start=1)}
        secrets[_NOTICE] = notice.private_bytes_raw()
        keys = Vault(data, "keys")
        insert = insert_into(self._engine)(tables.officer_keys)
        keep = insert.on_conflict_do_update(
            index_elements=["name"], set_={"sealed": insert.excluded.sealed}
        )
        rows = [
            {"name": name, "sealed": keys.seal(secret, name.encode())}
            for name, secret in secrets.items()
        ]
        db.execute(keep, rows)


def _checked(name: str, secret: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > MAX_OFFICER_NAME or not name.isprintable():
        raise StationError(
            "tên không dùng được / this name cannot be used",
            f"1-{MAX_OFFICER_NAME} chữ / use 1 to {MAX_OFFICER_NAME} letters",
        )
    if len(secret) < MIN_PASSPHRASE:
        raise StationError(
            "mật khẩu quá ngắn / the passphrase is too short",
            f"ít nhất {MIN_PASSPHRASE} chữ / use at least {MIN_PASSPHRASE} characters",
        )
    return name


def _opened(data: bytes, sealed: dict[str, bytes]) -> OfficerKeys:
    keys = Vault(data, "keys")
    secrets = {name: keys.open(row, name.encode()) for name, row in sealed.items() if name != _DATA}
    notice = Ed25519PrivateKey.from_private_bytes(secrets.pop(_NOTICE))
    newest_first = sorted(secrets, key=lambda name: int(name.removeprefix(_REPORT)), reverse=True)
    reports = tuple(StationPrivateKey.from_seed(secrets[name]) for name in newest_first)
    return OfficerKeys(data, reports, notice)


def _officer(row: Any) -> Officer:
    return Officer(row.number, row.name, Role(row.role))

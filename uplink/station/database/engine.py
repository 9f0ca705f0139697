"""The station's database engine: a SQLite file of its own, or PostgreSQL at a URL.

Whatever is committed is on the disk. Receivers may share one database; then they share its
`share` name too, and with it one subscription at the broker.
"""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    Insert,
    Table,
    create_engine,
    event,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from kiosk.common.errors import StationError
from uplink.station.database import migrations, tables

_PATIENCE_S = 10
_POSTGRESQL = {
    "connect_timeout": _PATIENCE_S,
    "tcp_user_timeout": _PATIENCE_S * 1000,
    "options": f"-c synchronous_commit=on -c lock_timeout={_PATIENCE_S}s",
}
"""libpq's own parameters (PostgreSQL 15, 34.1.2): a server that is gone is noticed soon."""

_ONE_AT_A_TIME = {
    "sqlite": "BEGIN IMMEDIATE",
    "postgresql": "SELECT pg_advisory_xact_lock(4846)",
}
_INSERTS: dict[str, Callable[[Table], Insert]] = {
    "sqlite": sqlite.insert,
    "postgresql": postgresql.insert,
}


def open_engine(url: str, connect: Callable[[], Any] | None = None) -> Engine:
    """An engine whose commits are durable; `connect` replaces the driver's way to connect.

    Raises StationError for any other kind of database.
    """
    with translated():
        engine = create_engine(url, **_options(url, connect))
    if engine.dialect.name not in _INSERTS:
        raise StationError("the database must be SQLite or PostgreSQL", "correct station.toml")
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _make_durable)
    return engine


def prepare(engine: Engine) -> str:
    """Make the tables of a new database, one receiver at a time; the database's `share` name.

    Raises StationError when the tables are of another revision than this program's.
    """
    with alone(engine) as db:
        if migrations.is_empty(db):
            migrations.upgrade(db)
        if migrations.is_behind(db):
            raise StationError(
                "cơ sở dữ liệu thuộc phiên bản cũ / the database is of an older version",
                "chạy homthu-station upgrade / run homthu-station upgrade",
            )
        share = db.execute(select(tables.station.c.share)).scalar()
        if share is None:
            share = secrets.token_hex(4)
            db.execute(tables.station.insert().values(share=share))
    return str(share)


@contextmanager
def alone(engine: Engine) -> Iterator[Connection]:
    """A transaction that no other of its kind runs beside, in this process or another."""
    with engine.begin() as db:
        db.exec_driver_sql(_ONE_AT_A_TIME[engine.dialect.name])
        yield db


def insert_into(engine: Engine) -> Callable[[Table], Any]:
    """The engine's INSERT that knows ON CONFLICT."""
    return _INSERTS[engine.dialect.name]


@contextmanager
def translated() -> Iterator[None]:
    """Turn the library's errors, which quote rows and addresses, into a StationError."""
    try:
        yield
    except (SQLAlchemyError, ArgumentError, ImportError) as error:
        raise StationError(
            "không dùng được cơ sở dữ liệu của đồn / the station's database cannot be used",
            "xem còn chỗ trên đĩa, quyền ghi, máy chủ PostgreSQL / look at the disk's free space, "
            "the file's owner, or whether PostgreSQL runs",
        ) from error


def _options(url: str, connect: Callable[[], Any] | None) -> dict[str, Any]:
    if connect is not None:
        return {"creator": connect}
    return {"connect_args": _POSTGRESQL} if url.startswith("postgresql") else {}


def _make_durable(connection: Any, _: object) -> None:
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA journal_mode = WAL")

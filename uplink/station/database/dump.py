"""The station's database as one SQLite file, from SQLite or PostgreSQL and back into either.

Rows go through SQLAlchemy, so that they mean the same on both sides. They are read in one
transaction that sees one moment, while receivers go on storing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, Table, delete, select
from sqlalchemy.sql import func

from kiosk.common.errors import StationError
from uplink.station.database import migrations
from uplink.station.database.engine import alone, open_engine, prepare, translated
from uplink.station.database.maintenance import is_whole
from uplink.station.database.tables import metadata

_AT_ONCE = 500


def export(url: str, file: Path) -> None:
    """Write everything in the database at `url` into the new SQLite `file`."""
    with _engine(url) as source, _engine(f"sqlite:///{file}") as target:
        with translated():
            prepare(source)
        with _one_moment(source) as old, alone(target) as new:
            migrations.upgrade(new)
            _copy(old, new)


def bring_up_to_date(file: Path) -> None:
    """Look the exported `file` over and bring it to this program's revision."""
    if not is_whole(file):
        raise StationError(
            "cơ sở dữ liệu trong bản sao lưu bị hỏng / the database in the backup is damaged",
            "lấy bản khác / take another backup",
        )
    with _engine(f"sqlite:///{file}") as engine, translated(), alone(engine) as db:
        if migrations.is_behind(db):
            migrations.upgrade(db)


def fill(url: str, file: Path) -> None:
    """Put everything in the exported `file` into the database at `url`, instead of what is there.

    It happens wholly or not at all.
    """
    with (
        _engine(f"sqlite:///{file}") as source,
        _engine(url) as target,
        _one_moment(source) as old,
        alone(target) as new,
    ):
        migrations.upgrade(new)
        for table in reversed(metadata.sorted_tables):
            new.execute(delete(table))
        _copy(old, new)
        if new.dialect.name == "postgresql":
            _count_on(new)


def is_used(url: str) -> bool:
    """Whether a station has already used the database at `url`."""
    with _engine(url) as engine, translated(), engine.connect() as db:
        return not migrations.is_empty(db)


def _copy(old: Connection, new: Connection) -> None:
    for table in metadata.sorted_tables:
        rows = old.execution_options(stream_results=True).execute(select(table)).mappings()
        for some in rows.partitions(_AT_ONCE):
            new.execute(table.insert(), [dict(row) for row in some])


def _count_on(new: Connection) -> None:
    """Let PostgreSQL number new rows after those that came with their numbers."""
    for table in metadata.sorted_tables:
        if table.autoincrement_column is not None:
            new.execute(select(func.setval(*_after_the_last(table, new))))


def _after_the_last(table: Table, new: Connection) -> tuple[object, int, bool]:
    column = table.autoincrement_column
    assert column is not None
    last = new.execute(select(func.max(column))).scalar() or 0
    return func.pg_get_serial_sequence(table.name, column.name), last + 1, False


@contextmanager
def _one_moment(engine: Engine) -> Iterator[Connection]:
    with translated(), engine.connect() as db:
        if engine.dialect.name == "postgresql":
            db.execution_options(isolation_level="REPEATABLE READ")
        else:
            db.exec_driver_sql("BEGIN")
        yield db


@contextmanager
def _engine(url: str) -> Iterator[Engine]:
    engine = open_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()

"""Care of the station's database: looked over and upgraded at the start, copied every hour.

Copies are for SQLite, beside the database; PostgreSQL has tools of its own for that.
"""

import logging
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from kiosk.common.errors import StationError
from uplink.station.database import migrations
from uplink.station.database.engine import alone, open_engine, translated

COPIES = 2
HOUR_S = 3600
LOOK_S = 600

log = logging.getLogger(__name__)


def check(url: str) -> None:
    """Read the whole database; raises StationError with the way back when it is damaged."""
    database = file_of(url)
    if database is not None and database.exists() and not is_whole(database):
        raise StationError(
            "cơ sở dữ liệu của đồn bị hỏng / the station's database is damaged", _cure(database)
        )


def upgrade(url: str) -> bool:
    """Bring an older database to this program's revision; whether there was anything to do.

    A SQLite file is first copied to `before_upgrade`, for whoever must go back. Raises
    StationError, and changes nothing, when it cannot be copied or upgraded.
    """
    database = file_of(url)
    engine = open_engine(url)
    try:
        with translated(), alone(engine) as db:
            if migrations.is_empty(db) or not migrations.is_behind(db):
                return False
            if database is not None:
                with _whole_copy(database) as made:
                    os.replace(made, before_upgrade(database))
            migrations.upgrade(db)
            return True
    finally:
        engine.dispose()


def before_upgrade(database: Path) -> Path:
    """Where the copy from before the last upgrade is."""
    return database.with_name(f"{database.name}.before-upgrade")


@contextmanager
def caring(purge: Callable[[int], None], url: str) -> Iterator[None]:
    """Meanwhile copy the database and purge old quarantine, on a thread of its own.

    `purge` takes the hour since 1970 that is now.
    """
    stopping = threading.Event()
    work = threading.Thread(target=_care, args=(purge, file_of(url), stopping), daemon=True)
    work.start()
    try:
        yield
    finally:
        stopping.set()


def tidy(purge: Callable[[int], None], database: Path | None) -> None:
    """What an hour's care is: does nothing twice within the hour, never raises."""
    try:
        purge(int(time.time()) // HOUR_S)
        if database is not None and _age(copy_name(database, 1)) >= HOUR_S:
            copy(database)
    except StationError as error:
        log.warning(error.code)


def copy(database: Path) -> None:
    """Put a whole copy beside `database`; older ones move up by one, the oldest goes.

    Raises StationError, and leaves the older copies, when the copy is not whole.
    """
    with _whole_copy(database):
        for number in range(COPIES, 0, -1):
            younger = copy_name(database, number - 1)
            if younger.exists():
                os.replace(younger, copy_name(database, number))


def copy_name(database: Path, number: int) -> Path:
    """Where copy `number` is; 1 is the youngest, 0 the one being made."""
    return database.with_name(f"{database.name}.copy-{number}")


def _care(purge: Callable[[int], None], database: Path | None, stopping: threading.Event) -> None:
    tidy(purge, database)
    while not stopping.wait(LOOK_S):
        tidy(purge, database)


def file_of(url: str) -> Path | None:
    """The file of a SQLite database, None for any other."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        return None
    is_file = parsed.get_backend_name() == "sqlite" and parsed.database
    return Path(parsed.database) if is_file and parsed.database else None


@contextmanager
def _whole_copy(database: Path) -> Iterator[Path]:
    """A copy of the whole of `database`, to be moved to where it is wanted."""
    draft = copy_name(database, 0)
    try:
        draft.unlink(missing_ok=True)
        with (
            closing(sqlite3.connect(database)) as source,
            closing(sqlite3.connect(draft)) as target,
        ):
            source.backup(target)
        if not is_whole(draft):
            raise StationError("the station's database is damaged", _cure(database))
        yield draft
    except (sqlite3.Error, OSError) as error:
        raise StationError("the database cannot be copied", "make room on the disk") from error
    finally:
        draft.unlink(missing_ok=True)


def _age(path: Path) -> float:
    return abs(time.time() - path.stat().st_mtime) if path.exists() else HOUR_S


def is_whole(database: Path) -> bool:
    """Whether SQLite finds nothing wrong in all of it."""
    try:
        with closing(sqlite3.connect(database)) as db:
            return bool(db.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",))
    except sqlite3.OperationalError as error:
        raise StationError(
            "cơ sở dữ liệu đang bận / the station's database is busy",
            "đợi một phút rồi chạy lại / start again in a minute",
        ) from error
    except sqlite3.DatabaseError:
        return False


def _cure(database: Path) -> str:
    copies = [copy_name(database, number) for number in range(1, COPIES + 1)]
    youngest = next((path.name for path in copies if path.exists()), None)
    if youngest is None:
        return (
            "chưa có bản sao, giữ tệp lại và gọi kỹ thuật / no copy yet: keep the file, call help"
        )
    name = database.name
    return (
        f"cất {name}, {name}-wal, {name}-shm sang chỗ khác, chép {youngest} thành {name}, chạy lại"
        f" / move {name}, {name}-wal and {name}-shm away, copy {youngest} to {name}, start again"
    )

"""How many reports have come since the station's mailbox was last told, by the hour of arrival."""

from dataclasses import dataclass

from sqlalchemy import Connection, select
from sqlalchemy.sql import func

from kiosk.protocol.cells import Kind
from uplink.station.database import tables
from uplink.station.database.engine import insert_into, open_engine, prepare, translated

_HOUR_S = 3600
_ONLY = 1


@dataclass(frozen=True)
class _Count:
    """What has come in `hour` since 1970 and after it."""

    hour: int
    reports: int
    urgent: int


@dataclass(frozen=True)
class Arrivals:
    """Whether anything, and anything urgent, has come; `until` is how far that was counted."""

    any: bool
    urgent: bool
    until: _Count


class ArrivalCounter:
    """Keeps in the database at `url` what was told; every method raises StationError."""

    def __init__(self, url: str) -> None:
        self._engine = open_engine(url)
        self._insert = insert_into(self._engine)
        self._written: _Count | None = None
        with translated():
            prepare(self._engine)

    def close(self) -> None:
        """Release the database."""
        self._engine.dispose()

    def news(self, now: int) -> Arrivals:
        """What has come since `told`; nothing, the first time, and when the clock ran back."""
        with translated(), self._engine.connect() as db:
            until = _count(db, now // _HOUR_S)
            told = db.execute(select(tables.mail_told)).first()
            if told is None or told.hour > until.hour:
                return Arrivals(False, False, until)
            since = _count(db, told.hour)
        return Arrivals(since.reports > told.reports, since.urgent > told.urgent, until)

    def told(self, news: Arrivals) -> None:
        """Count from where these news ended."""
        until = news.until
        if until == self._written:
            return
        row = {"hour": until.hour, "reports": until.reports, "urgent": until.urgent}
        insert = self._insert(tables.mail_told).values(number=_ONLY, **row)
        with translated(), self._engine.begin() as db:
            db.execute(insert.on_conflict_do_update(index_elements=["number"], set_=row))
        self._written = until


def _count(db: Connection, hour: int) -> _Count:
    first = (
        (tables.chunks.c.hour >= hour)
        & (tables.chunks.c.kind == Kind.ICON)
        & (tables.chunks.c.number == 0)
    )
    urgent = func.count().filter(tables.chunks.c.urgent)
    found = db.execute(select(func.count(), urgent).select_from(tables.chunks).where(first)).one()
    return _Count(hour, found[0], found[1])

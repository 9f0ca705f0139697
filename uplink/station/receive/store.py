"""The station's database: sealed chunks as they came, when a kiosk was last heard, quarantine.

Nothing in it can be opened without the report key. Times are whole hours since 1970.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import (
    Connection,
    Table,
    bindparam,
    delete,
    select,
    tuple_,
    update,
)
from sqlalchemy.sql import func

from kiosk.common.event_codes import EventCode
from kiosk.protocol.cells import CELL, MAX_RECEIPTS, Chunk, Header, Receipt, Status, join
from uplink.station.database import tables
from uplink.station.database.engine import insert_into, open_engine, prepare, translated

QUARANTINE_ROWS = 10_000
QUARANTINE_DAYS = 30

_KEY = ("report_id", "kiosk", "kind", "number")


_DIGESTS = select(*(tables.chunks.c[column] for column in _KEY), tables.chunks.c.digest).where(
    tables.chunks.c.report_id.in_(bindparam("reports", expanding=True))
)
_RECEIPTS = select(tables.kiosks.c.kiosk, tables.kiosks.c.receipts).where(
    tables.kiosks.c.kiosk.in_(bindparam("of", expanding=True))
)
_SET_RECEIPTS = (
    update(tables.kiosks)
    .where(tables.kiosks.c.kiosk == bindparam("of"))
    .values(receipts=bindparam("last"))
)


@dataclass(frozen=True)
class Arrival:
    """A chunk out of a cell of `kiosk`, its topic id."""

    kiosk: str
    chunk: Chunk


@dataclass(frozen=True)
class Suspect:
    """A message that no chunk came out of, and the code of the reason."""

    kiosk: str
    code: str
    blob: bytes


@dataclass(frozen=True)
class StoredPart:
    """A sealed part of which every chunk has come; `hour` is its last arrival."""

    kiosk: str
    kind: int
    urgent: bool
    report_id: bytes
    hour: int
    sealed: bytes


class Store:
    """The database at `url`; raises StationError from every method when it fails.

    `connect` replaces the driver's own way to open a connection. `share` is a name that only the
    receivers of this database know. Several of them may store at once.
    """

    def __init__(self, url: str, connect: Callable[[], Any] | None = None) -> None:
        self._engine = open_engine(url, connect)
        insert = insert_into(self._engine)
        self._keep_new = insert(tables.chunks).on_conflict_do_nothing()
        self._hear = _hear(insert(tables.kiosks))
        with translated():
            self.share = prepare(self._engine)

    def close(self) -> None:
        """Release the database."""
        self._engine.dispose()

    def store_batch(
        self,
        arrivals: Sequence[Arrival],
        suspects: Sequence[Suspect],
        heard: Iterable[str],
        hour: int,
    ) -> list[Status]:
        """Keep a batch in one transaction; what became of each arrival, once it is safe.

        A chunk that is already there is STORED again; one that differs from the first of its name
        goes to quarantine and is REFUSED. `heard` are the kiosks that sent anything, cover too.
        """
        kiosks = sorted({*heard, *(arrival.kiosk for arrival in arrivals)})
        with translated(), self._engine.begin() as db:
            self._touch(db, kiosks, hour)
            statuses = self._keep(db, arrivals, hour) if arrivals else []
            self._note(db, arrivals, statuses)
            conflicts = [
                Suspect(arrival.kiosk, EventCode.CHUNK_CONFLICTING, arrival.chunk.pack())
                for arrival, status in zip(arrivals, statuses, strict=True)
                if status is Status.REFUSED
            ]
            self._quarantine(db, [*suspects, *conflicts], hour)
        return statuses

    def recent_receipts(self, kiosks: Iterable[str]) -> dict[str, list[Receipt]]:
        """The last word on each kiosk's last chunks, whichever receiver gave it; newest last."""
        with translated(), self._engine.connect() as db:
            return _recent(db, kiosks)

    def complete_parts(self, kind: int) -> Iterator[StoredPart]:
        """Every part of this kind that is whole, in no order that means anything."""
        query = select(tables.chunks).where(
            tables.chunks.c.kind == kind, tables.chunks.c.body != b""
        )
        with translated(), self._engine.connect() as db:
            yield from _whole(db.execution_options(stream_results=True).execute(_ordered(query)))

    def parts_beyond(self, kind: int, known: Table, limit: int, since: int = 0) -> list[StoredPart]:
        """Whole parts of this kind whose kiosk and report id are in no row of `known`.

        Only those of which something came in the hour `since` 1970, or after it.
        """
        same = (known.c.report_id == tables.chunks.c.report_id) & (
            known.c.kiosk == tables.chunks.c.kiosk
        )
        new = (
            select(tables.chunks.c.report_id, tables.chunks.c.kiosk)
            .where(tables.chunks.c.hour >= since, tables.chunks.c.kind == kind)
            .where(~select(known.c.kiosk).where(same).exists())
            .limit(limit)
        )
        with translated(), self._engine.connect() as db:
            names = {tuple(row) for row in db.execute(new)}
            wanted = tuple_(tables.chunks.c.report_id, tables.chunks.c.kiosk).in_(names)
            query = select(tables.chunks).where(tables.chunks.c.kind == kind, wanted)
            return list(_whole(db.execute(_ordered(query)))) if names else []

    def parts_of(self, kiosk: str, report_id: bytes) -> list[StoredPart]:
        """All whole parts of one report: its icons, and what was attached to them."""
        query = select(tables.chunks).where(
            tables.chunks.c.kiosk == kiosk,
            tables.chunks.c.report_id == report_id,
            tables.chunks.c.body != b"",
        )
        with translated(), self._engine.connect() as db:
            return list(_whole(db.execute(_ordered(query))))

    def forget(self, kiosk: str, report_id: bytes) -> None:
        """Forget a report for good; its digests stay, so that a repeated cell brings none back."""
        mine = (tables.chunks.c.kiosk == kiosk) & (tables.chunks.c.report_id == report_id)
        with translated(), self._engine.begin() as db:
            db.execute(update(tables.chunks).where(mine).values(body=b"", hour=0))

    def progress(self, kind: int) -> dict[tuple[str, bytes], tuple[int, int]]:
        """How many chunks of each part of this kind have come, of how many; by kiosk and report."""
        query = (
            select(
                tables.chunks.c.kiosk,
                tables.chunks.c.report_id,
                func.count(),
                func.max(tables.chunks.c.total),
            )
            .where(tables.chunks.c.kind == kind)
            .group_by(tables.chunks.c.kiosk, tables.chunks.c.report_id)
        )
        with translated(), self._engine.connect() as db:
            return {(row[0], row[1]): (row[2], row[3]) for row in db.execute(query)}

    def quarantined(self) -> dict[str, int]:
        """How many messages are in quarantine, by code."""
        query = select(tables.quarantine.c.code, func.count()).group_by(tables.quarantine.c.code)
        with translated(), self._engine.connect() as db:
            return {row[0]: row[1] for row in db.execute(query)}

    def purge_quarantine(self, hour: int) -> None:
        """Forget what has lain in quarantine for longer than QUARANTINE_DAYS."""
        old = tables.quarantine.c.day < hour // 24 - QUARANTINE_DAYS
        with translated(), self._engine.begin() as db:
            db.execute(delete(tables.quarantine).where(old))

    def last_heard(self) -> dict[str, int]:
        """The hour in which each kiosk was last heard, by topic id."""
        with translated(), self._engine.connect() as db:
            return {row.kiosk: row.last_hour for row in db.execute(select(tables.kiosks))}

    def _keep(self, db: Connection, arrivals: Sequence[Arrival], hour: int) -> list[Status]:
        rows = [_chunk_row(arrival, hour) for arrival in arrivals]
        db.execute(self._keep_new, rows)
        reports = {row["report_id"] for row in rows}
        found = db.execute(_DIGESTS, {"reports": list(reports)})
        kept = {tuple(key): digest for *key, digest in found}
        return [
            Status.STORED if kept[_key(row)] == row["digest"] else Status.REFUSED for row in rows
        ]

    def _quarantine(self, db: Connection, suspects: Sequence[Suspect], hour: int) -> None:
        if not suspects:
            return
        held = db.execute(select(func.count()).select_from(tables.quarantine)).scalar_one()
        rows = [
            {"kiosk": s.kiosk[:64], "code": str(s.code), "blob": s.blob[:CELL], "day": hour // 24}
            for s in suspects[: max(0, QUARANTINE_ROWS - held)]
        ]
        if rows:
            db.execute(tables.quarantine.insert(), rows)

    def _touch(self, db: Connection, kiosks: Sequence[str], hour: int) -> None:
        """Note that these were heard; every batch changes a row.

        It comes first: each kiosk's row stays locked until the commit, always in the same order,
        so that no two receivers keep chunks of one kiosk at once, and none waits for ever.
        SQLite does not sync a transaction that changes nothing, so a repeated chunk that an earlier
        process wrote but did not sync would be answered for unsafe, and cover faster than a report.
        """
        if not kiosks:
            return
        new = {"last_hour": hour, "batches": 1, "receipts": b""}
        db.execute(self._hear, [{"kiosk": kiosk, **new} for kiosk in kiosks])

    def _note(
        self, db: Connection, arrivals: Sequence[Arrival], statuses: Sequence[Status]
    ) -> None:
        """Remember receipts: a cell that carried one may be lost, and another receiver answer next.

        The last word on a chunk is the only one, or a refused chunk would be freed.
        """
        given: dict[str, list[Receipt]] = defaultdict(list)
        for arrival, status in zip(arrivals, statuses, strict=True):
            given[arrival.kiosk].append(Receipt.of(arrival.chunk.header, status))
        if given:
            recent = _recent(db, given)
            rows = [{"of": kiosk, "last": _packed(recent[kiosk] + given[kiosk])} for kiosk in given]
            db.execute(_SET_RECEIPTS, rows)


def _hear(insert: Any) -> Any:
    return insert.on_conflict_do_update(
        index_elements=["kiosk"],
        set_={"last_hour": insert.excluded.last_hour, "batches": tables.kiosks.c.batches + 1},
    )


def _recent(db: Connection, kiosks: Iterable[str]) -> dict[str, list[Receipt]]:
    found = db.execute(_RECEIPTS, {"of": list(kiosks)})
    return {kiosk: Receipt.unpack_all(packed) for kiosk, packed in found}


def _packed(receipts: Sequence[Receipt]) -> bytes:
    last: dict[tuple[int, bytes, int], Receipt] = {}
    for each in receipts:
        name = each.kind, each.report_id, each.index
        last.pop(name, None)
        last[name] = each
    return b"".join(each.pack() for each in list(last.values())[-MAX_RECEIPTS:])


def _chunk_row(arrival: Arrival, hour: int) -> dict[str, Any]:
    header = arrival.chunk.header
    return {
        "kiosk": arrival.kiosk,
        "report_id": header.report_id,
        "kind": header.kind,
        "number": header.index,
        "total": header.count,
        "urgent": header.urgent,
        "body": arrival.chunk.body,
        "digest": hashlib.sha256(arrival.chunk.pack()).digest(),
        "hour": hour,
    }


def _key(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[column] for column in _KEY)


def _ordered(query: Any) -> Any:
    return query.order_by(*(tables.chunks.c[column] for column in _KEY))


def _whole(rows: Iterable[Any]) -> Iterator[StoredPart]:
    for _, group in groupby(rows, key=lambda row: (row.report_id, row.kiosk, row.kind)):
        chunks = list(group)
        if len(chunks) == chunks[0].total and len({row.total for row in chunks}) == 1:
            yield _part(chunks)


def _part(rows: Sequence[Any]) -> StoredPart:
    first = rows[0]
    chunks = [
        Chunk(Header(row.kind, row.urgent, row.report_id, row.number, row.total), row.body)
        for row in rows
    ]
    hour = max(row.hour for row in rows)
    return StoredPart(first.kiosk, first.kind, first.urgent, first.report_id, hour, join(chunks))

"""What each kiosk is to have, and which chunk of it rides in the next cell down.

The wanted messages stand in the database; a kiosk's health says what it still lacks. From the two
the next chunk follows, so that whatever is lost on the way, or forgotten at either end, is sent
again. The choice is made for every cell alike, and costs the same for cover and for reports.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import (
    Connection,
    delete,
    select,
)

from kiosk.common.errors import MessageError
from kiosk.protocol.cells import FILLING, Chunk, Header
from kiosk.protocol.cells import Kind as CellKind
from kiosk.protocol.message import ID_BYTES, Kind
from uplink.link.health_report import Health, decode
from uplink.station.database import tables
from uplink.station.database.engine import insert_into, open_engine, prepare, translated

ALL = ""
"""In place of a kiosk's topic id: every kiosk."""

_HOUR_S = 3600
_ONE_OF_A_KIND = frozenset({Kind.MANIFEST, Kind.SETTINGS, Kind.LIBRARY, Kind.LOUDSPEAKER})

_FORGETFUL = {
    "sqlite": "PRAGMA synchronous = NORMAL",
    "postgresql": "SET LOCAL synchronous_commit = off",
}
"""For what may be lost in a power cut, because the next health mends it."""


class Wanted(NamedTuple):
    """A message in the queue; `kiosk` is a topic id or ALL, `note` says what it is about."""

    message_id: bytes
    kiosk: str
    kind: int
    total: int
    issued: int
    valid_until: int
    note: str


class Heard(NamedTuple):
    """What a kiosk last told of itself, and in which hour since 1970."""

    health: Health
    hour: int


_Place = tuple[bytes, int]


@dataclass
class _State:
    """What is known of a kiosk, and what has been sent since it last told of a change."""

    health: bytes = b""
    hour: int = 0
    sent: dict[_Place, None] = field(default_factory=dict)

    def hear(self, chunk: Chunk, hour: int) -> Health:
        """Learn from a cell; a real one has nothing to learn from, and takes as long."""
        told = chunk.body if chunk.header.kind == CellKind.COVER else self.health
        before, after = _decoded(self.health), _decoded(told)
        if chunk.header.kind == CellKind.COVER and after is not None:
            self.health, self.hour = told, hour
            if before is None or (before.done, before.missing) != (after.done, after.missing):
                self.sent = {}
        return after or before or Health(0)

    def next_place(self, health: Health, queue: Iterable[Wanted]) -> _Place | None:
        """The first chunk that is lacking and was not sent yet; when all were, from the start."""
        lacking = [place for wanted in queue for place in _lacking(wanted, health)]
        place = next((place for place in lacking if place not in self.sent), None)
        if place is None and lacking:
            self.sent, place = {}, lacking[0]
        if place is not None:
            self.sent[place] = None
        return place


class DownQueue:
    """The queue in the database at `url`; every method raises StationError when that fails."""

    def __init__(self, url: str) -> None:
        self._engine = open_engine(url)
        self._insert = insert_into(self._engine)
        with translated():
            prepare(self._engine)

    def close(self) -> None:
        """Release the database."""
        self._engine.dispose()

    def add(self, chunks: Sequence[Chunk], message: Wanted) -> None:
        """Want a message at its kiosks, in place of an earlier one where only one counts."""
        with translated(), self._engine.begin() as db:
            self._delete(db, tables.down_messages.c.valid_until <= message.issued)
            if message.kind in _ONE_OF_A_KIND:
                same = tables.down_messages.c.kind == message.kind
                if message.kiosk != ALL:
                    same &= tables.down_messages.c.kiosk == message.kiosk
                self._delete(db, same)
            db.execute(
                tables.down_messages.insert().values(id=message.message_id, **_fields(message))
            )
            db.execute(
                tables.down_chunks.insert(),
                [
                    {"id": message.message_id, "number": chunk.header.index, "body": chunk.body}
                    for chunk in chunks
                ],
            )

    def remove(self, message_ids: Iterable[bytes]) -> None:
        """Want these no longer; what a kiosk already has stays there."""
        with translated(), self._engine.begin() as db:
            self._delete(db, tables.down_messages.c.id.in_(list(message_ids)))

    def wanted(self, now: int) -> list[Wanted]:
        """Every message that is still valid, first the one that is sent first."""
        with translated(), self._engine.connect() as db:
            return self._queue(db, now)

    def chunks(self, wanted: Wanted) -> list[Chunk]:
        """The message itself, to be read again."""
        with translated(), self._engine.connect() as db:
            return [self._chunk(db, wanted, number) for number in range(wanted.total)]

    def heard(self) -> dict[str, Heard]:
        """What each kiosk that has told of itself last told, by topic id."""
        with translated(), self._engine.connect() as db:
            rows = db.execute(select(tables.down_states)).all()
        told = ((row.kiosk, _decoded(row.health), row.hour) for row in rows)
        return {kiosk: Heard(health, hour) for kiosk, health, hour in told if health is not None}

    def choose(self, cells: Sequence[tuple[str, Chunk]], now: int) -> list[Chunk]:
        """The chunk for the answer to each of these (topic id, chunk) that came up."""
        kiosks = sorted({kiosk for kiosk, _ in cells})
        if not kiosks:
            return []
        with translated(), self._forgetful() as db:
            queue = self._queue(db, now)
            states = self._states(db, kiosks)
            places = []
            for kiosk, chunk in cells:
                health = states[kiosk].hear(chunk, now // _HOUR_S)
                own = (wanted for wanted in queue if wanted.kiosk in (ALL, kiosk))
                places.append(states[kiosk].next_place(health, own))
            self._remember(db, states)
            kinds = {wanted.message_id: wanted for wanted in queue}
            return [FILLING if p is None else self._chunk(db, kinds[p[0]], p[1]) for p in places]

    @contextmanager
    def _forgetful(self) -> Iterator[Connection]:
        with self._engine.begin() as db:
            db.exec_driver_sql(_FORGETFUL[self._engine.dialect.name])
            yield db

    def _queue(self, db: Connection, now: int) -> list[Wanted]:
        order = (
            tables.down_messages.c.kind,
            tables.down_messages.c.issued,
            tables.down_messages.c.id,
        )
        query = (
            select(tables.down_messages)
            .where(tables.down_messages.c.valid_until > now)
            .order_by(*order)
        )
        return [Wanted(*row) for row in db.execute(query)]

    def _states(self, db: Connection, kiosks: Sequence[str]) -> dict[str, _State]:
        rows = db.execute(select(tables.down_states).where(tables.down_states.c.kiosk.in_(kiosks)))
        known = {row.kiosk: _State(row.health, row.hour, _unpacked(row.sent)) for row in rows}
        return {kiosk: known.get(kiosk) or _State() for kiosk in kiosks}

    def _remember(self, db: Connection, states: dict[str, _State]) -> None:
        insert = self._insert(tables.down_states)
        fields = {name: insert.excluded[name] for name in ("health", "hour", "sent")}
        insert = insert.on_conflict_do_update(index_elements=["kiosk"], set_=fields)
        rows = [
            {"kiosk": kiosk, "health": s.health, "hour": s.hour, "sent": _packed(s.sent)}
            for kiosk, s in states.items()
        ]
        db.execute(insert, rows)

    def _chunk(self, db: Connection, wanted: Wanted, number: int) -> Chunk:
        query = select(tables.down_chunks.c.body).where(
            tables.down_chunks.c.id == wanted.message_id, tables.down_chunks.c.number == number
        )
        header = Header(wanted.kind, False, wanted.message_id, number, wanted.total)
        return Chunk(header, db.execute(query).scalar_one())

    def _delete(self, db: Connection, condition: Any) -> None:
        old = select(tables.down_messages.c.id).where(condition)
        db.execute(delete(tables.down_chunks).where(tables.down_chunks.c.id.in_(old)))
        db.execute(delete(tables.down_messages).where(condition))


def only_filling(cells: Sequence[tuple[str, Chunk]], now: int) -> list[Chunk]:
    """In place of `DownQueue.choose` where there is no queue."""
    return [FILLING] * len(cells)


def _lacking(wanted: Wanted, health: Health) -> Iterator[_Place]:
    if wanted.message_id not in health.done:
        for number in health.missing.get(wanted.message_id, range(wanted.total)):
            if number < wanted.total:
                yield wanted.message_id, number


def _decoded(body: bytes) -> Health | None:
    try:
        return decode(body)
    except MessageError:
        return None


def _fields(message: Wanted) -> dict[str, object]:
    fields = message._asdict()
    del fields["message_id"]
    return fields


def _packed(sent: Iterable[_Place]) -> bytes:
    return b"".join(message_id + bytes([number]) for message_id, number in sent)


def _unpacked(packed: bytes) -> dict[_Place, None]:
    size = ID_BYTES + 1
    entries = (packed[at : at + size] for at in range(0, len(packed), size))
    return {(entry[:ID_BYTES], entry[ID_BYTES]): None for entry in entries}

"""What has come, opened: one case for each report, and what officers did about it.

At rest a case is a row whose text is encrypted under the data key; in clear are only the hour of
arrival, the kiosk, whether it is urgent, the state and a version. While somebody is signed in all
cases are in memory, where they are searched.
"""

import hashlib
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import Engine, select

from kiosk.common.errors import KioskError, StationError
from kiosk.common.event_codes import EventCode
from kiosk.protocol import report as reports
from kiosk.protocol import synthetic_report
from kiosk.protocol.cbor_map import CborMap
from kiosk.protocol.cells import Kind
from kiosk.protocol.report import Report
from uplink.station.database import tables
from uplink.station.database.engine import insert_into, prepare, translated
from uplink.station.desk.auth.officers import OfficerKeys
from uplink.station.reading.opening import unseal
from uplink.station.receive.store import Store, StoredPart

AT_ONCE = 2000
SWEEP_S = 60
"""How often old hours are looked through too, for what came while the clock was wrong."""

MAX_CASE = 1 << 20
_VERSION = 1
_SEALED = CborMap(version=0, report=1, problem=2, first_read=3, closed=4, released=5, events=6)
_FORGOTTEN = "forgotten"


class CaseState(StrEnum):
    """How far the officers are with a case."""

    RECEIVED = "received"
    CHECKING = "checking"
    ACTED = "acted"
    CLOSED = "closed"
    FALSE = "false"

    @property
    def is_over(self) -> bool:
        """Whether nothing more is to be done."""
        return self in (CaseState.CLOSED, CaseState.FALSE)


@dataclass(frozen=True)
class Event:
    """What an officer did in an hour since 1970: a `kind` such as "note" or "state", its text."""

    hour: int
    officer: str
    kind: str
    text: str


@dataclass(frozen=True)
class Case:
    """One report and its history; `report` is None when it could not be opened, see `problem`.

    Hours are since 1970; `first_read` and `closed` are None until then. `released` says that the
    kiosk itself, not only its cluster, may be shown.
    """

    id: str
    kiosk: str
    hour: int
    urgent: bool
    state: CaseState
    version: int
    report_id: bytes
    report: Report | None
    problem: str = ""
    first_read: int | None = None
    closed: int | None = None
    released: bool = False
    events: tuple[Event, ...] = ()

    @property
    def is_canary(self) -> bool:
        """Whether nobody reported this: the kiosk tries the way once a day."""
        return self.report is not None and self.report.box == synthetic_report.BOX

    @property
    def is_of_the_unit(self) -> bool:
        """Whether it is an opinion from within the unit, which is for the chief alone."""
        report = self.report
        return report is not None and report.box == "opinion" and "own_unit" in report.what


class Conflict(StationError):
    """Somebody else changed the case meanwhile; nothing was written."""

    code = EventCode.CASE_CONFLICT


class Casebook:
    """All cases of the database of `engine`, opened with `keys`; new ones come out of `store`."""

    def __init__(self, engine: Engine, store: Store, keys: OfficerKeys) -> None:
        self._engine = engine
        self._store = store
        self._keys = keys
        self._vault = keys.vault("cases")
        self._lock = threading.RLock()
        self.revision = 0
        with translated():
            prepare(engine)
            with engine.connect() as db:
                rows = db.execute(
                    select(tables.cases).where(tables.cases.c.state != _FORGOTTEN)
                ).all()
        self._cases = {case.id: case for case in map(self._read, rows)}
        self._newest_h = max((case.hour for case in self._cases.values()), default=0)
        self._sweep_at = 0.0

    def all(self) -> list[Case]:
        """Every case, in no order that means anything."""
        with self._lock:
            return [case for case in self._cases.values() if not case.is_canary]

    def canaries(self) -> list[Case]:
        """The newest canary of each kiosk that has sent one."""
        with self._lock:
            return list(_newest(case for case in self._cases.values() if case.is_canary).values())

    def refresh(self) -> None:
        """Open what has come since, at most AT_ONCE reports."""
        with self._lock:
            since = 0 if time.monotonic() >= self._sweep_at else self._newest_h - 1
            parts = self._store.parts_beyond(Kind.ICON, tables.cases, AT_ONCE, since)
            if not since and len(parts) < AT_ONCE:
                self._sweep_at = time.monotonic() + SWEEP_S
            cases = [self._opened(part) for part in parts]
            self._newest_h = max([self._newest_h, *(case.hour for case in cases)])
            if not cases:
                return
            insert = insert_into(self._engine)(tables.cases).on_conflict_do_nothing()
            with translated(), self._engine.begin() as db:
                db.execute(insert, [self._row(case) for case in cases])
            self._cases.update((case.id, case) for case in cases)
            self.revision += 1
            self._forget_old_canaries()

    def get(self, case_id: str) -> Case:
        """The case as it is in the database now; KeyError when there is none."""
        try:
            row_id = bytes.fromhex(case_id)
        except ValueError as error:
            raise KeyError(case_id) from error
        with self._lock, translated(), self._engine.connect() as db:
            row = db.execute(select(tables.cases).where(tables.cases.c.id == row_id)).first()
            if row is None or row.state == _FORGOTTEN:
                raise KeyError(case_id)
            return self._keep(self._read(row))

    def change(self, case: Case, *events: Event, **changes: Any) -> Case:
        """`case` with `changes` and more history, written if it is still what it was.

        Raises Conflict, and changes nothing, when it is not.
        """
        new = replace(case, **changes, events=case.events + events, version=case.version + 1)
        row = self._row(new)
        same = (tables.cases.c.id == row.pop("id")) & (tables.cases.c.version == case.version)
        with self._lock:
            with translated(), self._engine.begin() as db:
                changed = db.execute(tables.cases.update().where(same).values(row)).rowcount
            if not changed:
                raise Conflict("Người khác vừa sửa tin này.", "Xem lại rồi ghi lại.")
            return self._keep(new)

    def forget(self, cases: Iterable[Case]) -> None:
        """Delete for good, at the receiver's too; no repeated cell brings them back."""
        nothing = {"hour": 0, "urgent": False, "state": _FORGOTTEN, "sealed": b""}
        with self._lock:
            for case in cases:
                self.revision += 1
                self._store.forget(case.kiosk, case.report_id)
                gone = tables.cases.update().where(tables.cases.c.id == bytes.fromhex(case.id))
                with translated(), self._engine.begin() as db:
                    db.execute(gone.values(nothing))
                self._cases.pop(case.id, None)

    def part(self, case: Case, kind: Kind) -> bytes | None:
        """An attachment's bytes, opened in memory alone; None when there is none that is whole."""
        for part in self._store.parts_of(case.kiosk, case.report_id):
            if part.kind == kind:
                return reports.unpad(unseal(part, self._keys.reports))
        return None

    def _keep(self, case: Case) -> Case:
        if self._cases.get(case.id) != case:
            self._cases[case.id] = case
            self.revision += 1
        return case

    def _forget_old_canaries(self) -> None:
        newest = {case.id for case in self.canaries()}
        self.forget([c for c in self._cases.values() if c.is_canary and c.id not in newest])

    def _opened(self, part: StoredPart) -> Case:
        case = Case(
            id=_case_id(part.kiosk, part.report_id),
            kiosk=part.kiosk,
            hour=part.hour,
            urgent=part.urgent,
            state=CaseState.RECEIVED,
            version=1,
            report_id=part.report_id,
            report=None,
        )
        try:
            report = reports.decode(reports.unpad(unseal(part, self._keys.reports)))
        except KioskError as error:
            return replace(case, problem=str(error.code))
        return replace(case, report=report, urgent=report.urgent)

    def _row(self, case: Case) -> dict[str, Any]:
        plain = _SEALED.encode(
            {
                "version": _VERSION,
                "report": reports.encode(case.report) if case.report else b"",
                "problem": case.problem,
                "first_read": case.first_read,
                "closed": case.closed,
                "released": case.released,
                "events": [[e.hour, e.officer, e.kind, e.text] for e in case.events],
            }
        )
        row_id = bytes.fromhex(case.id)
        return {
            "id": row_id,
            "report_id": case.report_id,
            "kiosk": case.kiosk,
            "hour": case.hour,
            "urgent": case.urgent,
            "state": case.state.value,
            "version": case.version,
            "sealed": self._vault.seal(plain, row_id),
        }

    def _read(self, row: Any) -> Case:
        plain = _SEALED.decode(self._vault.open(row.sealed, row.id), MAX_CASE)
        return Case(
            id=row.id.hex(),
            kiosk=row.kiosk,
            hour=row.hour,
            urgent=row.urgent,
            state=CaseState(row.state),
            version=row.version,
            report_id=row.report_id,
            report=reports.decode(plain["report"]) if plain["report"] else None,
            problem=plain["problem"],
            first_read=plain["first_read"],
            closed=plain["closed"],
            released=plain["released"],
            events=tuple(Event(*event) for event in plain["events"]),
        )


def _newest(cases: Iterable[Case]) -> dict[str, Case]:
    """The last case of each kiosk."""
    return {case.kiosk: case for case in sorted(cases, key=lambda case: case.hour)}


def _case_id(kiosk: str, report_id: bytes) -> str:
    """A name for the page's address that tells nothing of the kiosk."""
    return hashlib.sha256(bytes.fromhex(kiosk) + report_id).hexdigest()[:32]

"""The station's tables and their revisions agree, and an older database loses nothing."""

import secrets
import threading
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, create_engine, inspect, text

from kiosk.common.errors import StationError
from kiosk.protocol.cells import BODY, Chunk, Header, Kind
from tests.uplink.commands import station_command
from tests.uplink.traffic import put
from tests.uplink.village import Village
from tests.waiting import DEADLINE, wait_until
from uplink.station.database import maintenance, migrations
from uplink.station.database.engine import open_engine
from uplink.station.database.tables import metadata
from uplink.station.receive.store import Arrival, Store

KIOSK = "b" * 32


def older(url: str, with_alembic: bool) -> list[bytes]:
    """A database of the first revision with three reports in it; their bodies."""
    bodies = [secrets.token_bytes(BODY) for _ in range(3)]
    engine = open_engine(url)
    with engine.begin() as db:
        command.upgrade(migrations.config(db), migrations.FIRST)
        db.execute(text("INSERT INTO station (version, share) VALUES (1, 'abcdef01')"))
        for body in bodies:
            _insert(db, body)
        if not with_alembic:
            db.execute(text("DROP TABLE alembic_version"))
    engine.dispose()
    return bodies


def _insert(db: Connection, body: bytes) -> None:
    row = {"kiosk": KIOSK, "id": secrets.token_bytes(16), "body": body, "digest": bytes(32)}
    db.execute(
        text(
            "INSERT INTO chunks (kiosk, report_id, kind, number, total, urgent, body, digest, hour)"
            f" VALUES (:kiosk, :id, {int(Kind.ICON)}, 0, 1, false, :body, :digest, 10)"
        ),
        row,
    )


def test_the_tables_and_their_revisions_agree(database: str) -> None:
    Store(database).close()
    engine = create_engine(database)
    with engine.connect() as db:
        assert compare_metadata(MigrationContext.configure(db), metadata) == []
        command.check(migrations.config(db))
    engine.dispose()


@pytest.mark.parametrize("with_alembic", [True, False])
def test_an_older_database_is_upgraded_and_keeps_every_report(
    database: str, with_alembic: bool
) -> None:
    bodies = older(database, with_alembic)
    with pytest.raises(StationError, match="homthu-station upgrade"):
        Store(database)
    assert maintenance.upgrade(database)
    assert not maintenance.upgrade(database), "twice"
    store = Store(database)
    assert store.share == "abcdef01"
    assert sorted(part.sealed for part in store.complete_parts(Kind.ICON)) == sorted(bodies)
    store.store_batch([Arrival(KIOSK, _chunk())], [], [], 11)
    assert len(list(store.complete_parts(Kind.ICON))) == 4
    store.close()


def _chunk() -> Chunk:
    return Chunk(Header(Kind.ICON, False, secrets.token_bytes(16), 0, 1), secrets.token_bytes(BODY))


def test_several_receivers_upgrade_one_database_once(database: str) -> None:
    bodies = older(database, with_alembic=False)
    failed: list[BaseException] = []

    def start() -> None:
        try:
            maintenance.upgrade(database)
            Store(database).close()
        except StationError as error:
            failed.append(error)

    starts = [threading.Thread(target=start) for _ in range(4)]
    for each in starts:
        each.start()
    for each in starts:
        each.join()
    assert failed == []
    store = Store(database)
    assert len(list(store.complete_parts(Kind.ICON))) == len(bodies)
    store.close()


def test_a_database_of_the_future_is_left_alone(database: str) -> None:
    Store(database).close()
    engine = create_engine(database)
    with engine.begin() as db:
        db.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for opened in (Store, maintenance.upgrade):
        with pytest.raises(StationError, match="phiên bản mới hơn"):
            opened(database)
    engine.dispose()


def test_an_upgrade_keeps_a_copy_from_before_it(tmp_path: Path) -> None:
    path = tmp_path / "station.db"
    older(f"sqlite:///{path}", with_alembic=True)
    maintenance.upgrade(f"sqlite:///{path}")
    engine = create_engine(f"sqlite:///{maintenance.before_upgrade(path)}")
    assert "version" in {column["name"] for column in inspect(engine).get_columns("station")}
    engine.dispose()


def test_an_upgrade_that_cannot_be_copied_first_does_not_begin(tmp_path: Path) -> None:
    path = tmp_path / "station.db"
    older(f"sqlite:///{path}", with_alembic=True)
    maintenance.before_upgrade(path).mkdir()
    with pytest.raises(StationError, match="room on the disk"):
        maintenance.upgrade(f"sqlite:///{path}")
    with pytest.raises(StationError, match="homthu-station upgrade"):
        Store(f"sqlite:///{path}")


def test_serve_upgrades_by_itself_and_the_command_says_what_it_did(village: Village) -> None:
    database = village.station / "station.db"
    bodies = older(f"sqlite:///{database}", with_alembic=False)
    outbox = village.add_kiosk("kiosk")
    village.start_broker()
    village.start_station()
    village.start_courier("kiosk")
    put(outbox, village, 2)
    wait_until(lambda: outbox.counts().real == 0)
    store = Store(f"sqlite:///{database}")
    assert len(list(store.complete_parts(Kind.ICON))) == len(bodies) + 2
    store.close()
    told, _ = station_command(village, "upgrade").communicate(timeout=DEADLINE)
    assert "Up to date" in told

"""The station's database when it is damaged, full, locked, down, or asks for a password."""

import secrets
import sqlite3
import threading
from functools import partial
from pathlib import Path
from queue import SimpleQueue

import cbor2
import pytest

from kiosk.common import passphrase
from kiosk.common.errors import StationError
from kiosk.protocol import report as reports
from kiosk.protocol.cells import BODY, Chunk, Header, Kind, cut, seal_up
from kiosk.protocol.report import ICON_PLAINTEXT
from kiosk.protocol.sealing import StationPrivateKey, seal
from tests.uplink.commands import station_command
from tests.uplink.postgres import Postgres
from tests.uplink.traffic import arrived, put, sent
from tests.uplink.village import PASSPHRASE, Village, icon_chunks, make_report
from tests.waiting import DEADLINE, wait_until
from uplink.link.standing_connection import Incoming
from uplink.station.database import maintenance
from uplink.station.database.maintenance import copy, copy_name, tidy
from uplink.station.receive.receiver import Links, Receiver
from uplink.station.receive.serving import serve
from uplink.station.receive.store import QUARANTINE_DAYS, QUARANTINE_ROWS, Arrival, Store, Suspect

KIOSK = "a" * 32


def chunk() -> Chunk:
    return Chunk(Header(Kind.ICON, False, secrets.token_bytes(16), 0, 1), secrets.token_bytes(BODY))


def filled(path: Path, count: int) -> Store:
    store = Store(f"sqlite:///{path}")
    store.store_batch([Arrival(KIOSK, chunk()) for _ in range(count)], [], [], 10)
    return store


def damage(path: Path) -> None:
    """Overwrite pages in the middle of a database that nobody has open."""
    data = bytearray(path.read_bytes())
    data[4096 * 4 : 4096 * 12] = secrets.token_bytes(4096 * 8)
    path.write_bytes(data)


def test_a_damaged_database_is_told_and_the_copy_brings_it_back(
    village: Village,
) -> None:
    database = village.station / "station.db"
    (kept,) = icon_chunks(make_report(what=("kept:1",)), village.report_key.public)
    store = filled(database, 20)
    store.store_batch([Arrival(KIOSK, kept)], [], [], 10)
    tidy(store.purge_quarantine, database)
    store.close()
    damage(database)
    told = station_command(village, "serve")
    _, words = told.communicate(timeout=DEADLINE)
    assert told.returncode == 2
    assert "bị hỏng" in words
    assert "station.db.copy-1" in words
    assert "Traceback" not in words
    copy_name(database, 1).replace(database)
    maintenance.check(f"sqlite:///{database}")
    assert "kept:1" in {item.get("what", [""])[0] for item in village.inbox()}


def test_copies_are_few_whole_and_made_by_the_hour(tmp_path: Path) -> None:
    database = tmp_path / "station.db"
    store = filled(database, 20)
    copies = [copy_name(database, number) for number in (1, 2, 3)]
    tidy(store.purge_quarantine, database)
    first = copies[0].read_bytes()
    tidy(store.purge_quarantine, database)
    assert not copies[1].exists(), "twice within the hour"
    for _ in range(3):
        store.store_batch([Arrival(KIOSK, chunk())], [], [], 10)
        copy(database)
    assert [path.exists() for path in copies] == [True, True, False]
    restored = Store(f"sqlite:///{copies[1]}")
    assert len(list(restored.complete_parts(Kind.ICON))) == 22
    assert restored.share == store.share
    assert copies[0].read_bytes() != first
    restored.close()
    store.close()


def test_a_damaged_database_never_replaces_its_copies(tmp_path: Path) -> None:
    database = tmp_path / "station.db"
    filled(database, 20).close()
    copy(database)
    whole = copy_name(database, 1).read_bytes()
    damage(database)
    with pytest.raises(StationError):
        copy(database)
    assert copy_name(database, 1).read_bytes() == whole
    assert not copy_name(database, 0).exists()
    assert not copy_name(database, 2).exists()


def test_what_is_no_database_at_all_is_told(tmp_path: Path) -> None:
    (tmp_path / "station.db").write_bytes(b"not a database" * 1000)
    with pytest.raises(StationError, match="hỏng"):
        maintenance.check(f"sqlite:///{tmp_path / 'station.db'}")


class Listener:
    """Stands for the broker: keeps what the station answers."""

    def __init__(self) -> None:
        self.answers: list[str] = []

    def post(self, topic: str, _: bytes) -> bool:
        self.answers.append(topic)
        return True


def test_nothing_is_answered_while_the_disk_is_full(village: Village, tmp_path: Path) -> None:
    village.add_kiosk("kiosk").close()
    rooms: list[sqlite3.Connection] = []

    def connect() -> sqlite3.Connection:
        rooms.append(sqlite3.connect(tmp_path / "full.db", check_same_thread=False))
        return rooms[-1]

    store = Store("sqlite:///full.db", connect)
    receiver = Receiver(store, Links(village.master, village.station / "kiosks.toml"))
    (pages,) = rooms[-1].execute("PRAGMA page_count").fetchone()
    rooms[-1].execute(f"PRAGMA max_page_count = {pages}")
    events: SimpleQueue[Incoming | int] = SimpleQueue()
    acked: list[int] = []
    keys, topic = village.keys_of("kiosk"), f"k/{village.kiosks['kiosk']}/up"
    for number in range(5):
        cell = seal_up(keys, chunk())
        events.put(Incoming(topic, cell, partial(acked.append, number)))
    broker = Listener()
    work = threading.Thread(target=serve, args=(receiver, broker, events))
    work.start()
    work.join(0.5)
    assert (acked, broker.answers) == ([], [])
    rooms[-1].execute("PRAGMA max_page_count = 100000")
    wait_until(lambda: len(acked) == 5)
    assert len(broker.answers) == 5
    events.put(0)
    work.join()
    assert len(list(store.complete_parts(Kind.ICON))) == 5
    store.close()


def test_a_database_that_is_down_delays_and_loses_nothing(
    village: Village, postgres: Postgres
) -> None:
    village.use_database(postgres.database())
    outbox = village.add_kiosk("kiosk")
    village.start_broker()
    village.start_station()
    village.start_courier("kiosk")
    put(outbox, village, 1, "first")
    wait_until(lambda: outbox.counts().real == 0)
    postgres.kill()
    put(outbox, village, 3, "second")
    wait_until(lambda: (village.folder / "station.log").read_text().count("E14") >= 2)
    assert outbox.counts().real == 3
    postgres.start()
    wait_until(lambda: outbox.counts().real == 0)
    assert arrived(village) == ["first:0", *sent(3, "second")]


def test_the_password_of_the_database_is_seen_nowhere(village: Village, postgres: Postgres) -> None:
    url = postgres.database()
    wrong = url.replace(postgres.password, "wrong-secret")
    village.use_database(wrong)
    told = station_command(village, "serve")
    _, words = told.communicate(timeout=DEADLINE)
    assert told.returncode == 2
    assert "không dùng được cơ sở dữ liệu" in words
    assert "wrong-secret" not in words
    (village.station / "station.toml").chmod(0o644)
    told = station_command(village, "serve")
    _, words = told.communicate(timeout=DEADLINE)
    assert told.returncode == 2
    assert "0600" in words
    village.use_database(url)
    outbox = village.add_kiosk("kiosk")
    village.start_broker()
    village.start_station()
    village.start_courier("kiosk")
    put(outbox, village, 1)
    wait_until(lambda: outbox.counts().real == 0)
    process = village.processes["station"]
    assert postgres.password not in Path(f"/proc/{process.pid}/cmdline").read_text()
    assert village.terminate("station") == 0
    assert postgres.password not in (village.folder / "station.log").read_text()


def test_a_database_keeps_its_share_name(database: str) -> None:
    first, second = Store(database), Store(database)
    assert first.share == second.share
    first.close()
    second.close()


def test_two_receivers_may_start_at_once_on_an_empty_database(database: str) -> None:
    stores: list[Store] = []
    starts = [threading.Thread(target=lambda: stores.append(Store(database))) for _ in range(4)]
    for start in starts:
        start.start()
    for start in starts:
        start.join()
    assert len({store.share for store in stores}) == 1
    assert len(stores) == 4
    for store in stores:
        store.close()


def test_quarantine_has_an_end_and_a_bound(database: str) -> None:
    store = Store(database)
    suspects = [Suspect(KIOSK, "E03", b"blob")] * 3000
    for _ in range(4):
        store.store_batch([], suspects, [], 24 * 100)
    assert store.quarantined() == {"E03": QUARANTINE_ROWS}
    store.purge_quarantine(24 * (100 + QUARANTINE_DAYS))
    assert store.quarantined() == {"E03": QUARANTINE_ROWS}
    store.purge_quarantine(24 * (101 + QUARANTINE_DAYS))
    assert store.quarantined() == {}
    store.close()


def test_an_unknown_version_is_refused_and_an_unknown_field_ignored(
    village: Village,
) -> None:
    fields = cbor2.loads(reports.encode(make_report(what=("known:1",))))
    store = Store(f"sqlite:///{village.station / 'station.db'}")
    for changes in ({0: 2}, {23: "later"}):
        padded = reports.pad(cbor2.dumps(fields | changes, canonical=True), ICON_PLAINTEXT)
        sealed = seal(Kind.ICON, padded, village.report_key.public)
        (part,) = cut(Kind.ICON, False, secrets.token_bytes(16), sealed)
        store.store_batch([Arrival(KIOSK, part)], [], [], 10)
    store.close()
    for _ in range(2):
        told = sorted(item.get("problem") or item["what"][0] for item in village.inbox())
        assert told == ["E05", "known:1"], "and still there"


def test_reports_to_an_older_key_open_in_its_grace(village: Village) -> None:
    newer = StationPrivateKey.generate()
    (village.station / "report-2.key").write_bytes(passphrase.lock(newer.seed, PASSPHRASE))
    store = Store(f"sqlite:///{village.station / 'station.db'}")
    for name, key in (("old:1", village.report_key), ("new:1", newer)):
        (part,) = icon_chunks(make_report(what=(name,)), key.public)
        store.store_batch([Arrival(KIOSK, part)], [], [], 10)
    store.close()
    assert arrived(village) == ["new:1", "old:1"]

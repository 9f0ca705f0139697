"""Backup and restoring of the whole station, from and to either database, and every way to fail."""

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.progress import Progress
from sqlalchemy import create_engine, text

from kiosk.common.errors import BackupError, StationError
from kiosk.common.sealed_file import CHUNK
from kiosk.protocol.cells import Kind
from kiosk.settings.station import load_station
from tests.toml_files import edit
from tests.uplink.postgres import Postgres
from tests.uplink.traffic import arrived, put, sent
from tests.uplink.village import ROOT, Village, icon_chunks, make_report
from tests.waiting import DEADLINE, wait_until
from uplink.station.database import backup as backups
from uplink.station.database import dump
from uplink.station.receive.store import Arrival, Store, Suspect

KIOSK = "a" * 32

SECRET = "một con suối và hai ngọn núi"
HEAD, SEALED = 32, CHUNK + 16
REPORTS = [f"kept:{number}" for number in range(3)]


@pytest.fixture
def full(village: Village, database: str) -> Village:
    """A station with three reports and a message in quarantine."""
    village.use_database(database)
    store = Store(database)
    fill(store, village, REPORTS)
    store.store_batch([], [Suspect(KIOSK, "E03", b"odd")], [], 10)
    store.close()
    return village


def fill(store: Store, village: Village, names: list[str]) -> None:
    for name in names:
        (part,) = icon_chunks(make_report(what=(name,)), village.report_key.public)
        store.store_batch([Arrival(KIOSK, part)], [], [], 10)


def station(
    *arguments: object, secret: str = SECRET, before: Callable[[], None] | None = None
) -> subprocess.CompletedProcess[str]:
    read, write = os.pipe()
    os.write(write, secret.encode())
    os.close(write)
    try:
        return subprocess.run(
            [sys.executable, "-m", "uplink.station.commands.main", *map(str, arguments),
             "--passphrase-file", f"/dev/fd/{read}"],
            cwd=ROOT, capture_output=True, text=True, timeout=DEADLINE, pass_fds=[read],
            preexec_fn=before,
        )  # fmt: skip
    finally:
        os.close(read)


def backed_up(village: Village) -> Path:
    target = village.folder / "stick" / "station.backup"
    target.parent.mkdir(exist_ok=True)
    backups.back_up(village.station / "station.toml", target, SECRET, Progress(disable=True))
    return target


def restored(backup: Path, folder: Path, secret: str = SECRET, replace: bool = False) -> None:
    backups.restore(backup, folder, secret, Progress(disable=True), replace=replace)


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.fresh
def test_a_station_moves_to_a_new_machine_with_all_it_holds(full: Village) -> None:
    backup = full.folder / "stick" / "station.backup"
    backup.parent.mkdir()
    done = station("backup", "--config", full.station / "station.toml", backup)
    assert done.returncode == 0, done.stderr
    assert backup.stat().st_mode & 0o077 == 0
    config = (full.station / "station.toml").read_text("utf-8")
    share = Store(database_of(full)).share
    lose_everything(full)
    done = station("restore", backup, "--folder", full.station)
    assert done.returncode == 0, done.stderr
    assert (full.station / "station.toml").read_text("utf-8") == config
    assert arrived(full) == REPORTS
    assert (full.station / "link.master").stat().st_mode & 0o077 == 0
    store = Store(database_of(full))
    assert store.share == share
    store.store_batch([], [Suspect(KIOSK, "E03", b"odd")], [], 10)
    assert store.quarantined() == {"E03": 2}, "numbers go on after the last"
    store.close()
    assert list(full.folder.glob(".*")) == []


def database_of(village: Village) -> str:
    return load_station(village.station / "station.toml").database_url


def lose_everything(village: Village) -> None:
    """As on a new machine: an empty disk and an empty database server."""
    engine = create_engine(database_of(village))
    village.station.rename(village.folder / "burnt")
    with engine.begin() as db:
        if engine.dialect.name == "postgresql":
            db.execute(text("DROP SCHEMA public CASCADE"))
            db.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    (village.folder / "station.db").unlink(missing_ok=True)


@pytest.mark.fresh
def test_the_restored_station_serves_its_kiosks(village: Village) -> None:
    outbox = village.add_kiosk("kiosk")
    backup = backed_up(village)
    village.station.rename(village.folder / "burnt")
    restored(backup, village.station)
    village.start_broker()
    village.start_station()
    village.start_courier("kiosk")
    put(outbox, village, 1, "after")
    wait_until(lambda: outbox.counts().real == 0)
    assert arrived(village) == ["after:0"]


def test_a_backup_is_taken_while_the_receiver_stores(village: Village, postgres: Postgres) -> None:
    village.use_database(postgres.database())
    outbox = village.add_kiosk("kiosk")
    village.start_broker()
    village.start_station()
    village.start_courier("kiosk")
    put(outbox, village, 20)
    backup = backed_up(village)
    wait_until(lambda: outbox.counts().real == 0)
    assert village.terminate("station") == 0
    restored(backup, village.station, replace=True)
    assert set(arrived(village)) <= set(sent(20))


def test_restoring_refuses_to_replace_a_station_unless_told_and_keeps_the_old_one(
    full: Village,
) -> None:
    backup = backed_up(full)
    store = Store(database_of(full))
    fill(store, full, ["later:1"])
    store.close()
    with pytest.raises(StationError, match="--replace"):
        restored(backup, full.station)
    assert arrived(full) == [*REPORTS, "later:1"]
    restored(backup, full.station, replace=True)
    assert arrived(full) == REPORTS
    before = full.folder / "station.before-restore-1"
    assert files(before)["link.master"] == full.master


def test_a_database_that_is_used_is_not_replaced_either(
    village: Village, postgres: Postgres
) -> None:
    village.use_database(postgres.database())
    Store(database_of(village)).close()
    backup = backed_up(village)
    with pytest.raises(StationError, match="--replace"):
        restored(backup, village.folder / "other")
    assert not (village.folder / "other").exists()


def half(data: bytearray) -> None:
    del data[HEAD + 2 * SEALED :]


def one_bit(data: bytearray) -> None:
    data[-CHUNK] ^= 1


def swapped(data: bytearray) -> None:
    first, second = slice(HEAD, HEAD + SEALED), slice(HEAD + SEALED, HEAD + 2 * SEALED)
    data[first], data[second] = data[second], data[first]


def a_photo(data: bytearray) -> None:
    data[:] = b"photo"


def nothing(data: bytearray) -> None:
    """The passphrase is wrong instead."""


def test_what_is_no_whole_backup_is_told_and_changes_nothing(village: Village) -> None:
    (village.station / "large").write_bytes(os.urandom(5 * CHUNK))
    backup = backed_up(village)
    whole, before = backup.read_bytes(), files(village.station)
    for harm in (half, one_bit, swapped, a_photo, nothing):
        data = bytearray(whole)
        harm(data)
        backup.write_bytes(data)
        with pytest.raises(BackupError, match="bản sao lưu"):
            restored(backup, village.station, SECRET if harm is not nothing else "?", replace=True)
        assert files(village.station) == before
        assert {path.name for path in village.folder.iterdir()} == {"broker", "station", "stick"}


def test_a_full_disk_leaves_the_backup_of_yesterday(village: Village) -> None:
    Store(f"sqlite:///{village.station / 'station.db'}").close()
    backup = backed_up(village)
    yesterday = backup.read_bytes()
    (village.station / "large").write_bytes(os.urandom(500_000))

    def on_a_small_disk() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))

    config = village.station / "station.toml"
    told = station("backup", "--config", config, backup, before=on_a_small_disk)
    assert told.returncode == 2
    assert "đĩa" in told.stderr
    assert backup.read_bytes() == yesterday
    assert [path.name for path in backup.parent.iterdir()] == [backup.name]
    assert list(village.station.glob(".*")) == []


def test_ctrl_c_leaves_nothing_behind(village: Village) -> None:
    (village.station / "large").write_bytes(bytes(200_000_000))
    target = village.folder / "station.backup"
    secret = village.station / "passphrase"
    process = subprocess.Popen(
        [sys.executable, "-m", "uplink.station.commands.main", "backup", "--config",
         str(village.station / "station.toml"), str(target), "--passphrase-file", str(secret)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    wait_until(lambda: (village.folder / ".station.backup.draft").exists())
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=DEADLINE)
    assert process.returncode == 130
    assert {path.name for path in village.folder.iterdir()} == {"broker", "station"}
    assert list(village.station.glob(".*")) == []


def test_nothing_of_the_station_is_readable_in_its_backup(full: Village) -> None:
    sealed = backed_up(full).read_bytes()
    assert full.master not in sealed
    assert b"SQLite format" not in sealed
    assert b"station.toml" not in sealed


@pytest.mark.parametrize("key", ["tls_key", "kiosks"])
def test_a_station_that_is_spread_over_the_disk_is_not_half_backed_up(
    village: Village, key: str
) -> None:
    config = village.station / "station.toml"
    elsewhere = {"tls_key": str(village.station / "tls.key"), "kiosks": "../station/kiosks.toml"}
    edit(config, {key: elsewhere[key]})
    with pytest.raises(StationError, match=key):
        backed_up(village)


def test_a_backup_does_not_lie_within_the_station(village: Village) -> None:
    target = village.station / "backup"
    with pytest.raises(StationError, match="disk"):
        backups.back_up(village.station / "station.toml", target, SECRET, Progress(disable=True))


@pytest.mark.fresh
def test_sqlite_and_postgresql_take_each_others_backups(
    village: Village, postgres: Postgres
) -> None:
    store = Store(f"sqlite:///{village.station / 'station.db'}")
    fill(store, village, REPORTS)
    share = store.share
    store.close()
    backup = backed_up(village)
    moved = village.folder / "moved"
    restored(backup, moved)
    url = postgres.database()
    dump.fill(url, moved / "station.db")
    store = Store(url)
    assert store.share == share
    assert len(list(store.complete_parts(Kind.ICON))) == len(REPORTS)
    store.close()

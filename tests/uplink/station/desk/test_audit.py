"""Whoever changes the log of openings without the keys is found out."""

import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine, text

from tests.uplink.station.desk.place import READER, Client, crime, deliver, office_served
from tests.uplink.village import ROOT, Village
from uplink.station.database.engine import open_engine, prepare
from uplink.station.desk.auth.audit import AuditBroken, AuditLog

KEY = bytes(range(32))
FORGED_DIGEST = b"\x01" * 32


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    made = open_engine(database)
    prepare(made)
    yield made
    made.dispose()


@pytest.fixture
def log(engine: Engine) -> AuditLog:
    made = AuditLog(engine, KEY, lambda: 1_780_000_000)
    for number in range(1, 6):
        assert made.add(READER, "open", f"case {number}") == number
    return made


def test_a_log_that_nobody_touched_is_whole(log: AuditLog, engine: Engine) -> None:
    count, fingerprint = log.verify()
    assert count == 5
    assert AuditLog(engine, KEY).verify() == (5, fingerprint)
    assert [entry.subject for entry in log.entries(2)] == ["case 5", "case 4"]
    log.add(READER, "open", "case 6")
    assert log.verify() != (5, fingerprint)


Tampering = Callable[[Engine], None]


def _run(*statements: str) -> Tampering:
    def tamper(engine: Engine) -> None:
        with engine.begin() as db:
            for statement in statements:
                db.execute(text(statement))

    return tamper


@pytest.mark.parametrize(
    "tamper",
    [
        _run("UPDATE desk_audit SET sealed = (SELECT sealed FROM desk_audit WHERE number = 1) "
             "WHERE number = 3"),
        _run("DELETE FROM desk_audit WHERE number = 3"),
        _run("DELETE FROM desk_audit WHERE number = 5"),
        _run("DELETE FROM desk_audit WHERE number = 5",
             "UPDATE desk_audit_head SET number = 4"),
        _run("DELETE FROM desk_audit", "DELETE FROM desk_audit_head WHERE number = 99",
             "UPDATE desk_audit_head SET number = 0"),
        _run("DELETE FROM desk_audit_head"),
        _run("INSERT INTO desk_audit SELECT 6, sealed, digest FROM desk_audit WHERE number = 5"),
    ],
    ids=["changed", "removed", "cut", "cut with head", "emptied", "beheaded", "added"],
)  # fmt: skip
def test_tampering_is_found(log: AuditLog, engine: Engine, tamper: Tampering) -> None:
    tamper(engine)
    with pytest.raises(AuditBroken):
        log.verify()


def test_a_chain_made_anew_without_the_key_is_found(log: AuditLog, engine: Engine) -> None:
    forger = AuditLog(engine, bytes(32))
    _run("DELETE FROM desk_audit", "DELETE FROM desk_audit_head")(engine)
    forger.add(READER, "open", "nothing to see")
    with pytest.raises(AuditBroken):
        log.verify()


def test_nothing_is_opened_while_the_log_is_broken(village: Village) -> None:
    deliver(village, crime())
    with office_served(village) as (office, port):
        client = Client(port)
        client.sign_in()
        (path,) = client.cases()
        _run("UPDATE desk_audit_head SET number = 7")(office.engine)
        refused = client.get(path)
        assert refused.status == 503
        assert "đường núi" not in refused.text


def test_the_command_tells(village: Village) -> None:
    command = [sys.executable, "-m", "uplink.station.commands.main", "audit", "verify"]
    told = [
        "--config",
        str(village.station / "station.toml"),
        "--passphrase-file",
        str(village.station / "passphrase"),
    ]

    def verify() -> subprocess.CompletedProcess[str]:
        return subprocess.run(command + told, cwd=ROOT, capture_output=True, text=True, check=False)

    deliver(village, crime())
    with office_served(village) as (office, port):
        client = Client(port)
        client.sign_in()
        client.get(client.cases()[0])
        whole = verify()
        assert whole.returncode == 0
        assert "2 dòng" in whole.stdout
        _run("UPDATE desk_audit SET digest = sealed WHERE number = 2")(office.engine)
        broken = verify()
    assert broken.returncode == 2
    assert "entry 2" in broken.stderr

import base64
import json
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509

from kiosk.common.errors import StationError
from kiosk.protocol.cells import BODY, Chunk, Header, Kind, Status
from tests.uplink.commands import run
from tests.uplink.village import PASSPHRASE, Village, icon_chunks, make_report
from uplink.station.keys import AuthorityPublic, init_station, unlock
from uplink.station.receive.store import Arrival, Store, Suspect


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    store = Store(database)
    yield store
    store.close()


def arrivals(count: int, kind: Kind = Kind.VOICE) -> list[Arrival]:
    report_id = secrets.token_bytes(16)
    return [
        Arrival(
            "a" * 32, Chunk(Header(kind, False, report_id, index, count), bytes([index]) * BODY)
        )
        for index in range(count)
    ]


def test_a_part_is_whole_when_its_last_chunk_has_come(store: Store) -> None:
    parts = arrivals(3)
    store.store_batch([parts[2], parts[0]], [], [], 10)
    assert list(store.complete_parts(Kind.VOICE)) == []
    store.store_batch([parts[1]], [], [], 12)
    (part,) = store.complete_parts(Kind.VOICE)
    assert part.sealed == b"".join(each.chunk.body for each in parts)
    assert part.hour == 12
    assert list(store.complete_parts(Kind.ICON)) == []


def test_storing_twice_changes_nothing(store: Store) -> None:
    parts = arrivals(1)
    assert store.store_batch(parts + parts, [], [], 10) == [Status.STORED] * 2
    assert store.store_batch(parts, [], [], 11) == [Status.STORED]
    (part,) = store.complete_parts(Kind.VOICE)
    assert part.hour == 10


def test_the_first_body_of_a_name_wins(store: Store) -> None:
    (first,) = arrivals(1)
    second = Arrival(first.kiosk, Chunk(first.chunk.header, bytes(reversed(range(256))) * 16))
    elsewhere = Arrival("b" * 32, first.chunk)
    found = store.store_batch([first, second, elsewhere], [], [], 10)
    assert found == [Status.STORED, Status.REFUSED, Status.STORED]
    assert store.quarantined() == {"E06": 1}
    assert first.chunk.body in {part.sealed for part in store.complete_parts(Kind.VOICE)}


def test_kiosks_and_suspects_are_noted(store: Store) -> None:
    store.store_batch([], [Suspect("x" * 99, "E03", b"blob")], ["a", "a", "b"], 10)
    store.store_batch([], [], ["a"], 11)
    assert store.last_heard() == {"a": 11, "b": 10}
    assert store.quarantined() == {"E03": 1}


@pytest.mark.parametrize("url", ["sqlite:////none/none.db", "mysql://x/y", "nonsense", ""])
def test_an_unusable_database_is_explained(url: str) -> None:
    with pytest.raises(StationError):
        Store(url)


def test_private_files_are_private_and_report_keys_locked(village: Village) -> None:
    for name in ("report-1.key", "link.master", "tls.key"):
        assert (village.station / name).stat().st_mode & 0o077 == 0
    seed = village.report_key.seed
    assert seed[:32] not in (village.station / "report-1.key").read_bytes()
    with pytest.raises(StationError):
        unlock(village.station, PASSPHRASE + "x")


def test_the_request_gives_the_authority_what_it_needs_and_no_more(village: Village) -> None:
    request = village.request()
    assert request.keys() == {"name", "report_key", "notice_key", "csr", "link_master"}
    assert base64.b64decode(request["report_key"]) == village.report_key.public.raw
    sealed = base64.b64decode(request["link_master"])
    assert village.authority.sealing.open_link_master(sealed) == village.master
    assert x509.load_pem_x509_csr(request["csr"].encode()).is_signature_valid


def test_a_station_is_made_once(village: Village) -> None:
    with pytest.raises(StationError):
        init_station(village.station, "again", PASSPHRASE, village.authority.public)
    assert unlock(village.station, PASSPHRASE)[0].seed == village.report_key.seed


def test_init_by_command(village: Village) -> None:
    folder = village.folder / "new"
    common = ["init", "--folder", str(folder), "--name", "Đồn mới"]
    common += ["--authority", str(village.authority_file())]
    short = village.folder / "short"
    short.write_text("short\n")
    refused = run(*common, "--passphrase-file", str(short))
    assert refused.returncode == 2
    assert not folder.exists()
    done = run(*common, "--passphrase-file", str(village.station / "passphrase"))
    assert done.returncode == 0, done.stderr
    assert unlock(folder, PASSPHRASE)
    assert json.loads((folder / "request.json").read_text())["name"] == "Đồn mới"


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"name": "a", "root": 3}', "\x00"])
def test_a_broken_authority_file_is_explained(tmp_path: Path, text: str) -> None:
    (tmp_path / "authority.json").write_text(text)
    with pytest.raises(StationError):
        AuthorityPublic.load(tmp_path / "authority.json")


def test_the_inbox_shows_reports_and_its_table_no_ids(village: Village) -> None:
    store = Store(f"sqlite:///{village.station / 'station.db'}")
    report = make_report(what=("a:b",), where="forest", urgent=True)
    (chunk,) = icon_chunks(report, village.report_key.public)
    store.store_batch([Arrival("a" * 32, chunk)], [], [], 494_000)
    store.close()
    (item,) = village.inbox()
    assert item == {
        "id": report.report_id.hex(),
        "box": "fraud",
        "what": ["a:b"],
        "where": "forest",
        "when": None,
        "how_many": None,
        "urgent": True,
        "language": "hmn",
        "channel": "touch",
        "text": "",
        "answerable": False,
        "arrived": "2026-05-10T08:00Z",
    }
    table = run(
        "inbox",
        "--config",
        str(village.station / "station.toml"),
        "--passphrase-file",
        str(village.station / "passphrase"),
    )
    assert "Tin báo đã đến" in table.stdout
    assert report.report_id.hex() not in table.stdout


def test_a_wrong_passphrase_is_told_without_a_traceback(village: Village) -> None:
    wrong = village.folder / "wrong"
    wrong.write_text("not the passphrase")
    config = str(village.station / "station.toml")
    done = run("inbox", "--config", config, "--passphrase-file", str(wrong))
    assert done.returncode == 2
    assert "passphrase is wrong" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_broken_config_is_told_without_a_traceback(village: Village) -> None:
    (village.station / "station.toml").write_text("brokers = 3\n")
    done = run("serve", "--config", str(village.station / "station.toml"))
    assert done.returncode == 2
    assert "did you mean 'broker'?" in done.stderr
    assert "Traceback" not in done.stderr

"""Cases rest encrypted, are changed by one officer at a time, and deleted for good."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text

from kiosk.common.errors import StationError
from kiosk.protocol.sealing import StationPrivateKey
from tests.uplink.station.desk.place import SECRET, Client, crime, deliver, office_served
from tests.uplink.village import Village, icon_chunks
from uplink.station.database.engine import open_engine
from uplink.station.desk.auth.officers import OfficerKeys
from uplink.station.desk.auth.vault import new_key
from uplink.station.desk.cases.casebook import Casebook, CaseState, Conflict, Event
from uplink.station.receive.store import Arrival, Store

KIOSK = "ab" * 16
HOUR = 495_000
WORDS = "cây gạo đầu bản nở hoa"


class Books:
    """A store and the casebook beside it, on any database."""

    def __init__(self, url: str) -> None:
        self.store = Store(url)
        self.engine = open_engine(url)
        report_key = StationPrivateKey.generate()
        self.keys = OfficerKeys(new_key(), (report_key,), Ed25519PrivateKey.generate())
        self.public = report_key.public
        self.book = self.open()

    def open(self) -> Casebook:
        book = Casebook(self.engine, self.store, self.keys)
        book.refresh()
        return book

    def come(self, *reports: object, key: object = None, hour: int = HOUR) -> None:
        arrivals = [
            Arrival(KIOSK, chunk)
            for report in reports
            for chunk in icon_chunks(report, key or self.public)  # type: ignore[arg-type]
        ]
        self.store.store_batch(arrivals, [], [KIOSK], hour)
        self.book.refresh()


@pytest.fixture
def books(database: str) -> Iterator[Books]:
    made = Books(database)
    yield made
    made.store.close()
    made.engine.dispose()


def test_what_came_is_opened_once_and_read_again_from_its_own_row(books: Books) -> None:
    report = crime(text=WORDS, urgent=True, day="2026-11-22 pm")
    books.come(report)
    (case,) = books.book.all()
    assert case.report == report
    assert (case.state, case.hour, case.kiosk, case.urgent) == ("received", HOUR, KIOSK, True)
    assert books.open().all() == [case]


def test_what_came_while_a_clock_was_wrong_is_found_as_well(books: Books) -> None:
    for hour in (HOUR, HOUR + 30, HOUR + 31, HOUR + 30):
        books.come(crime(), hour=hour)
    assert len(books.book.all()) == 4, "an hour back is looked at each time"
    books.come(crime(), hour=HOUR - 500)
    assert len(books.open().all()) == 5, "all of it when somebody signs in, and once a minute"


def test_a_report_that_does_not_open_is_flagged_and_hides_no_other(books: Books) -> None:
    stranger = StationPrivateKey.generate()
    books.come(crime(), key=stranger.public)
    books.come(crime())
    assert sorted((case.problem, case.report is None) for case in books.book.all()) == [
        ("", False),
        ("E04", True),
    ]


def test_of_two_officers_the_second_is_told(books: Books) -> None:
    books.come(crime())
    (case,) = books.book.all()
    books.book.change(case, Event(1, "A", "note", "đã hỏi"), state=CaseState.CHECKING)
    with pytest.raises(Conflict):
        books.open().change(case, state=CaseState.FALSE)
    (now,) = books.open().all()
    assert now.state is CaseState.CHECKING
    assert [event.text for event in now.events] == ["đã hỏi"]


def test_what_is_deleted_stays_deleted_when_its_cell_comes_again(books: Books) -> None:
    report = crime()
    books.come(report, crime())
    doomed = next(case for case in books.book.all() if case.report == report)
    books.book.forget([doomed])
    assert len(books.book.all()) == len(books.open().all()) == 1
    with pytest.raises(KeyError):
        books.book.get(doomed.id)
    assert books.store.parts_of(KIOSK, report.report_id) == []


def test_the_very_cell_of_a_deleted_report_is_answered_and_forgotten(books: Books) -> None:
    chunks = icon_chunks(crime(), books.public)
    arrivals = [Arrival(KIOSK, chunk) for chunk in chunks]
    first = books.store.store_batch(arrivals, [], [KIOSK], 495_000)
    books.book.refresh()
    books.book.forget(books.book.all())
    assert books.store.store_batch(arrivals, [], [KIOSK], 495_001) == first
    assert books.open().all() == []


def test_a_row_put_in_anothers_place_is_noticed(books: Books) -> None:
    books.come(crime(), crime(box="order", what=("fire",)))
    with books.engine.begin() as db:
        first = "(SELECT sealed FROM desk_cases ORDER BY id LIMIT 1)"
        db.execute(text(f"UPDATE desk_cases SET sealed = {first}"))
    with pytest.raises(StationError):
        books.open()


def test_nothing_that_was_read_or_written_lies_open_on_the_disk(village: Village) -> None:
    deliver(village, crime(text=WORDS))
    with office_served(village) as (_, port):
        client = Client(port)
        client.sign_in()
        (path,) = client.cases()
        assert WORDS in client.get(path).text
        client.act(
            f"{path}/step", version=client.version(path), state="checking", note="gặp ở chợ phiên"
        )
        client.act(f"{path}/release", reason="đi tìm hiểu thêm")
        client.get(f"/?words={WORDS}")
        shown = client.get(path).text
        assert "gặp ở chợ phiên" in shown
        assert "đi tìm hiểu thêm" in shown
        disk = b"".join(p.read_bytes() for p in village.station.rglob("*") if p.is_file())
    for words in (WORDS, "gặp ở chợ phiên", "đi tìm hiểu thêm", "mountain_path", SECRET):
        assert words.encode() not in disk


def test_the_columns_in_clear_are_the_four_and_a_version(village: Village) -> None:
    deliver(village, crime())
    with office_served(village) as (_, port):
        client = Client(port)
        client.sign_in()
        client.get("/")
    with closing(sqlite3.connect(village.station / "station.db")) as db:
        columns = [row[1] for row in db.execute("PRAGMA table_info(desk_cases)")]
    assert set(columns) - {"id", "report_id", "sealed"} == {
        "kiosk",
        "hour",
        "urgent",
        "state",
        "version",
    }

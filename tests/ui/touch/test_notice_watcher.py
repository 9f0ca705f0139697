"""The newsreader reads a real inbox and posts what is new on the board."""

import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from queue import Empty, Queue

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.content import questionnaire as questionnaires
from kiosk.device import config as configs
from kiosk.device import station_clock
from kiosk.flow.model import BoardChanged, Event
from kiosk.protocol import procedures
from kiosk.protocol.message import Kind
from kiosk.protocol.notice import MAX_TEXT, Notice, NoticeSound
from kiosk.protocol.procedures import Procedure
from tests.ui.touch.bulletin import FLOOD, FRAUD, arrive, post, withdraw
from tests.ui.touch.place import provision
from tests.waiting import DEADLINE, wait_until
from ui.touch.notice_watcher import NoticeWatcher


class Reader:
    """A newsreader on a provisioned kiosk."""

    def __init__(self, folder: Path, options: str = "") -> None:
        self.folder, path = folder, folder / "kiosk.toml"
        path.write_text(path.read_text() + options)
        self.posted: Queue[Event] = Queue()
        self.recordings: dict[tuple[str, str], bytes] = {}
        asked = questionnaires.load()
        self.reader = NoticeWatcher(configs.load(path), asked, self.posted.put, self.learn)

    def learn(self, recordings: Mapping[tuple[str, str], bytes]) -> None:
        self.recordings = dict(recordings)

    def news(self) -> BoardChanged:
        self.reader.look()
        news = self.posted.get(timeout=DEADLINE)
        assert isinstance(news, BoardChanged)
        return news

    def silent(self) -> bool:
        """Whether nothing is posted by the looks so far."""
        self.reader.close()
        try:
            self.posted.get_nowait()
        except Empty:
            return True
        return False


OpenReader = Callable[..., Reader]
"""Opens a reader on a kiosk.toml with more settings; it is closed after the test."""


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[OpenReader]:
    provision(tmp_path)
    readers: list[Reader] = []

    def start(*options: str) -> Reader:
        readers.append(Reader(tmp_path, *options))
        return readers[-1]

    yield start
    for each in readers:
        each.reader.close()


@pytest.fixture
def reader(opened: OpenReader) -> Reader:
    started = opened()
    assert started.news().board.notices == ()
    return started


def words(news: BoardChanged) -> list[str]:
    return [posted.text.vi for posted in news.board.notices]


def test_notices_come_newest_first_and_go_again(reader: Reader) -> None:
    now = int(time.time())
    post(reader.folder, FRAUD, issued=now - 60)
    assert words(reader.news()) == [FRAUD.vi]
    flood = post(reader.folder, FLOOD, issued=now)
    news = reader.news()
    assert words(news) == [FLOOD.vi, FRAUD.vi]
    assert news.arrived == (flood.hex(),)
    withdraw(reader.folder, flood)
    assert words(reader.news()) == [FRAUD.vi]


def test_what_stands_on_the_board_at_the_start_is_not_new(
    opened: OpenReader, tmp_path: Path
) -> None:
    post(tmp_path, FRAUD)
    reader = opened()
    assert reader.news().arrived == ()


def test_a_notice_ends_by_the_stations_time(reader: Reader) -> None:
    now = int(time.time())
    post(reader.folder, FRAUD, issued=now - 600, until=now + 30)
    assert words(reader.news()) == [FRAUD.vi]
    station_clock.hear(reader.folder / "station.clock", now + 120)
    assert words(reader.news()) == []


def test_what_another_key_has_signed_or_no_kiosk_can_show_never_gets_there(reader: Reader) -> None:
    forger = Ed25519PrivateKey.generate()
    arrive(reader.folder, Kind.NOTICE, FRAUD.encode(), key=forger)
    too_long = Notice("fraud", "a" * MAX_TEXT)
    object.__setattr__(too_long, "vi", "a" * (MAX_TEXT + 1))
    with pytest.raises(Exception, match="words"):
        post(reader.folder, too_long)
    unknown = post(reader.folder, Notice("dragons", "Có rồng."))
    (posted,) = reader.news().board.notices
    assert posted.notice_id == unknown.hex()
    assert posted.picture == "place_station"


def test_a_recording_is_handed_over_with_its_text(reader: Reader) -> None:
    notice = post(reader.folder, FLOOD)
    arrive(reader.folder, Kind.SOUND, NoticeSound(notice, "hmn", b"OggS...").encode())
    arrive(reader.folder, Kind.SOUND, NoticeSound(bytes(16), "hmn", b"of nothing").encode())
    (posted,) = reader.news().board.notices
    assert posted.text.spoken("hmn") == (FLOOD.vi, "hmn")
    assert reader.recordings == {(FLOOD.vi, "hmn"): b"OggS..."}


def test_the_newest_library_counts_and_pictures_that_are_not_known_are_left_out(
    reader: Reader,
) -> None:
    now = int(time.time())
    for issued, cards in ((now - 60, ("paper_id",)), (now, ("paper_birth", "paper_of_tomorrow"))):
        content = procedures.encode({"birth": Procedure(cards)})
        arrive(reader.folder, Kind.LIBRARY, content, issued=issued)
    arrive(reader.folder, Kind.LIBRARY, b"of another version", issued=now + 1)
    assert reader.news().board.procedures == {"birth": Procedure(("paper_birth",))}


def test_when_nothing_has_changed_nothing_is_posted(reader: Reader) -> None:
    post(reader.folder, FRAUD)
    reader.news()
    for _ in range(3):
        reader.reader.look()
    assert reader.silent()


def test_a_damaged_inbox_leaves_the_board_as_it_was(
    reader: Reader, caplog: pytest.LogCaptureFixture
) -> None:
    post(reader.folder, FRAUD)
    reader.news()
    for path in reader.folder.glob("inbox.db*"):
        path.write_bytes(b"not a database at all")
    reader.reader.look()
    wait_until(lambda: caplog.records)
    assert reader.silent()
    assert {record.getMessage() for record in caplog.records} == {"E19"}


def test_in_the_loudspeakers_hour_it_says_so(opened: OpenReader) -> None:
    hour = int(time.time()) // 3600 * 3600
    reader = opened('[sound]\nloud_hours = ["0-12", "12-24"]\n')
    station_clock.hear(reader.folder / "station.clock", hour + 60)
    assert reader.news().loud

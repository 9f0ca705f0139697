"""What the station tells, on phones: notices with pictures and sound, procedures with forms."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from audio.clips.clip_files import mp3
from audio.playback.ogg_opus import decoded
from kiosk.common.errors import AudioError
from kiosk.protocol import procedures
from kiosk.protocol.message import Kind
from kiosk.protocol.notice import Notice, NoticeSound
from tests.audio.recordings import hum, recorded
from tests.ui.phone.browser import PAGE, Phone
from tests.ui.phone.conftest import url
from tests.ui.phone.place import Hotspot, provision_hotspot, serving
from tests.ui.phone.place import Phone as Client
from tests.ui.touch.bulletin import BIRTH, FLOOD, FORM, FRAUD, arrive, post, withdraw
from tests.waiting import wait_until

EARLIER = {"issued": 1_700_000_000, "until": 4_000_000_000}
RECORDED = recorded(hum(2.0))


@pytest.fixture
def place(tmp_path: Path) -> Hotspot:
    return provision_hotspot(tmp_path / "kiosk")


@pytest.fixture
def client(place: Hotspot) -> Iterator[Client]:
    with serving(place):
        yield Client(place)
    assert (place.folder / "phone.log").read_bytes() == b""


def record(place: Hotspot, notice_id: bytes, language: str, audio: bytes = RECORDED) -> None:
    arrive(place.folder, Kind.SOUND, NoticeSound(notice_id, language, audio).encode())


def test_notices_come_and_go_while_the_server_runs(client: Client, place: Hotspot) -> None:
    assert client.board()["notices"] == []
    fraud = post(place.folder, FRAUD, **EARLIER)
    flood = post(place.folder, FLOOD)
    assert [told["id"] for told in client.board()["notices"]] == [flood.hex(), fraud.hex()]
    withdraw(place.folder, flood)
    (told,) = client.board()["notices"]
    assert told == {
        "id": fraud.hex(),
        "picture": "notice_fraud",
        "words": {"vi": FRAUD.vi, "hmn": FRAUD.hmn},
        "opening": {"vi": "Công an không gọi điện đòi tiền.", "hmn": FRAUD.hmn},
        "sounds": [],
    }


def test_a_recording_is_heard_as_mp3_by_whom_it_is_for(client: Client, place: Hotspot) -> None:
    notice = post(place.folder, FRAUD)
    record(place, notice, "hmn")
    assert client.board()["notices"][0]["sounds"] == ["hmn"]
    status, headers, sound = client.get(f"/notices/{notice.hex()}.hmn.mp3")
    assert (status, headers["content-type"]) == (200, "audio/mpeg")
    assert sound == mp3(decoded(RECORDED))
    assert client.get(f"/notices/{notice.hex()}.hmn.mp3", Range="bytes=0-9")[2] == sound[:10]
    for missing in (f"{notice.hex()}.vi", "00" * 16 + ".vi", "..%2f..%2fkiosk.hmn"):
        assert client.get(f"/notices/{missing}.mp3")[0] == 404


def test_one_in_vietnamese_is_for_everybody_where_there_is_no_hmong(
    client: Client, place: Hotspot
) -> None:
    notice = post(place.folder, FLOOD)
    record(place, notice, "vi")
    assert client.board()["notices"][0]["sounds"] == ["vi", "hmn"]
    assert client.get(f"/notices/{notice.hex()}.hmn.mp3")[0] == 200


def test_a_recording_that_is_none_is_passed_over(place: Hotspot) -> None:
    notice = post(place.folder, FLOOD)
    record(place, notice, "vi", b"OggS" + bytes(400))
    with serving(place):
        assert Client(place).get(f"/notices/{notice.hex()}.vi.mp3")[0] == 404
        assert Client(place).get("/")[0] == 200
    assert (place.folder / "phone.log").read_text().splitlines() == [f"ERROR {AudioError.code}"]


def test_the_station_s_procedures_count_before_the_product_s(
    client: Client, place: Hotspot
) -> None:
    before = client.board()["procedures"]
    assert before["birth"]["cards"] == ["paper_id", "paper_birth", "place_office"]
    assert before["residence"]["form"] == "https://dvc.vn/tt"
    arrive(place.folder, Kind.LIBRARY, procedures.encode({"birth": BIRTH}))
    assert client.board()["procedures"] == before | {
        "birth": {
            "cards": ["paper_id", "place_office"],
            "lines": [{"vi": "Lệ phí: không mất tiền.", "hmn": "Tsis them nyiaj."}],
            "form": FORM,
        }
    }


def test_an_inbox_that_cannot_be_read_leaves_the_page_as_it_is(place: Hotspot) -> None:
    (place.folder / "inbox.db").write_bytes(b"no inbox" * 1000)
    with serving(place):
        assert Client(place).board()["notices"] == []
        assert Client(place).site()["open"]


@pytest.fixture
def told(place: Hotspot, browser: Phone, address: str, tmp_path: Path) -> Iterator[Phone]:
    """The real page of a kiosk to which the station has sent something."""
    served = provision_hotspot(tmp_path / "served" / "kiosk", address, PAGE)
    folder = served.folder
    post(folder, Notice("health", "<b>Tiêm</b> phòng", ""), **EARLIER)
    fraud = post(folder, FRAUD)
    record(served, fraud, "hmn")
    arrive(folder, Kind.LIBRARY, procedures.encode({"birth": BIRTH}))
    with serving(served):
        browser.requests()
        yield browser.open(url(served))


def test_the_newest_notice_stands_on_the_first_page_and_all_of_them_in_listen(told: Phone) -> None:
    assert "Công an không gọi điện đòi tiền." in told.one("[data-action=notices]").text
    told.tap("[data-action=notices]")
    told.shows("notices")
    told.tap("[data-action=back]")
    told.choose("hmn", "listen")
    told.shows("notices")
    shown = [tile.text for tile in told.find("main .grid button")]
    assert shown[0].splitlines()[0] == FRAUD.hmn
    assert "<b>Tiêm</b> phòng" in shown[1]
    assert len(shown) == 2 + 4


def test_a_recording_is_heard_when_asked_for_and_where_there_is_none_nothing_is_offered(
    told: Phone,
) -> None:
    told.choose("hmn", "listen")
    told.tap("main .grid button")
    told.shows("notice")
    assert FRAUD.vi in told.text
    told.tap("[data-action=say]")
    heard: list[str] = []

    def sounds() -> list[str]:
        heard.extend(one for one in told.requests() if ".mp3" in one)
        return heard

    wait_until(lambda: [one for one in sounds() if one.endswith(".hmn.mp3")])
    told.tap("[data-action=back]")
    told.tap("main .grid button:nth-child(2)")
    told.shows("notice")
    assert not told.find("[data-action=say]")


def test_a_procedure_shows_the_station_s_lines_and_its_form(told: Phone) -> None:
    told.choose("vi", "ask", "birth")
    told.shows("procedure")
    assert "Lệ phí: không mất tiền." in told.text
    form = told.one("a.form")
    assert form.get_attribute("href") == FORM
    assert form.get_attribute("rel") == "noopener noreferrer"
    assert len(told.find("main .shown")) == 2

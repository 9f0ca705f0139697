"""The inbox finds what is looked for, sets side by side what belongs together, gives a table."""

import csv
import io

import pytest

from kiosk.protocol.sealing import StationPrivateKey
from tests.uplink.station.desk.place import HALLS, Client, crime, deliver
from tests.uplink.village import Village
from uplink.station.desk.pages.export import neutral

HOUR = 495_000


def titles(client: Client, query: str) -> int:
    return len(client.cases(f"/?{query}"))


def test_urgent_comes_first_then_unread_then_the_youngest(village: Village, client: Client) -> None:
    for hour in (HOUR, HOUR - 5, HOUR - 9):
        deliver(village, crime(), hour=hour)
    deliver(village, crime(urgent=True), hour=HOUR - 20)
    urgent, youngest, younger, oldest = client.cases()
    client.get(youngest)
    order = client.cases()
    assert order == [urgent, younger, oldest, youngest]
    assert "Khẩn" in client.get(order[0]).text
    assert [client.get(path).text.count("mark urgent") for path in order[1:]] == [0, 0, 0]


def test_it_is_filtered_by_box_place_state_and_words(village: Village, client: Client) -> None:
    deliver(village, crime(text="Xe không biển số"), hall=HALLS[0])
    deliver(village, crime(box="order", what=("fire", "fire_forest")), hall=HALLS[2])
    assert titles(client, "box=crime") == titles(client, "place=Các bản khác") == 1
    assert titles(client, "words=xe khong bien") == titles(client, "words=ĐƯỜNG núi ma tuy") == 1
    assert titles(client, "words=không có chữ này") == 0
    assert titles(client, "view=nonsense&page=-1") == 2
    (path,) = client.cases("/?box=crime")
    client.act(f"{path}/step", version=client.version(path), state="closed")
    assert client.cases("/?view=over") == [path]
    assert path not in client.cases()
    assert titles(client, "view=unread") == 1


def test_what_cannot_be_opened_says_so_in_words_and_with_its_code(
    village: Village, client: Client
) -> None:
    deliver(village, crime(), key=StationPrivateKey.generate().public)
    (path,) = client.cases()
    words = "Khóa của kiosk và đồn không khớp, hoặc không đáng tin (E04)"
    assert words in client.get("/").text
    assert f"Tin này chưa đọc được. {words}. Xin gọi kỹ thuật" in client.get(path).text


def test_notes_are_found_too(village: Village, client: Client) -> None:
    deliver(village, crime(), crime())
    path = client.cases()[0]
    client.act(f"{path}/step", version=client.version(path), note="Hỏi già làng")
    assert client.cases("/?words=gia lang") == [path]


def test_the_list_is_sent_again_only_when_something_changed(
    village: Village, client: Client
) -> None:
    page = client.get("/").text
    seen = page.split("seen=")[1].split('"')[0]
    assert client.get(f"/inbox?seen={seen}").status == 204
    deliver(village, crime())
    assert client.get(f"/inbox?seen={seen}").status == 200


def test_reports_that_may_tell_of_the_same_stand_side_by_side(
    village: Village, client: Client
) -> None:
    deliver(village, crime(), hall=HALLS[0], hour=HOUR)
    deliver(village, crime(how_many="few"), hall=HALLS[1], hour=HOUR + 30)
    deliver(village, crime(), hall=HALLS[2], hour=HOUR)
    deliver(village, crime(), hall=HALLS[0], hour=HOUR + 300)
    deliver(village, crime(what=("theft",)), hall=HALLS[0], hour=HOUR)
    two = [path for path in client.cases() if "/beside/" in client.get(path).text]
    assert len(two) == 2
    page = client.get(f"{two[0]}/beside{two[1].removeprefix('/report')}")
    assert page.text.count('class="sentence"') == 2


def test_the_table_has_no_typed_words_unless_asked(village: Village, client: Client) -> None:
    deliver(village, crime(text='=HYPERLINK("http://x")'))
    without = client.act("/export", days="7").text
    assert "HYPERLINK" not in without
    rows = list(csv.reader(io.StringIO(client.act("/export", days="7", with_text="1").text)))
    assert len(rows) == 2
    assert rows[1][-1] == '\'=HYPERLINK("http://x")'
    assert client.post("/export", {"days": "7"}).status == 403


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", "\n@", "  ="])
def test_no_cell_is_a_formula(start: str) -> None:
    assert neutral(f"{start}1+1").startswith("'")


def test_letters_that_are_not_to_be_seen_are_left_out() -> None:
    assert neutral("a\u202eb\x00c\u2066d") == "a b c d"
    assert neutral("Nậm Pồ") == "Nậm Pồ"

"""Answers written at the desk: sealed for one person, kept in the history, never in the clear."""

import hashlib
from contextlib import closing

import pytest

from kiosk.device.inbox import BOX_BYTES
from kiosk.protocol import message
from kiosk.protocol.cells import Chunk, Header
from kiosk.protocol.message import Kind
from kiosk.protocol.picture_code import expanded
from kiosk.protocol.reply import Reply, opened
from kiosk.protocol.report import Report
from kiosk.settings.station import load_station
from tests.uplink.station.desk.place import HALLS, Client, crime, deliver
from tests.uplink.village import Village
from uplink.link.health_report import Health
from uplink.station.database.engine import open_engine
from uplink.station.downlink.queue import DownQueue

BOX = expanded(bytes(range(32)))
LINE = "Xin bà con đừng lo <script>"


def page_of(client: Client, village: Village, report: Report) -> str:
    """The address of a report's page."""
    client.get("/")
    named = bytes.fromhex(village.kiosks[HALLS[0]]) + report.report_id
    return f"/report/{hashlib.sha256(named).hexdigest()[:32]}"


@pytest.fixture
def asked(village: Village, client: Client) -> str:
    report = crime(answer_key=BOX.public.raw)
    deliver(village, report)
    return page_of(client, village, report)


def queued(village: Village) -> list[Reply | None]:
    """What waits for the kiosk, as the person with the code would read it."""
    url = load_station(village.station / "station.toml").database_url
    engine = open_engine(url)
    with engine.connect() as db:
        rows = db.exec_driver_sql(
            "SELECT m.id, body FROM down_messages m JOIN down_chunks USING (id)"
            " WHERE kind = 4 ORDER BY issued"
        ).fetchall()
    engine.dispose()
    found = []
    for message_id, body in rows:
        chunk = Chunk(Header(Kind.ANSWER, False, message_id, 0, 1), body)
        content = message.decode([chunk], None).content
        assert content[:BOX_BYTES] == BOX.public.key_id
        found.append(opened(content[BOX_BYTES:], BOX))
    return found


def test_an_answer_is_sealed_queued_and_in_the_history(
    village: Village, client: Client, asked: str
) -> None:
    before = len(queued(village))
    fields = {"phrase": "come", "place": "place_station", "day": "monday", "text": LINE}
    assert client.act(f"{asked}/answer", **fields).headers["location"] == asked
    assert queued(village)[before:] == [Reply(("come", "place_station", "monday"), "", LINE)]
    shown = client.get(asked).text
    assert "Đang trên đường" in shown
    assert "Mời quý vị đến; Đến đồn biên phòng; Thứ hai" in shown
    assert "đừng lo &lt;script&gt;" in shown
    database = (village.station / "station.db").read_bytes()
    database += (village.station / "station.db-wal").read_bytes()
    assert LINE.encode() not in database


@pytest.mark.parametrize(
    ("fields", "cure"),
    [
        ({"text": "a" * 201}, "200"),
        ({"phrase": "dance"}, "received"),
        ({"phrase": "come", "day": "sunday"}, "monday"),
        ({"phrase": "call"}, "number"),
        ({"phrase": "call", "number": "gọi tôi"}, "digits"),
        ({}, "200"),
    ],
)
def test_what_cannot_be_an_answer_is_told_and_not_sent(
    village: Village, client: Client, asked: str, fields: dict[str, str], cure: str
) -> None:
    before = len(queued(village))
    reply = client.act(f"{asked}/answer", **fields)
    assert reply.status == 409
    assert cure in reply.text
    assert fields.get("text", "") in reply.text
    assert len(queued(village)) == before


def test_a_report_without_an_answer_box_offers_no_form(village: Village, client: Client) -> None:
    report = crime()
    deliver(village, report)
    page = page_of(client, village, report)
    assert "không để lại hộp trả lời" in client.get(page).text
    assert client.act(f"{page}/answer", phrase="received").status == 409


def test_a_new_step_answers_by_itself_where_the_person_is_to_know(
    village: Village, client: Client, asked: str
) -> None:
    before = len(queued(village))
    version = {"version": client.get(asked).text.split('name="version" value="')[1].split('"')[0]}
    client.act(f"{asked}/step", state="checking", sure="1", tell="1", **version)
    assert queued(village)[before:] == [Reply(("checking",))]
    version = {"version": client.get(asked).text.split('name="version" value="')[1].split('"')[0]}
    client.act(f"{asked}/step", state="false", sure="1", tell="1", **version)
    assert len(queued(village)) == before + 1


def test_a_reply_stands_beside_what_it_replies_to(
    village: Village, client: Client, asked: str
) -> None:
    reply = crime(answer_key=BOX.public.raw, box="reply", what=("reply_come",), when=None)
    deliver(village, reply)
    client.get("/")
    shown = client.get(asked).text
    assert "Cùng một người" in shown
    assert "Tôi sẽ đến" in shown


def test_an_answer_that_the_kiosk_has_is_said_to_have_arrived(
    village: Village, client: Client, asked: str
) -> None:
    client.act(f"{asked}/answer", phrase="received")
    assert "Đã tới máy" not in client.get(asked).text
    url = load_station(village.station / "station.toml").database_url
    with closing(DownQueue(url)) as queue:
        done = tuple(wanted.message_id for wanted in queue.wanted(0))
        queue.choose([(village.kiosks[HALLS[0]], Health(1, done).chunk())], 10**9)
    assert "Đã tới máy" in client.get(asked).text
    client.act(f"{asked}/answer", phrase="done")
    assert "<b>1</b> / 2" in client.get("/overview").text

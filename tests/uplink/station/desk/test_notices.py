"""Notices, procedures and appointments at the desk."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from kiosk.device.inbox import BOX_BYTES
from kiosk.protocol import procedures
from kiosk.protocol.message import Kind
from kiosk.protocol.notice import MAX_TEXT, Notice, NoticeText
from kiosk.protocol.procedures import Procedure
from kiosk.protocol.reply import opened
from kiosk.protocol.sealing import StationPrivateKey
from tests.uplink.station.desk.browser import Pc
from tests.uplink.station.desk.outgoing import sent
from tests.uplink.station.desk.place import Client, Reply, crime, deliver
from tests.uplink.village import Village
from uplink.station.desk.cases.casebook import Case, CaseState
from uplink.station.desk.notices.templates import samples
from uplink.station.desk.pages.appointments import by_day

HTML = "<script>alert(1)</script>"


def compose(client: Client, vi: str, **changes: str) -> Reply:
    until = (date.today() + timedelta(days=3)).isoformat()
    fields = {"topic": "fire", "vi": vi, "hmn": "", "until": until, "where": "all"}
    return client.act("/notices", **(fields | changes))


def identity(page: str, vi: str) -> str:
    """The id under which a notice stands in the list."""
    listed = page[page.index(vi, page.index("published")) :]
    found = re.search(r"/notices/(\w+)/withdraw", listed)
    assert found is not None
    return found[1]


def test_a_notice_is_signed_listed_and_taken_back(village: Village, client: Client) -> None:
    assert compose(client, "Cháy ở rừng\n phía bắc").status == 303
    ((item, content),) = sent(village, Kind.NOTICE)
    assert Notice.decode(content) == Notice("fire", "Cháy ở rừng phía bắc")
    assert item.valid_until - item.issued == 3 * 86_400
    page = client.get("/notices").text
    assert "0 / 3" in page
    assert client.act(f"/notices/{identity(page, 'Cháy ở rừng')}/withdraw").status == 303
    assert sent(village, Kind.NOTICE) == []
    assert len(sent(village, Kind.WITHDRAWAL)) == 1


def test_a_notice_for_one_kiosk_goes_there_alone(village: Village, client: Client) -> None:
    (hall, topic), *_ = village.kiosks.items()
    assert compose(client, "Riêng bản này", where="some", kiosk=topic).status == 303
    ((item, _),) = sent(village, Kind.NOTICE)
    assert item.kiosk == topic
    page = client.get("/notices").text
    assert f"· {hall}" in page
    client.act(f"/notices/{identity(page, 'Riêng bản này')}/withdraw")


@pytest.mark.parametrize(
    ("vi", "changes", "told"),
    [
        ("", {}, "từ 1 đến 200 chữ"),
        ("a" * (MAX_TEXT + 1), {}, "từ 1 đến 200 chữ"),
        ("Tốt", {"hmn": "b" * (MAX_TEXT + 1)}, "từ 1 đến 200 chữ"),
        ("Họp lúc … giờ", {}, "Xin điền nốt"),
        ("Tốt", {"until": date.today().isoformat()}, "ngày hết hạn"),
        ("Tốt", {"until": "2099-01-01"}, "ngày hết hạn"),
        ("Tốt", {"until": "hôm nào"}, "ngày hết hạn"),
        ("Tốt", {"where": "some"}, "ít nhất một kiosk"),
        ("Tốt", {"where": "some", "kiosk": "ab" * 16}, "ít nhất một kiosk"),
    ],
)
def test_a_mistake_is_told_and_nothing_is_lost_or_sent(
    village: Village, client: Client, vi: str, changes: dict[str, str], told: str
) -> None:
    before = sent(village, Kind.NOTICE)
    reply = compose(client, vi, **changes)
    assert reply.status == 422
    assert told in reply.text
    assert vi in reply.text
    assert sent(village, Kind.NOTICE) == before


def test_an_unknown_topic_becomes_the_stations_own(village: Village, client: Client) -> None:
    compose(client, "Có rồng", topic="dragons")
    assert Notice.decode(sent(village, Kind.NOTICE)[-1][1]).topic == "station"


def test_words_are_shown_as_words(village: Village, client: Client) -> None:
    compose(client, HTML)
    assert HTML not in client.get("/notices").text
    assert HTML not in client.act("/notices/preview", vi=HTML, topic="fire").text
    assert client.act("/notices/0123/withdraw").status == 404
    assert client.get("/notices/0123/vi.ogg").status == 404


def test_without_the_token_nothing_is_sent(village: Village, client: Client) -> None:
    before = sent(village, Kind.NOTICE)
    assert client.post("/notices", {"vi": "Giả mạo", "topic": "fire"}).status == 403
    assert sent(village, Kind.NOTICE) == before


def test_every_sample_fits_and_says_how_sure_its_hmong_is() -> None:
    for sample in samples().values():
        Notice(sample.topic, sample.vi, sample.hmn).encode()
        assert sample.confidence in ("A", "B") if sample.hmn else not sample.confidence


def test_a_procedure_is_edited_and_the_others_stay(village: Village, client: Client) -> None:
    fields = {"card": "paper_birth", "vi_0": "Không mất tiền.", "hmn_0": "Tsis them nyiaj."}
    assert client.act("/procedures/birth", **fields, form="https://dvc.vn/ks").status == 303
    ((_, content),) = sent(village, Kind.LIBRARY)
    known = procedures.decode(content)
    assert known["birth"] == Procedure(
        ("paper_birth",), (NoticeText("Không mất tiền.", "Tsis them nyiaj."),), "https://dvc.vn/ks"
    )
    assert known["vehicle"].cards == ("paper_id", "paper_vehicle", "place_police")
    assert "Không mất tiền." in client.get("/procedures").text
    assert client.act("/procedures/birth", card="paper_birth", form="ftp://x").status == 422
    assert client.act("/procedures/birth", hmn_0="chỉ tiếng Mông").status == 422
    assert client.get("/procedures/dragons").status == 404
    assert len(sent(village, Kind.LIBRARY)) == 1


def wish(*what: str, hour: int, state: CaseState = CaseState.RECEIVED) -> Case:
    report = crime(box="ask", what=what, where=None, when=None, how_many=None)
    return Case("x", "k", hour, False, state, 1, report.report_id, report)


def test_wishes_stand_by_day_mornings_first_and_questions_last() -> None:
    sunday = (date(2026, 11, 22) - date(1970, 1, 1)).days * 24 + 3
    cases = [
        wish("birth", "heard_enough", hour=sunday),
        wish("birth", "want_visit", "friday", "morning", hour=sunday),
        wish("id_card", "want_visit", "monday", "afternoon", hour=sunday),
        wish("vehicle", "want_visit", "monday", "morning", hour=sunday),
        wish("vehicle", "want_visit", "monday", "morning", hour=sunday, state=CaseState.CLOSED),
        Case("y", "k", sunday, False, CaseState.RECEIVED, 1, b"", None, "E04"),
    ]
    days = by_day(cases)
    assert [day and day.isoformat() for day, _ in days] == ["2026-11-23", "2026-11-27", None]
    assert [found.procedure for found in days[0][1]] == ["vehicle", "id_card"]


def test_a_wish_for_the_weekday_on_which_it_came_means_a_week_later() -> None:
    monday = (date(2026, 11, 23) - date(1970, 1, 1)).days * 24 + 3
    ((day, _),) = by_day([wish("birth", "want_visit", "monday", "morning", hour=monday)])
    assert day == date(2026, 11, 30)


def test_an_appointment_is_a_day_a_half_day_and_a_picture_but_no_name(
    village: Village, client: Client
) -> None:
    box = StationPrivateKey.generate()
    said = ("birth", "want_visit", "friday", "morning")
    nothing = {"where": None, "when": None, "how_many": None}
    deliver(village, crime(box="ask", what=said, answer_key=box.public.raw, **nothing))
    page = client.get("/appointments").text
    (case,) = re.findall(r'action="/appointments/(\w+)"', page)
    chosen = {"place": "place_station", "day": "friday", "half_day": "morning"}
    assert client.act(f"/appointments/{case}", **chosen).status == 303
    ((_, content),) = sent(village, Kind.ANSWER)
    answer = opened(content[BOX_BYTES:], box)
    assert answer is not None
    assert answer.parts[:5] == ("come", "place_station", "friday", "morning", "ticket")
    assert [part.picture for part in answer.shown()][5] == f"pic_{answer.parts[5]}"
    assert f"pic_{answer.parts[5]}.png" in client.get("/appointments").text
    assert client.act(f"/appointments/{case}", **(chosen | {"day": "sunday"})).status == 404
    assert len(sent(village, Kind.ANSWER)) == 1


def test_all_pages_are_usable_by_everybody_and_the_preview_follows(
    village: Village, port: int, tmp_path: Path
) -> None:
    asked = wish("vehicle", "want_visit", "monday", "morning", hour=0).report
    assert asked is not None
    deliver(village, asked)
    pc = Pc(tmp_path / "profile")
    try:
        pc.sign_in(port)
        for path in ("/notices?sample=flood", "/procedures", "/procedures/birth", "/appointments"):
            assert pc.go(port, path).findings() == []
        assert "Buổi sáng" in pc.text
        pc.go(port, "/notices").fill("vi", "Mời bà con đi họp")
        pc.tap("[value=event]")
        pc.one('#preview img[src="/static/festival.png"]')
        assert pc.one("#preview .screen strong").text == "Mời bà con đi họp"
    finally:
        pc.close()

"""In the station a reporter is hidden until somebody needs to know; then it is written down."""

import time

import pytest

from kiosk.protocol.cells import Kind
from tests.toml_files import edit
from tests.uplink.station.desk.place import (
    CHIEF,
    CLUSTER,
    HALLS,
    Client,
    Reply,
    crime,
    deliver,
    office_served,
)
from tests.uplink.village import Village
from uplink.station.desk.web.app_state import ELSEWHERE
from uplink.station.desk.web.words import HIDDEN_VILLAGE

HOUR_S = 3600
DAY_H = 24
REASON = "cần cử người đi ngay"


class Calendar:
    """Unix seconds that pass only when a test says so."""

    def __init__(self) -> None:
        self.now = float(int(time.time()) // HOUR_S * HOUR_S + 60)

    def __call__(self) -> float:
        return self.now

    @property
    def hour(self) -> int:
        return int(self.now) // HOUR_S

    def pass_h(self, hours: int) -> None:
        self.now += hours * HOUR_S


def chief(port: int) -> Client:
    client = Client(port)
    assert client.sign_in(CHIEF).status == 303
    return client


def everywhere(client: Client, path: str) -> str:
    """All pages on which a case can be seen, and the table."""
    table = client.act("/export", days="", with_text="1").text
    pages = ("/", f"/?words={HALLS[0]}", path, f"{path}/print")
    return table + "".join(client.get(page).text for page in pages)


def test_a_kiosk_is_hidden_in_its_cluster_until_somebody_says_why(
    village: Village, client: Client
) -> None:
    deliver(village, crime(where="village:huoi_lu"), hall=HALLS[0])
    (path,) = client.cases()
    before = everywhere(client, path).replace(f'value="{HALLS[0]}"', "")
    assert CLUSTER in before
    assert HIDDEN_VILLAGE in before
    assert HALLS[0] not in before
    assert village.kiosks[HALLS[0]] not in before
    assert "huoi_lu" not in before
    assert client.act(f"{path}/release", reason="xem").status == 409
    assert HALLS[0] not in client.get(path).text
    assert client.act(f"{path}/release", reason=REASON).status == 303
    after = client.get(path).text
    assert HALLS[0] in after
    assert "huoi_lu" in after
    log = chief(client.port).get("/log").text
    assert log.count(REASON) == 1


def test_a_village_that_was_released_has_its_name(village: Village, client: Client) -> None:
    named = {f"kiosks.{village.kiosks[HALLS[0]]}.villages": {"huoi_lu": "Huổi Lụ"}}
    edit(village.station / "kiosks.toml", named)
    deliver(village, crime(where="village:huoi_lu"), crime(where="village:elsewhere"))
    for path in client.cases():
        assert "Huổi Lụ" not in client.get(path).text
        client.act(f"{path}/release", reason=REASON)
    shown = "".join(client.get(path).text for path in client.cases())
    assert "ở Huổi Lụ" in shown
    assert "huoi_lu" not in shown
    assert "ở elsewhere" in shown, "better an id than nothing"


def test_clusters_that_are_too_small_are_told(village: Village, client: Client) -> None:
    shown = client.get("/overview").text
    assert f"<b>{CLUSTER}</b> (2 kiosk)" in shown
    assert f"<b>{ELSEWHERE}</b> (1 kiosk)" in shown
    config = village.station / "station.toml"
    edit(config, {"clusters": {"A": [village.kiosks[hall] for hall in HALLS]}})
    with office_served(village) as (office, port):
        assert office.small_clusters() == {}
        again = Client(port)
        again.sign_in()
        assert "Cụm quá nhỏ" not in again.get("/overview").text


def test_kiosks_of_no_cluster_are_one_together(village: Village, client: Client) -> None:
    deliver(village, crime(), hall=HALLS[2])
    shown = client.get("/").text
    assert ELSEWHERE in shown
    assert HALLS[2] not in shown


def test_an_urgent_report_shows_its_place_at_once_and_the_log_says_so(
    village: Village, client: Client
) -> None:
    deliver(village, crime(urgent=True, day="2026-11-22 am"), hall=HALLS[1])
    (path,) = client.cases()
    assert HALLS[1] not in client.get("/").text
    assert HALLS[1] in client.get(path).text
    client.get(path)
    log = chief(client.port).get("/log").text
    assert log.count("tin khẩn") == 1
    assert log.count("Mở tin") == 2


def test_opinions_of_the_unit_are_for_the_chief_alone(village: Village, client: Client) -> None:
    deliver(village, crime(box="opinion", what=("own_unit", "wish"), text="bếp ăn của đại đội"))
    assert client.cases() == client.cases("/?view=all&words=bep+an") == []
    assert "bếp ăn" not in client.act("/export", days="", with_text="1").text
    boss = chief(client.port)
    assert boss.cases() == []
    (path,) = boss.cases("/unit")
    assert "bếp ăn của đại đội" in boss.get(path).text
    for page in (path, f"{path}/print", f"{path}/photo", f"{path}/beside{path[7:]}"):
        assert client.get(page).status == 404
    fields = {"version": "1", "state": "closed"}
    assert client.act(f"{path}/step", **fields).status == 404


def test_ninety_days_after_closing_a_report_is_gone_and_the_log_says_so(village: Village) -> None:
    calendar = Calendar()
    deliver(village, crime(), crime(), hour=calendar.hour)
    with office_served(village, calendar) as (office, port):
        client = Client(port)
        client.sign_in()
        closed, kept = client.cases()
        client.act(f"{closed}/step", version=client.version(closed), state="closed")
        client.get(kept)
        for days, left in ((29, 2), (29, 2), (29, 2), (2, 2), (1, 1)):
            calendar.pass_h(days * DAY_H)
            client.sign_in()
            assert len(client.cases("/?view=all")) == left
        assert client.get(closed).status == 404
        assert client.get(kept).status == 200
        assert "90 ngày sau khi đóng" in chief(port).get("/log").text
        assert len(list(office.store.complete_parts(Kind.ICON))) == 1


def test_to_be_seen_acting_waits_for_six_to_forty_eight_hours(village: Village) -> None:
    calendar = Calendar()
    deliver(village, crime(), hour=calendar.hour)
    with office_served(village, calendar) as (_, port):
        client = Client(port)
        client.sign_in()
        (path,) = client.cases()
        assert "đừng để ai đoán ra" in client.get(path).text

        def act(**sure: str) -> Reply:
            return client.act(f"{path}/step", version=client.version(path), state="acted", **sure)

        assert act().status == 409
        calendar.pass_h(5)
        assert act().status == 409
        calendar.pass_h(44)
        client.sign_in()
        assert "đừng để ai đoán ra" not in client.get(path).text
        assert act().status == 303


@pytest.mark.parametrize("urgent", [False, True])
def test_what_nobody_can_see_or_what_is_urgent_need_not_wait(
    village: Village, client: Client, urgent: bool
) -> None:
    deliver(village, crime(urgent=urgent))
    (path,) = client.cases()
    client.get(path)
    sure = {} if urgent else {"sure": "1"}
    done = client.act(f"{path}/step", version=client.version(path), state="acted", **sure)
    assert done.status == 303
    assert "Đã xử lý" in client.get(path).text


def test_a_clock_that_went_back_is_told_and_deletes_nothing(village: Village) -> None:
    calendar = Calendar()
    deliver(village, crime(), hour=calendar.hour + 100)
    with office_served(village, calendar) as (_, port):
        client = Client(port)
        client.sign_in()
        assert "chạy chậm" in client.get("/").text


def test_a_clock_that_leapt_deletes_nothing_at_once(village: Village) -> None:
    calendar = Calendar()
    deliver(village, crime(), hour=calendar.hour)
    with office_served(village, calendar) as (_, port):
        client = Client(port)
        client.sign_in()
        (path,) = client.cases()
        client.act(f"{path}/step", version=client.version(path), state="false")
        calendar.pass_h(400 * DAY_H)
        for _ in range(2):
            client.sign_in()
            assert client.cases("/?view=all") == [path]
        calendar.pass_h(DAY_H)
        client.sign_in()
        assert client.cases("/?view=all") == []

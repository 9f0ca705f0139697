"""The overview: counts, waiting times, how the kiosks are, the daily canaries; and as a page."""

import os
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from kiosk.content import status_codes
from kiosk.protocol import synthetic_report
from kiosk.settings.kiosk_list import Kiosk
from kiosk.settings.station import load_station
from tests.uplink.station.desk.browser import Pc
from tests.uplink.station.desk.place import (
    CHIEF,
    HALLS,
    Client,
    crime,
    deliver,
    desk_served,
    make_station,
)
from tests.uplink.village import Village
from uplink.link.health_report import BoxLevel, Health
from uplink.station.desk.pages.overview import FRESH_H, row, speed
from uplink.station.desk.web.chart import HEIGHT, stacked
from uplink.station.downlink.queue import DownQueue, Heard

HOUR = int(time.time()) // 3600
WEEK = 7 * 24
KIOSK = Kiosk("Nậm Pồ", 1)


def hear(village: Village, hall: str, health: Health) -> None:
    """Let a kiosk tell of itself in a cover cell."""
    url = load_station(village.station / "station.toml").database_url
    with closing(DownQueue(url)) as queue:
        queue.choose([(village.kiosks[hall], health.chunk())], int(time.time()))


@pytest.fixture(scope="module")
def village(tmp_path_factory: pytest.TempPathFactory) -> Village:
    """Twelve weeks of reports; one kiosk is well, one in trouble, one was never heard."""
    village = make_station(tmp_path_factory.mktemp("station"))
    for week in range(12):
        for box, what, many in (
            ("crime", ("theft",), week % 3), ("border", ("people_led",), 2), ("order", ("fire",), 1)
        ):  # fmt: skip
            reports = [crime(box=box, what=what) for _ in range(many)]
            deliver(village, *reports, hall=HALLS[week % 2], hour=HOUR - week * WEEK)
    today = date.today()
    deliver(village, synthetic_report.make(today), hall=HALLS[0], hour=HOUR - 24)
    deliver(village, synthetic_report.make(today), hall=HALLS[0], hour=HOUR - 2)
    deliver(village, synthetic_report.make(today), hall=HALLS[1], hour=HOUR - FRESH_H - 1)
    hear(village, HALLS[0], Health(3, gates=(BoxLevel.OPEN,), bars=4, software="2026.11 0.1.0"))
    alarms = tuple(
        state.code for state in status_codes.load().values() if state.level == status_codes.ALARM
    )
    ill = Health(
        2, gates=(BoxLevel.FULL,), states=alarms[:1], errors=("E20", "E99"), software="2026.10"
    )
    hear(village, HALLS[1], ill)
    return village


def test_the_page_tells_how_the_kiosks_are_and_what_came(village: Village, client: Client) -> None:
    page = client.get("/overview").text
    well, ill, unheard = (page.partition(hall)[2].partition("</tr>")[0] for hall in HALLS)
    assert "dot good" in well
    assert "đã tới" in well
    assert "sóng 4/5" in well
    assert "số 3" in well
    assert "dot bad" in ill
    assert "quá hạn" in ill
    assert "đầy" in ill
    assert "mark urgent" in ill
    assert "Kiosk không đọc hoặc không ghi được hộp gửi (E20); Mã lỗi lạ E99" in ill
    assert "chưa tới lần nào" in unheard
    assert "im lặng" in unheard
    assert "Cụm phía tây" in page
    assert "<svg" in page
    assert "<title id=" in page


def test_a_canary_is_in_no_list_and_in_no_count(village: Village, client: Client) -> None:
    assert "canary" not in client.get("/?view=all").text
    page = client.get("/overview").text
    assert "canary" not in page
    assert "<b>48</b> tin" in page, "two, one, and none to two in each of twelve weeks"


def test_reports_leave_the_overview_no_names_of_villages(village: Village, client: Client) -> None:
    clusters = client.get("/overview").text.partition('id="clusters"')[2]
    assert not any(hall in clusters for hall in HALLS)


def test_everybody_can_use_the_page(
    village: Village, port: int, tmp_path: Path, browser: Pc
) -> None:
    browser.sign_in(port, CHIEF).go(port, "/overview")
    assert "Toàn cảnh" in browser.text
    assert browser.findings() == []
    if folder := os.environ.get("PICTURES"):
        browser.picture(Path(folder) / "overview.png")


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Pc]:
    with closing(Pc(tmp_path)) as pc:
        yield pc


def test_an_empty_station_has_an_overview(tmp_path: Path) -> None:
    with desk_served(make_station(tmp_path)) as port:
        client = Client(port)
        client.sign_in()
        page = client.get("/overview")
    assert page.status == 200
    assert "chưa có" in page.text


def test_the_columns_stand_on_each_other_and_stay_within_the_picture() -> None:
    chart = stacked(["a", "b"], {"x": [1, 7], "y": [2, 0]})
    assert [(block.series, block.told) for block in chart.blocks] == [
        (0, "a, x: 1"), (1, "a, y: 2"), (0, "b, x: 7")
    ]  # fmt: skip
    first, second, tall = chart.blocks
    assert second.y + second.height == pytest.approx(first.y)
    assert tall.height == pytest.approx(7 * first.height)
    assert all(0 < block.y < block.y + block.height <= HEIGHT for block in chart.blocks)
    assert [number for _, number in chart.lines] == [0, 2, 4, 6, 8]
    assert [number for _, number in stacked(["a"], {"x": [0]}).lines] == [0, 1]


def test_how_long_things_took_is_the_middle_of_them() -> None:
    assert speed([1, 100, 3]) == (3, 3)
    assert speed([-1]) == (0, 1), "a clock that ran back"
    assert speed([]).middle is None


def test_a_kiosk_is_silent_after_a_day_and_its_canary_late_after_a_day_and_a_half() -> None:
    heard = Heard(Health(1), HOUR)
    assert not row(KIOSK, "c", heard, HOUR - 24, HOUR - FRESH_H, HOUR).silent
    assert row(KIOSK, "c", heard, HOUR - 25, None, HOUR).silent
    assert row(KIOSK, "c", heard, HOUR, HOUR - FRESH_H, HOUR).canary_is_fresh
    assert not row(KIOSK, "c", heard, HOUR, HOUR - FRESH_H - 1, HOUR).canary_is_fresh

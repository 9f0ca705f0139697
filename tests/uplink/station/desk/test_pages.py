"""The desk in a real browser: every page, two officers at once, hostile words, a desk that ends."""

import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ui.phone.browser import CHROMEDRIVER, hosts
from tests.uplink.station.desk.browser import AXE, Pc
from tests.uplink.station.desk.place import (
    CHIEF,
    HALLS,
    READER,
    SECRET,
    crime,
    deliver,
    desk_served,
)
from tests.uplink.village import ROOT, Village
from tests.waiting import wait_until

pytestmark = pytest.mark.skipif(
    not all(map(shutil.which, ("chromium", CHROMEDRIVER)))
    or not AXE.is_file()
    or not (ROOT / "build" / "desk").is_dir(),
    reason="needs chromium, its driver, axe-core and the built desk",
)
HOSTILE = (
    "<script>document.title='x'</script>",
    "<img src=x onerror=document.title='x'>",
    "{{ desk.keys }} ${7*7} </blockquote><b>đậm</b>",
    "\u202eđảo ngược\u2066 \x07\x1b[31m",
)


@pytest.fixture
def port(village: Village) -> Iterator[int]:
    """The real command: this browser meets what an officer's browser meets."""
    with desk_served(village) as given:
        yield given


@pytest.fixture
def second(tmp_path: Path) -> Iterator[Pc]:
    pc = Pc(tmp_path / "profile")
    yield pc
    pc.close()


def come(pc: Pc) -> str:
    """Open the first case of the inbox; its address."""
    pc.tap(".cases a")
    pc.one(".sentence")
    return str(pc.driver.current_url)


def test_every_page_can_be_read_by_everybody_and_asks_no_one_else(
    village: Village, port: int, pc: Pc
) -> None:
    deliver(village, crime(), crime(text="hai người"), crime(urgent=True))
    deliver(village, crime(box="opinion", what=("own_unit", "bad")), hall=HALLS[2])
    pc.go(port, "/sign-in")
    assert pc.findings() == []
    pc.sign_in(port, CHIEF)
    case = next(link.get_attribute("href") for link in pc.find(".cases a:not(.urgent)"))
    pc.open(str(case))
    beside = pc.one(".others a").get_attribute("href")
    for address in ("/", "/unit", "/log", "/export", "/nowhere"):
        pc.go(port, address)
        assert pc.findings() == [], address
    for page in (case, f"{case}/print", beside):
        pc.open(str(page))
        assert pc.findings() == [], page
        assert pc.driver.find_elements("css selector", ".sentence")
    assert hosts(pc.requests()) == {"127.0.0.1"}
    assert [line for line in pc.complaints() if "404" not in line] == []


def test_a_wrong_passphrase_is_told_and_the_right_one_opens(port: int, pc: Pc) -> None:
    pc.sign_in(port, READER, "không đúng đâu")
    assert "không đúng" in pc.one("[role=alert]").text
    pc.sign_in(port, READER, SECRET)
    assert "Hộp thư" in pc.text


def test_what_comes_shows_without_loading_again(village: Village, port: int, pc: Pc) -> None:
    pc.sign_in(port)
    assert "Không có tin nào" in pc.text
    pc.driver.execute_script("window.untouched = true")
    deliver(village, crime(what=("gambling",)))
    wait_until(lambda: "Đánh bạc" in pc.text)
    assert pc.driver.execute_script("return window.untouched")
    assert pc.one(".views [aria-current] b").text == "1"


def test_of_two_officers_on_one_case_the_second_is_told_and_loses_nothing(
    village: Village, port: int, pc: Pc, second: Pc
) -> None:
    deliver(village, crime())
    pc.sign_in(port, READER)
    case = come(pc)
    second.sign_in(port, CHIEF).open(case)
    pc.tap("label.checking")
    pc.fill("note", "đã gọi trưởng bản").tap("form[action$=step] button")
    wait_until(lambda: "đã gọi trưởng bản" in pc.words(".history"))
    second.tap("label.false")
    second.fill("note", "trẻ con nghịch").tap("form[action$=step] button")
    wait_until(lambda: second.find("[role=alert]"))
    assert "người khác vừa sửa" in second.one("[role=alert]").text
    assert "đã gọi trưởng bản" in second.one(".history").text
    assert second.one("textarea").get_attribute("value") == "trẻ con nghịch"
    assert "Tin sai" not in second.one(".history").text
    second.tap("form[action$=step] button")
    wait_until(lambda: "trẻ con nghịch" in second.words(".history"))
    assert "đã gọi trưởng bản" in second.one(".history").text


@pytest.mark.parametrize("text", HOSTILE)
def test_words_from_outside_are_words_and_nothing_else(
    village: Village, port: int, pc: Pc, text: str
) -> None:
    deliver(village, crime(text=text))
    pc.sign_in(port)
    title = pc.driver.title
    come(pc)
    seen = "".join(letter if letter.isprintable() else " " for letter in text)
    assert pc.one(".typed blockquote").text.split() == seen.split()
    assert pc.find(".typed blockquote *") == []
    pc.fill("note", text[:40].replace("\x07", "").replace("\x1b", "")).tap(
        "form[action$=step] button"
    )
    wait_until(lambda: pc.find(".history .note"))
    assert pc.find(".history .note *") == []
    assert "x" not in (title, pc.driver.title)


def test_a_session_that_ended_takes_the_page_with_it(village: Village, port: int, pc: Pc) -> None:
    deliver(village, crime())
    pc.sign_in(port)
    come(pc)
    case, reading = pc.driver.current_url, pc.driver.current_window_handle
    pc.driver.switch_to.new_window("tab")
    pc.open(case).tap(".top button")
    wait_until(lambda: "/sign-in" in pc.driver.current_url)
    pc.driver.back()
    assert "đường núi" not in pc.text
    pc.driver.close()
    pc.driver.switch_to.window(reading)
    wait_until(lambda: "/sign-in" in pc.driver.current_url)
    assert "Đã hết phiên" in pc.text
    assert "đường núi" not in pc.driver.page_source


def test_a_desk_that_stopped_leaves_nothing_on_the_screen(village: Village, pc: Pc) -> None:
    deliver(village, crime())
    with desk_served(village) as port:
        pc.sign_in(port)
        come(pc)
        assert "đường núi" in pc.text
    wait_until(lambda: "Mất liên lạc" in pc.text)
    assert "đường núi" not in pc.driver.page_source


def test_ten_thousand_reports_are_listed_searched_and_paged(village: Village, pc: Pc) -> None:
    many = [crime(box="order", what=("noise",)) for _ in range(9_998)]
    needle = crime(box="order", what=("rubbish",), text="bãi rác sau chợ")
    old = int(time.time()) // 3600 - 200
    deliver(village, *many, hour=old)
    deliver(village, needle, crime(urgent=True, day=None))
    with desk_served(village) as port:
        pc.sign_in(port)
        wait_until(lambda: "10000" in pc.text, 240)
        pc.go(port, "/")
        assert len(pc.find(".cases li")) == 40
        assert "urgent" in (pc.find(".cases a")[0].get_attribute("class") or "")
        pc.fill("words", "bai rac cho").tap(".search button")
        wait_until(lambda: len(pc.find(".cases li")) == 1)
        assert "Rác" in pc.one(".cases").text
        pc.go(port, "/?page=249")
        assert "9961–10000 trong 10000" in pc.text
        assert json.loads(pc.one("body").get_attribute("hx-headers") or "{}")["X-CSRF"]

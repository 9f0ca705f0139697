"""From a phone to the station and back: a report with a code, the answer to it, a reply."""

import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.device.inbox import opened_read_only
from kiosk.protocol import report as reports
from kiosk.protocol.cells import Kind
from kiosk.protocol.picture_code import TRIES, Code, is_consistent, new_code
from kiosk.protocol.report import Report
from tests.answers import in_no_file
from tests.ui.phone.asking import Asker
from tests.ui.phone.browser import PAGE, Phone, enter
from tests.ui.phone.conftest import HALL, url
from tests.ui.phone.place import Hotspot, provision_hotspot, serving
from tests.ui.phone.place import Phone as Client
from tests.ui.touch.place import ROOT
from tests.uplink.village import Village
from tests.waiting import wait_until
from uplink.station.receive.store import Store

LINE = "Mời bà con mang theo giấy khai sinh."
COME = ("--phrase", "come", "--place", "place_station", "--day", "monday", "--text", LINE)


@pytest.fixture(scope="module")
def linked(village: Village, hotspot: Hotspot) -> Village:
    """The village with its broker, its station and the kiosk's courier."""
    village.start_broker()
    village.start_station()
    village.start_courier(HALL)
    return village


def file_opinion(phone: Phone, language: str) -> None:
    phone.choose(language, "opinion", "road", "bad")
    phone.next()
    phone.send()
    phone.shows("done")


def take_code(phone: Phone) -> Code:
    """The code that opens the answers to a report, as a person reads it off the screen."""
    phone.tap("[data-action=hear_back]")
    phone.shows("code")
    shown = [str(image.get_attribute("src")) for image in phone.find(".code img")]
    return tuple(source.rpartition("/pic_")[2].removesuffix(".webp") for source in shown)


def swapped(code: Code) -> Code:
    return (*code[:4], code[5], code[4])


def reports_at(village: Village) -> dict[bytes, Report]:
    """What the station has, opened, by its id."""
    with closing(Store(f"sqlite:///{village.station / 'station.db'}")) as store:
        parts = [part.sealed for part in store.complete_parts(Kind.ICON)]
    opened = [village.report_key.open(Kind.ICON, sealed) for sealed in parts]
    decoded = [reports.decode(reports.unpad(padded)) for padded in opened]
    return {report.report_id: report for report in decoded}


def next_report(village: Village, known: dict[bytes, Report]) -> Report:
    """The one that comes to the station besides those that are known."""
    wait_until(lambda: reports_at(village).keys() > known.keys())
    (report_id,) = reports_at(village).keys() - known.keys()
    return reports_at(village)[report_id]


def answer(village: Village, report: Report, *phrase: str) -> None:
    """An officer's answer, and its way down to the kiosk."""
    before = answers_at(village)
    command = [
        sys.executable,
        "-m",
        "uplink.station.commands.main",
        "answer",
        report.report_id.hex(),
    ]
    told = ("--config", village.station / "station.toml")
    secret = ("--passphrase-file", village.station / "passphrase")
    subprocess.run([*command, *phrase, *map(str, (*told, *secret))], check=True, cwd=ROOT)
    wait_until(lambda: answers_at(village) == before + 1)


def answers_at(village: Village) -> int:
    """How many answers have wholly come to the kiosk."""
    path = village.folder / HALL / "inbox.db"
    if not path.exists():
        return 0
    with opened_read_only(path) as db:
        query = "SELECT count(*) FROM messages WHERE kind = 4 AND state = 1"
        return int(db.execute(query).fetchone()[0])


def test_a_mis_tap_is_told_at_once_and_asks_nobody(phone: Phone) -> None:
    phone.choose("vi")
    phone.requests()
    enter(phone, swapped(new_code()))
    phone.shows("mistap")
    assert not any(address.endswith("/c") for address in phone.requests())


def test_after_too_many_tries_the_page_says_to_wait(
    browser: Phone, address: str, tmp_path: Path
) -> None:
    place = provision_hotspot(tmp_path / "kiosk", address, PAGE, reports=1000)
    with serving(place):
        asker = Asker(Client(place, address))
        for _ in range(TRIES):
            asker.ask(new_code())
        browser.open(url(place)).choose("vi")
        enter(browser, new_code())
        browser.shows("tries")


def test_without_a_code_key_a_report_is_kept_and_nothing_is_offered(
    browser: Phone, address: str, tmp_path: Path
) -> None:
    place = provision_hotspot(tmp_path / "kiosk", address, PAGE)
    (place.folder / "phone-code.key").unlink()
    with serving(place):
        browser.open(url(place)).choose("vi")
        browser.one("[data-choice=opinion]")
        assert not browser.find("[data-action=enter_code]")
        file_opinion(browser.open(url(place)), "vi")
        assert not browser.find("[data-action=hear_back]")


def test_when_codes_run_out_a_report_is_kept_without_one(
    browser: Phone, address: str, tmp_path: Path
) -> None:
    place = provision_hotspot(tmp_path / "kiosk", address, PAGE, reports=1)
    with serving(place):
        asker = Asker(Client(place, address))
        while asker.post(asker.sealed()[0])[0] == 200:
            pass
        file_opinion(browser.open(url(place)), "vi")
        assert not browser.find("[data-action=hear_back]")


@pytest.mark.parametrize("language", ["vi", "hmn"])
def test_an_answer_comes_back_to_the_code_and_is_replied_to(
    phone: Phone, hotspot: Hotspot, linked: Village, language: str
) -> None:
    known = reports_at(linked)
    file_opinion(phone, language)
    code = take_code(phone)
    assert is_consistent(code)
    enter(phone, swapped(code))
    phone.shows("code")
    enter(phone, code)
    phone.shows("done")
    assert not phone.find("[data-action=hear_back]")
    report = next_report(linked, known)
    assert (report.language, report.channel, report.box) == (language, "phone", "opinion")

    phone.open(url(hotspot)).choose(language)
    enter(phone, code)
    phone.shows("no_answer")
    nothing_yet = phone.text
    enter(phone, new_code())
    phone.shows("no_answer")
    assert phone.text == nothing_yet

    answer(linked, report, *COME)
    enter(phone, code)
    phone.shows("answer")
    assert LINE in phone.text
    shown = [str(image.get_attribute("src")) for image in phone.find(".answer img")]
    assert [source.rpartition("/")[2] for source in shown] == [
        "answer_come.webp", "place_station.webp", "monday.webp",
    ]  # fmt: skip
    phone.requests()
    phone.tap("[data-action=say]")
    said: list[str] = []

    def answer_is_spoken() -> bool:
        said.extend(phone.requests())
        return any(f"/clips/{language}/choice.monday.mp3" in address for address in said)

    wait_until(answer_is_spoken)
    phone.tap("[data-action=reply]")
    phone.choose("reply_come")
    phone.next()
    phone.send()
    phone.shows("done")
    assert not phone.find("[data-action=hear_back]")
    reply = next_report(linked, known | {report.report_id: report})
    assert (reply.box, reply.what) == ("reply", ("reply_come",))
    assert reply.answer_key == report.answer_key
    assert in_no_file(code, 20, linked.folder, hotspot.folder)
    assert (hotspot.folder / "phone.log").read_bytes() == b""


def test_the_pop_up_is_let_go_when_there_is_nothing_left_to_remember(
    phone: Phone, hotspot: Hotspot
) -> None:
    phone.requests()
    file_opinion(phone, "vi")
    code = take_code(phone)
    assert not let_go(phone)
    enter(phone, code)
    phone.shows("done")
    wait_until(lambda: let_go(phone))


def let_go(phone: Phone) -> bool:
    """Whether the page has said so since it was last asked."""
    return any(address.endswith("/continue") for address in phone.requests())

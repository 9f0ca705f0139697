"""Everybody can use the page: axe-core finds nothing serious on any kind of screen."""

import json
from pathlib import Path

import pytest

from kiosk.device import config as configs
from kiosk.protocol import procedures
from kiosk.protocol.message import Kind
from kiosk.protocol.picture_code import new_code
from kiosk.protocol.reply import Reply
from tests.answers import COME, answer, at_phones
from tests.ui.phone.browser import PAGE, Phone, enter
from tests.ui.phone.conftest import url
from tests.ui.phone.place import provision_hotspot, serving
from tests.ui.touch.bulletin import BIRTH, FRAUD, arrive, post
from tests.ui.touch.place import ROOT

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RUN = (
    "const done = arguments[0]; axe.run().then(({violations}) => done(violations.filter("
    "({impact}) => ['serious', 'critical'].includes(impact)).map(({id, nodes}) => "
    "[id, nodes.map(({html}) => html)])))"
)
WIDTH = "return [document.documentElement.scrollWidth, innerWidth]"


def serious(phone: Phone) -> object:
    """What axe-core finds on the screen as it is, which is no wider than the phone."""
    phone.driver.execute_script(AXE.read_text("utf-8"))
    width, seen = phone.driver.execute_script(WIDTH)
    assert width <= seen == 360
    return phone.driver.execute_async_script(RUN)


@pytest.mark.parametrize("language", ["vi", "hmn"])
def test_no_screen_has_a_serious_finding_or_is_wider_than_a_small_phone(
    phone: Phone, language: str
) -> None:
    findings: dict[str, object] = {}

    def look(name: str) -> None:
        findings[name] = serious(phone)

    phone.one("[data-choice]")
    look("start")
    phone.choose(language)
    look("menu")
    phone.choose("listen")
    look("notices")
    phone.choose("notice_fraud")
    look("notice")
    phone.tap("[data-action=home]")
    phone.choose("ask", "birth")
    look("procedure")
    phone.tap("[data-action=home]")
    phone.choose("crime", "weapons", "gun", "village:ncs1", "today", "two", "motorbike")
    look("question")
    phone.choose("danger_yes")
    look("danger")
    phone.next()
    phone.write("suối")
    phone.add_photo(Path(ROOT / "docs" / "pictures" / "menu.png"))
    look("extra")
    phone.next()
    look("read_back")
    phone.send()
    phone.shows("done")
    look("done")
    phone.tap("[data-action=hear_back]")
    look("code")
    phone.tap("[data-action=enter_code]")
    look("family")
    phone.choose("animals")
    look("picture")
    assert len(findings) == 13
    assert {name: found for name, found in findings.items() if found} == {}, json.dumps(findings)


def test_what_the_station_tells_has_no_serious_finding(
    browser: Phone, address: str, tmp_path: Path
) -> None:
    place = provision_hotspot(tmp_path / "kiosk", address, PAGE, reports=1000)
    post(place.folder, FRAUD)
    arrive(place.folder, Kind.LIBRARY, procedures.encode({"birth": BIRTH}))
    config = configs.load(place.folder / "kiosk.toml")
    code = new_code()
    answer(config, at_phones(config).box(code), COME, Reply(("call",), "0215 3 740 123"))
    with serving(place):
        browser.open(url(place)).one("[data-action=notices]")
        assert serious(browser) == []
        browser.tap("[data-action=notices]")
        browser.tap("main .grid button")
        browser.shows("notice")
        assert serious(browser) == []
        browser.tap("[data-action=home]")
        browser.choose("ask", "birth")
        browser.shows("procedure")
        assert serious(browser) == []
        browser.tap("[data-action=home]")
        for tried, screen in ((new_code(), "no_answer"), (code, "answer")):
            enter(browser, tried)
            browser.shows(screen)
            assert serious(browser) == []


def test_every_button_has_a_name_and_the_language_of_its_words(phone: Phone) -> None:
    phone.choose("hmn", "crime")
    tiles = phone.find("main button")
    assert all(tile.accessible_name for tile in tiles)
    languages = {b.get_attribute("lang") for b in phone.find("main b")}
    assert languages == {"vi", "hmn"}


def test_a_new_screen_is_told_to_those_who_cannot_see_it(phone: Phone) -> None:
    phone.choose("vi", "crime")
    focused = phone.driver.switch_to.active_element
    assert focused.tag_name == "h1"

"""The page in a real browser over plain http: reports go from a hand to the station."""

import io
from pathlib import Path

import pytest
from PIL import Image

from kiosk.device.outbox import URGENT_RESERVE
from kiosk.protocol import report as reports
from kiosk.protocol.cells import Kind
from tests.toml_files import edit
from tests.ui.phone.browser import PAGE, Phone, hosts
from tests.ui.phone.conftest import HALL, url
from tests.ui.phone.place import PHRASE, Hotspot, provision_hotspot, serving
from tests.ui.phone.relay import Relay
from tests.uplink.village import InboxItem, Village
from tests.waiting import wait_until
from uplink.station.receive.store import Store

BORDER = ("border", "people_led", "armed_yes", "forest", "last_night", "few", "nothing_more")
TYPED = "Họ đi về phía suối"
OPENING_BYTES, SENDING_BYTES, MOST_REQUESTS = 118_000, 40_000, 14
"""The first is a twentieth of the median mobile home page (tests/bench/bench_phone.py)."""

LONGITUDE = (102.0, 31.0, 41.1371)
GPS_IFD, MAKE = 0x8825, 0x010F


@pytest.fixture(scope="module")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A large photo full of detail that says where and with what it was taken."""
    path = tmp_path_factory.mktemp("photo") / "photo.jpg"
    exif = Image.Exif()
    exif[MAKE] = "HomthuCamera"
    exif.get_ifd(GPS_IFD).update({3: "E", 4: LONGITUDE})
    Image.effect_noise((2400, 1800), 90).convert("RGB").save(path, quality=90, exif=exif)
    assert b"HomthuCamera" in path.read_bytes()
    return path


def file_opinion(phone: Phone, text: str = "") -> None:
    phone.choose("vi", "opinion", "road", "good")
    if text:
        phone.write(text)
    phone.next()
    phone.send()
    phone.shows("done")


def test_the_page_is_no_secure_context(phone: Phone) -> None:
    assert phone.driver.execute_script("return [isSecureContext, typeof crypto.subtle]") == [
        False,
        "undefined",
    ]


@pytest.mark.fresh
def test_reports_in_both_languages_reach_the_station(
    phone: Phone, hotspot: Hotspot, village: Village, photo: Path
) -> None:
    phone.choose("hmn", *BORDER, "danger_yes")
    phone.shows("danger")
    calls = [a.get_attribute("href") for a in phone.find("a")]
    assert calls == ["tel:02153740123", "tel:113"]
    phone.next()
    phone.write(TYPED)
    phone.add_photo(photo)
    phone.next()
    phone.send()
    phone.shows("done")
    assert phone.driver.execute_script("return document.documentElement.lang") == "hmn"
    phone.open(url(hotspot)).slow_down(6)
    file_opinion(phone)

    village.start_broker()
    village.start_station()
    village.start_courier(HALL)
    wait_until(lambda: len(village.inbox()) == 2 and photos(village))
    by_box = {str(item["box"]): item for item in village.inbox()}
    assert_told(by_box["border"], what=["people_led", "armed_yes"], where="forest",
                when="last_night", how_many="few", urgent=True, language="hmn", channel="phone",
                text=TYPED)  # fmt: skip
    assert_told(by_box["opinion"], what=["road", "good"], language="vi", urgent=False, text="")
    assert_bare(photos(village)[0])


def photos(village: Village) -> list[bytes]:
    """The photos that the station has whole, opened."""
    store = Store(f"sqlite:///{village.station / 'station.db'}")
    parts = [part.sealed for part in store.complete_parts(Kind.PHOTO)]
    store.close()
    return [reports.unpad(village.report_key.open(Kind.PHOTO, sealed)) for sealed in parts]


def assert_told(item: InboxItem, **expected: object) -> None:
    assert {key: value for key, value in item.items() if key in expected} == expected


def assert_bare(jpeg: bytes) -> None:
    """A picture, and nothing of where or with what it was taken."""
    assert jpeg.startswith(b"\xff\xd8")
    assert not any(mark in jpeg for mark in (b"Exif", b"HomthuCamera", b"GPS"))
    with Image.open(io.BytesIO(jpeg)) as picture:
        assert dict(picture.getexif()) == {}
        assert picture.width / picture.height == pytest.approx(2400 / 1800, abs=0.02)


def test_opening_the_page_costs_little_and_a_code_less(
    browser: Phone, address: str, tmp_path: Path
) -> None:
    place = provision_hotspot(tmp_path / "kiosk", address, PAGE)
    relay = Relay(address, (address, place.port))
    seen = f"http://{address}:{relay.port}/"
    edit(place.config, {"listen.url": seen})
    with serving(place):
        browser.open("about:blank").requests()
        browser.open(seen).one("[data-choice]")
        browser.settle()
        opened = relay.carried
        assert len(browser.requests()) <= MOST_REQUESTS
        browser.choose("vi", "opinion", "road", "good")
        browser.next()
        browser.settle()
        before = relay.carried
        browser.send()
        browser.shows("done")
        browser.settle()
        sent = relay.carried - before
    relay.close()
    assert opened < OPENING_BYTES
    assert sent < SENDING_BYTES


def test_the_phrase_is_shown_and_villages_can_be_chosen(phone: Phone) -> None:
    wait_until(lambda: phone.find(".phrase img"))
    shown = [str(image.get_attribute("src")) for image in phone.find(".phrase img")]
    assert [address.rpartition("/")[2] for address in shown] == [f"{n}.webp" for n in PHRASE]
    phone.choose("vi", "order", "noise")
    assert "Bản Na Cô Sa 2" in phone.one('[data-choice="village:ncs2"]').text


def test_a_lost_answer_makes_no_second_report(browser: Phone, address: str, tmp_path: Path) -> None:
    place = provision_hotspot(tmp_path / "kiosk", address, PAGE)
    relay = Relay(address, (address, place.port))
    seen = f"http://{address}:{relay.port}/"
    edit(place.config, {"listen.url": seen})
    with serving(place):
        browser.open(seen)
        relay.answers_to_swallow = 1
        file_opinion(browser)
    relay.close()
    assert relay.answers_to_swallow == 0
    assert relay.posts >= 2
    assert real_rows(place) == 1


def real_rows(place: Hotspot) -> int:
    outbox = place.rows()
    try:
        return outbox.counts().real
    finally:
        outbox.close()


def test_a_full_box_says_so_before_anybody_starts_but_takes_danger(
    browser: Phone, address: str, tmp_path: Path
) -> None:
    place = provision_hotspot(tmp_path / "kiosk", address, PAGE, rows=URGENT_RESERVE)
    with serving(place):
        browser.open(url(place)).choose("vi", "crime")
        browser.shows("full")
        browser.tap("[data-action=urgent]")
        browser.shows("danger")
        browser.next()
        browser.choose("fighting", "market", "now", "few", "nothing_more")
        browser.next()
        browser.send()
        browser.shows("done")
    assert real_rows(place) == 1


def test_without_a_station_key_filing_is_closed(
    browser: Phone, address: str, tmp_path: Path
) -> None:
    place = provision_hotspot(tmp_path / "kiosk", address, PAGE)
    (place.folder / "manifest.cbor").unlink()
    with serving(place):
        browser.open(url(place)).choose("vi", "crime")
        browser.shows("closed")
        browser.tap("[data-action=home]")
        browser.choose("ask", "birth")
        browser.shows("procedure")


def test_what_was_kept_stays_kept_when_the_photo_finds_no_room(
    browser: Phone, address: str, tmp_path: Path, photo: Path
) -> None:
    place = provision_hotspot(tmp_path / "kiosk", address, PAGE, rows=URGENT_RESERVE + 2)
    with serving(place):
        browser.open(url(place)).choose("vi", "opinion", "road", "good")
        browser.add_photo(photo)
        browser.next()
        browser.send()
        browser.shows("photo_lost")
    assert real_rows(place) == 1


def test_a_change_asks_again_and_leads_back(phone: Phone) -> None:
    phone.choose("vi", "opinion", "road", "good")
    phone.write(TYPED)
    phone.next()
    phone.tap("[data-change=opinion]")
    phone.choose("school")
    phone.shows("read_back")
    assert "Trường học" in phone.text
    assert TYPED in phone.text


def test_quick_exit_forgets_and_shows_notices(phone: Phone) -> None:
    phone.choose("hmn", "opinion", "road", "good")
    phone.write("canary")
    phone.next()
    phone.tap("[data-action=quit]")
    phone.shows("notices")
    phone.driver.back()
    phone.shows("start")
    assert "canary" not in phone.driver.page_source


def test_without_a_script_there_is_a_plain_page_and_no_form(
    phone_without_script: Phone, hotspot: Hotspot
) -> None:
    plain = phone_without_script.open(url(hotspot)).text
    assert "trình duyệt" in plain
    assert "xov tooj" in plain
    assert phone_without_script.find("button, input, form") == []
    assert phone_without_script.open(f"{url(hotspot)}lite.html").text == plain


def test_nothing_stays_in_the_phone(phone: Phone, hotspot: Hotspot) -> None:
    file_opinion(phone, "canary-mưa")
    kept = phone.driver.execute_async_script(
        "const done = arguments[0];"
        "indexedDB.databases().then(found => done([localStorage.length, sessionStorage.length,"
        " document.cookie, found.length, location.pathname, document.title]))"
    )
    assert kept == [0, 0, "", 0, "/", "Nhà văn hóa"]
    assert "canary" not in phone.driver.page_source
    phone.driver.back()
    wait_until(lambda: phone.find("main"))
    assert "canary" not in phone.driver.page_source
    assert not phone.find("main[data-screen=read_back]")
    assert hosts(phone.requests()) == {hotspot.address}
    assert [said for said in phone.complaints() if "Security Policy" in said] == []

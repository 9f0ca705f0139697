"""The real server over real sockets: the page, what it says of the kiosk, and sealed parts."""

import base64
import gzip
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.protocol.cells import Kind
from kiosk.protocol.report import new_report_id
from kiosk.protocol.sealing import read_manifest
from tests.toml_files import edit
from tests.ui.phone.place import (
    CSP,
    FILES,
    PHRASE,
    Hotspot,
    Phone,
    part,
    provision_hotspot,
    serving,
)
from tests.ui.touch.place import ROOT
from tests.waiting import DEADLINE


@pytest.fixture
def place(tmp_path: Path) -> Hotspot:
    return provision_hotspot(tmp_path / "kiosk")


@pytest.fixture
def fresh(place: Hotspot) -> Iterator[Phone]:
    """A phone at a server that nobody has used."""
    with serving(place):
        yield Phone(place)


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hotspot]:
    """A server for all tests that leave nothing behind."""
    place = provision_hotspot(tmp_path_factory.mktemp("known") / "kiosk")
    with serving(place):
        yield place


@pytest.fixture
def phone(known: Hotspot) -> Phone:
    return Phone(known)


def test_every_file_of_the_build_is_served_as_the_manifest_says(phone: Phone) -> None:
    for name, (type_, body) in FILES.items():
        status, headers, told = phone.get(f"/{name}")
        assert (status, headers["content-type"], told) == (200, type_, body)
    assert phone.get("/")[2] == FILES["index.html"][1]
    assert phone.get("/manifest.json")[0] == 404


def test_every_answer_carries_the_protective_headers(phone: Phone) -> None:
    for path in ("/", "/site.json", "/nothing", "/generate_204", "/tiles/bridge.png"):
        _, headers, _ = phone.get(path)
        assert headers["cache-control"] == "no-store"
        assert headers["content-security-policy"] == CSP
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-content-type-options"] == "nosniff"
        assert not {"set-cookie", "etag", "last-modified", "server", "date"} & set(headers)


def test_text_travels_packed_to_those_who_can_unpack(phone: Phone) -> None:
    _, headers, told = phone.get("/", Accept_Encoding="gzip, deflate")
    assert headers["content-encoding"] == "gzip"
    assert gzip.decompress(told) == FILES["index.html"][1]
    _, headers, _ = phone.get("/tiles/bridge.png", Accept_Encoding="gzip")
    assert "content-encoding" not in headers


@pytest.mark.parametrize(
    ("wanted", "status", "first", "last"),
    [("bytes=0-1", 206, 0, 2), ("bytes=1000-", 206, 1000, 1024), ("bytes=-5", 206, 1019, 1024),
     ("bytes=5-9999", 206, 5, 1024), ("bytes=2000-", 416, 0, 0), ("lines=a-b", 200, 0, 1024)],
)  # fmt: skip
def test_a_clip_may_be_fetched_in_parts(
    phone: Phone, wanted: str, status: int, first: int, last: int
) -> None:
    told = phone.get("/clips/vi/ui.home.opus", Range=wanted)
    assert told[0] == status
    assert told[2] == FILES["clips/vi/ui.home.opus"][1][first:last]


def test_the_site_says_what_the_page_must_know(phone: Phone, known: Hotspot) -> None:
    told = phone.site()
    manifest = read_manifest(
        (known.folder / "manifest.cbor").read_bytes(), (known.folder / "authority.pub").read_bytes()
    )
    assert base64.b64decode(told["station_key"]) == manifest.keys[0].raw
    assert told["key_id"] == manifest.keys[0].key_id.hex()
    assert told["phrase"] == list(PHRASE)
    assert told["villages"][0] == {"id": "ncs1", "name": "Bản Na Cô Sa 1"}
    assert told["phones"][-1] == {"whose": "ui.police", "number": "113"}
    assert (told["open"], told["urgent_open"], told["day"]) == (True, True, None)


def test_without_a_valid_key_filing_is_closed(fresh: Phone, place: Hotspot) -> None:
    manifest = place.folder / "manifest.cbor"
    signed = manifest.read_bytes()
    manifest.write_bytes(signed[:-1] + bytes([signed[-1] ^ 1]))
    told = fresh.site()
    assert (told["station_key"], told["open"], told["urgent_open"]) == (None, False, False)


def test_a_report_and_its_photo_lie_in_the_outbox_as_they_came(
    fresh: Phone, place: Hotspot
) -> None:
    report_id = new_report_id()
    icons, photo = part(1, report_id, urgent=True), part(3, report_id, cells=8)
    assert fresh.post(icons) == (200, {"kept": True})
    assert fresh.post(photo) == (200, {"kept": True})
    outbox = place.rows()
    chunks = [chunk for row, _ in outbox.waiting() if (chunk := outbox.take(row))]
    outbox.close()
    bodies = {(c.header.kind, c.header.index): c.body for c in chunks}
    assert bodies.pop((Kind.ICON, 0)) == icons[18:]
    assert b"".join(bodies[Kind.PHOTO, index] for index in range(8)) == photo[18:]
    assert {c.header.urgent for c in chunks if c.header.kind == Kind.ICON} == {True}


def test_the_same_report_again_gets_the_same_answer_and_is_kept_once(place: Hotspot) -> None:
    icons = part()
    with serving(place):
        assert [Phone(place).post(icons) for _ in range(3)] == [(200, {"kept": True})] * 3
    with serving(place):
        assert Phone(place).post(icons) == (200, {"kept": True})
        assert Phone(place).post(icons[:18] + bytes(4046))[0] == 409
    outbox = place.rows()
    assert outbox.counts().real == 1
    outbox.close()


def test_only_three_reports_in_ten_minutes_but_photos_and_repeats_do_not_count(
    fresh: Phone,
) -> None:
    ids = [new_report_id() for _ in range(4)]
    bodies = [part(1, report_id) for report_id in ids]
    for report_id, body in zip(ids[:3], bodies, strict=False):
        assert fresh.post(body)[0] == 200
        assert fresh.post(body)[0] == 200
        assert fresh.post(part(3, report_id, cells=8))[0] == 200
    status, told = fresh.post(bodies[3])
    assert status == 429
    assert 0 < told["wait"] <= 601


def test_what_is_no_part_of_a_report_is_refused(phone: Phone, known: Hotspot) -> None:
    good = part()
    for body, status in (
        (b"", 400),
        (good[:-1], 400),
        (good + b"x", 400),
        (good + bytes(200_000), 413),
        (bytes([2]) + good[1:], 400),
        (bytes([1, 2]) + good[2:], 400),
        (part(1, cells=8), 400),
        (part(3), 400),
        (part(3, cells=8), 400),
    ):
        assert phone.post(body)[0] == status
    assert phone.post(good, Content_Type="text/plain")[0] == 415
    assert phone.post(good, Content_Encoding="gzip")[0] == 415
    assert phone.get("/r")[0] == 404
    outbox = known.rows()
    assert outbox.counts().real == 0
    outbox.close()


def test_a_full_outbox_is_said_before_anybody_starts(tmp_path: Path) -> None:
    place = provision_hotspot(tmp_path / "kiosk", rows=33)
    with serving(place):
        phone = Phone(place)
        first = new_report_id()
        assert phone.post(part(1, first))[0] == 200
        assert phone.post(part(3, first, cells=8))[0] == 503
        told = phone.site()
        assert (told["open"], told["urgent_open"]) == (False, True)
        assert phone.post(part())[0] == 503
        assert phone.post(part(urgent=True))[0] == 200


def test_photos_leave_room_for_words(tmp_path: Path) -> None:
    place = provision_hotspot(tmp_path / "kiosk", rows=32 + 96 + 34, reports=10)
    with serving(place):
        phone = Phone(place)
        ids = [new_report_id() for _ in range(3)]
        assert [phone.post(part(1, report_id))[0] for report_id in ids] == [200] * 3
        assert phone.post(part(3, ids[0], cells=32))[0] == 503
        assert phone.post(part(3, ids[1], cells=8))[0] == 200
        assert phone.site()["open"]


def test_a_probe_is_led_to_the_page_until_the_person_goes_on(fresh: Phone, place: Hotspot) -> None:
    page = f"http://127.0.0.1:{place.port}/"
    status, headers, _ = fresh.get("/generate_204", Host="connectivitycheck.gstatic.com")
    assert (status, headers["location"]) == (302, page)
    status, headers, _ = fresh.get("/continue")
    assert (status, headers["location"]) == (302, page)
    assert fresh.get("/generate_204")[0] == 204
    assert b"Success" in fresh.get("/hotspot-detect.html")[2]
    assert fresh.get("/connecttest.txt")[2] == b"Microsoft Connect Test"
    assert fresh.get("/success.txt")[2] == b"success\n"
    assert Phone(place, "127.0.0.2").get("/generate_204")[0] == 302


def test_any_name_leads_to_the_page_and_is_never_repeated(phone: Phone, known: Hotspot) -> None:
    for host in ("example.com", "<script>alert(1)</script>", "127.0.0.1:1"):
        status, headers, body = phone.get("/some/where?x=<script>", Host=host)
        assert (status, headers["location"]) == (302, f"http://127.0.0.1:{known.port}/")
        assert b"script" not in body
        assert "script" not in str(headers)
    status, _, body = phone.get("/<script>")
    assert status == 404
    assert b"script" not in body


@pytest.mark.parametrize(("ending", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_it_ends_cleanly(place: Hotspot, ending: signal.Signals, code: int) -> None:
    with serving(place) as process:
        process.send_signal(ending)
        assert process.wait(DEADLINE) == code
    assert (place.folder / "phone.log").read_bytes() == b""


def refused(place: Hotspot) -> str:
    told = subprocess.run(
        [sys.executable, "-m", "ui.phone.server.main", "--config", str(place.config)],
        capture_output=True, text=True, cwd=ROOT, timeout=DEADLINE,
    )  # fmt: skip
    assert told.returncode == 2
    assert "Traceback" not in told.stderr
    return told.stderr


def test_what_is_missing_or_damaged_is_told_with_its_cure(place: Hotspot) -> None:
    (place.folder / "page" / "lite.html").write_bytes(b"something else")
    (place.folder / "page" / "tiles" / "bridge.png").unlink()
    told = refused(place)
    assert "lite.html is damaged" in told
    assert "tiles/bridge.png is missing" in told
    (place.folder / "page" / "manifest.json").unlink()
    assert "ui.phone.page.build" in refused(place)


def test_an_address_that_is_not_ours_is_told_with_its_cure(place: Hotspot) -> None:
    edit(place.config, {"listen.address": "192.0.2.7"})
    assert "bring the hotspot up first" in refused(place)


def test_mistakes_in_the_settings_are_told_together(place: Hotspot) -> None:
    edit(place.config, {"hotspot": None, "hotspto": {}, "listen.prot": 1})
    told = refused(place)
    assert "'hotspot'" in told
    assert "'port'" in told

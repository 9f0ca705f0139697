"""Photo and voice at the desk: made again apart from it, seen and heard there, kept nowhere."""

import io
import shutil
import wave
from functools import partial

import numpy as np
import pytest
from PIL import Image

from kiosk.protocol.cells import Kind
from kiosk.protocol.opus_packets import encoded
from tests.ui.phone.browser import CHROMEDRIVER
from tests.uplink.station.desk.browser import AXE, Pc
from tests.uplink.station.desk.place import CHIEF, Client, attach, crime, deliver
from tests.uplink.village import ROOT, Village
from tests.waiting import wait_until
from uplink.station.desk.web.words import HIDDEN_VILLAGE
from uplink.station.reading import decoding, read_aloud

RATE = 16_000
CAMERA = "MAYANH-7341"
MAKE = 0x010F


def picture(size: tuple[int, int] = (640, 400), mode: str = "RGB", **options: object) -> bytes:
    """A JPEG whose metadata would tell whose it is."""
    image = Image.new(mode, size, 128 if mode == "L" else (200, 30, 30))
    exif = image.getexif()
    exif[MAKE] = CAMERA
    whole = io.BytesIO()
    image.save(whole, "JPEG", exif=exif, comment=CAMERA.encode(), **options)
    return whole.getvalue()


def hum(seconds: float = 2.0) -> bytes:
    moments = np.arange(int(seconds * RATE)) / RATE
    return encoded((8000 * np.sin(2 * np.pi * 200 * moments)).astype(np.int16), RATE)


def actions(client: Client) -> str:
    chief = Client(client.port)
    chief.sign_in(CHIEF)
    return chief.get("/log").text


def test_a_photo_that_is_not_whole_is_not_offered(village: Village, client: Client) -> None:
    report = crime()
    deliver(village, report)
    attach(village, report, Kind.PHOTO, picture(), missing=1)
    (path,) = client.cases()
    assert client.get(f"{path}/photo").status == 404
    assert f"{path}/photo" not in client.get(path).text


def test_a_photo_is_shown_without_what_the_camera_wrote(village: Village, client: Client) -> None:
    report, sent = crime(), picture()
    assert CAMERA.encode() in sent
    deliver(village, report)
    attach(village, report, Kind.PHOTO, sent)
    (path,) = client.cases()
    assert f"{path}/photo" in client.get(path).text
    shown = client.get(f"{path}/photo")
    assert shown.headers["content-type"] == "image/jpeg"
    assert shown.headers["cache-control"] == "no-store"
    assert CAMERA.encode() not in shown.body
    with Image.open(io.BytesIO(shown.body)) as seen:
        assert seen.size == (640, 400)
        assert seen.convert("RGB").getpixel((9, 9)) == pytest.approx((200, 30, 30), abs=4)
    assert "Xem ảnh" in actions(client)
    disk = b"".join(p.read_bytes() for p in village.station.rglob("*") if p.is_file())
    assert shown.body[300:400] not in disk
    assert CAMERA.encode() not in disk


@pytest.mark.parametrize(
    ("sent", "size"),
    [
        (picture((3000, 1000)), (1600, 533)),
        (picture((3, 4000)), (1, 1600)),
        (picture(mode="L"), (640, 400)),
        (picture(progressive=True), (640, 400)),
    ],
)
def test_every_kind_of_jpeg_becomes_one_that_fits_the_page(
    sent: bytes, size: tuple[int, int]
) -> None:
    with Image.open(io.BytesIO(decoding.photo_as_jpeg(sent))) as seen:
        assert seen.size == size


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"\xff\xd8\xff\xe0" + b"anh" * 99,
        picture()[:300],
        picture((5400, 5400), "L", optimize=True),
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    ],
    ids=["empty", "nonsense", "cut", "bomb", "svg"],
)
def test_what_is_no_photo_or_too_large_a_one_is_told(
    village: Village, client: Client, sent: bytes
) -> None:
    report = crime()
    deliver(village, report)
    attach(village, report, Kind.PHOTO, sent)
    (path,) = client.cases()
    refused = client.get(f"{path}/photo")
    assert refused.status == 503
    assert "ảnh bị hỏng" in refused.text


def test_a_voice_is_played_and_each_playing_is_in_the_log(village: Village, client: Client) -> None:
    report = crime(voice="own")
    deliver(village, report)
    (path,) = client.cases()
    assert "chưa về đủ" in client.get(path).text
    assert client.get(f"{path}/voice").status == 404
    attach(village, report, Kind.VOICE, hum())
    assert f"{path}/voice" in client.get(path).text
    before = actions(client).count("Nghe giọng")
    for _ in range(2):
        heard = client.get(f"{path}/voice")
        assert heard.headers["content-type"] == "audio/wav"
        assert heard.headers["cache-control"] == "no-store"
    with wave.open(io.BytesIO(heard.body)) as sound:
        assert sound.getnframes() / sound.getframerate() == pytest.approx(2.0, abs=0.15)
    assert actions(client).count("Nghe giọng") == before + 2
    disk = b"".join(p.read_bytes() for p in village.station.rglob("*") if p.is_file())
    assert heard.body[4000:4200] not in disk


def test_a_voice_that_is_damaged_is_told(village: Village, client: Client) -> None:
    report = crime(voice="own")
    deliver(village, report)
    attach(village, report, Kind.VOICE, b"\1\2" + b"\xff" * 400)
    (path,) = client.cases()
    assert "tiếng nói bị hỏng" in client.get(f"{path}/voice").text


@pytest.mark.skipif(not shutil.which("espeak-ng"), reason="needs espeak-ng")
def test_the_machine_reads_the_sentence_and_nothing_that_is_hidden(
    village: Village, client: Client
) -> None:
    deliver(village, crime(voice="other", where="village:huoi_lu"))
    (path,) = client.cases()
    assert "giọng khác" in client.get(path).text
    heard = client.get(f"{path}/read-out")
    with wave.open(io.BytesIO(heard.body)) as sound:
        assert sound.getnframes() / sound.getframerate() > 3
    told = client.get(path).text
    sentence = told.split('class="sentence">')[1].split("<")[0]
    assert HIDDEN_VILLAGE in sentence
    assert read_aloud.to_wav(sentence) == heard.body
    assert "Nghe máy đọc" in actions(client)


@pytest.mark.skipif(
    not all(map(shutil.which, ("chromium", CHROMEDRIVER, "espeak-ng")))
    or not AXE.is_file()
    or not (ROOT / "build" / "desk").is_dir(),
    reason="needs chromium, its driver, axe-core, espeak-ng and the built desk",
)
def test_a_browser_shows_and_plays_them_and_offers_no_way_to_keep_them(
    village: Village, port: int, pc: Pc
) -> None:
    report = crime(voice="own")
    deliver(village, report)
    attach(village, report, Kind.PHOTO, picture())
    attach(village, report, Kind.VOICE, hum())
    pc.sign_in(port)
    pc.tap(".cases a")
    width = "return document.querySelector('.photo img')?.naturalWidth"
    wait_until(lambda: pc.driver.execute_script(width))
    assert pc.findings() == []
    for player in pc.find(".listen audio"):
        assert "nodownload" in (player.get_attribute("controlslist") or "")
        pc.driver.execute_script("arguments[0].muted = true; arguments[0].play()", player)
        ended = "return arguments[0].ended"
        wait_until(partial(pc.driver.execute_script, ended, player))
    assert [line for line in pc.complaints() if "favicon" not in line] == []

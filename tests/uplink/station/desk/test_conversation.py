"""From a kiosk's courier to the officer's screen and back: a canary, and a spoken answer."""

import shutil
import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from audio.playback.ogg_opus import decoded
from audio.speech.sound import RATE, Samples, seconds, to_wav
from kiosk.common import files, schema
from kiosk.device import config as configs
from kiosk.device.config import Config
from kiosk.device.outbox import Outbox
from kiosk.protocol import synthetic_report
from kiosk.protocol.message import Kind
from kiosk.protocol.picture_code import CODE_KEY_BYTES, new_code
from kiosk.protocol.reply import MAX_VOICE_S, Reply
from kiosk.settings.kiosk import Kiosk, KioskFile
from tests.answers import at_screen
from tests.audio.hall import babble
from tests.ui.phone.browser import CHROMEDRIVER
from tests.uplink.station.desk.browser import AXE, Pc
from tests.uplink.station.desk.place import HALLS, crime, desk_served, make_station
from tests.uplink.village import ROOT, Village, icon_chunks
from tests.waiting import wait_until

pytestmark = pytest.mark.skipif(
    not all(map(shutil.which, ("chromium", CHROMEDRIVER)))
    or not AXE.is_file()
    or not (ROOT / "build" / "desk").is_dir(),
    reason="needs chromium, its driver, axe-core and the built desk",
)
CODE = new_code()
HALL = HALLS[0]
TONE_HZ = 440


def beeps(length: float) -> Samples:
    """A tone that comes and goes like speech, so that no browser takes it for noise."""
    moments = np.arange(int(length * RATE)) / RATE
    loud = np.sin(2 * np.pi * 2 * moments) > 0
    return (12_000 * loud * np.sin(2 * np.pi * TONE_HZ * moments)).astype(np.int16)


@pytest.fixture(scope="module")
def village(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Village]:
    """A station, its broker and the courier of one kiosk, all running."""
    made = make_station(tmp_path_factory.mktemp("village"))
    try:
        made.start_broker()
        made.start_station()
        made.start_courier(HALL)
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="module")
def kiosk(village: Village) -> Config:
    """The same kiosk as its touch app knows it."""
    folder = village.folder / HALL
    settings = KioskFile(Kiosk(bytes.fromhex(village.kiosks[HALL])))
    (folder / "kiosk.toml").write_text(schema.dump(settings))
    config = configs.load(folder / "kiosk.toml")
    config.code_key.parent.mkdir(exist_ok=True)
    files.write(config.code_key, bytes(range(CODE_KEY_BYTES)), files.PRIVATE)
    return config


@pytest.fixture(scope="module")
def outbox(village: Village) -> Iterator[Outbox]:
    folder = village.folder / HALL
    box = Outbox(folder / "touch.db", (folder / "row.key").read_bytes())
    yield box
    box.close()


@pytest.fixture(scope="module")
def port(village: Village) -> Iterator[int]:
    with desk_served(village) as given:
        yield given


@pytest.fixture
def officer(port: int, tmp_path: Path) -> Iterator[Pc]:
    """An officer whose microphone hears what is in a file."""
    speech = tmp_path / "speech.wav"
    speech.write_bytes(to_wav(beeps(20.0)))

    class Speaking(Pc):
        flags = (
            "--use-fake-ui-for-media-stream",
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-audio-capture={speech}",
        )

    pc = Speaking(tmp_path / "profile")
    yield pc.sign_in(port)
    pc.close()


def whole_answers(kiosk: Config) -> int:
    with sqlite3.connect(f"file:{kiosk.inbox}?mode=ro", uri=True) as db:
        query = "SELECT count(*) FROM messages WHERE kind = ? AND state = 1"
        return int(db.execute(query, (Kind.ANSWER,)).fetchone()[0])


def test_a_canary_becomes_a_green_dot(
    village: Village, outbox: Outbox, port: int, officer: Pc
) -> None:
    officer.go(port, "/overview")
    assert officer.find(".kiosks .dot.good") == []
    outbox.put(icon_chunks(synthetic_report.make(date.today()), village.report_key.public))
    wait_until(lambda: officer.go(port, "/overview").find(".kiosks .dot.good"))
    (row,) = (row for row in officer.find(".kiosks tbody tr") if HALL in row.text)
    assert "đã tới" in row.text
    assert row.find_elements("css selector", ".dot.good")
    assert "Không có tin nào" in officer.go(port, "/").text


def test_an_officer_speaks_into_the_browser_and_is_heard_at_the_kiosk(
    village: Village, kiosk: Config, outbox: Outbox, port: int, officer: Pc
) -> None:
    report = crime(answer_key=at_screen(kiosk).box(CODE).public.raw)
    outbox.put(icon_chunks(report, village.report_key.public))
    officer.go(port, "/")
    wait_until(lambda: officer.find(".cases a"))
    officer.tap(".cases a")
    officer.tap("[data-take]")
    wait_until(lambda: f"3 / {MAX_VOICE_S} giây" in officer.words(".recorder [role=status]"))
    officer.tap("[data-take]")
    wait_until(lambda: "Đã thu" in officer.words(".recorder [role=status]"))
    assert officer.one(".recorder audio").is_displayed()
    officer.tap("[name=phrase][value=received]")
    officer.tap("form[action$=answer] button:not([type])")
    wait_until(lambda: "Cán bộ nói" in officer.words(".answers .history"))
    assert "Đang trên đường" in officer.one(".answers .history").text
    wait_until(lambda: whole_answers(kiosk) == 1)
    _, (answer,) = at_screen(kiosk).open(CODE)
    assert answer == Reply(("received",), voice=answer.voice)
    heard = decoded(answer.voice)
    assert seconds(heard) == pytest.approx(3.5, abs=1.5)
    spectrum = np.abs(np.fft.rfft(heard))
    assert np.argmax(spectrum) * RATE / len(heard) == pytest.approx(TONE_HZ, abs=5)
    case = officer.driver.current_url
    wait_until(lambda: "Đã tới máy" in officer.open(case).words(".answers .history"))


def test_a_recording_stays_in_the_form_when_something_else_was_wrong(
    port: int, officer: Pc
) -> None:
    officer.go(port, "/?view=all").tap(".cases a")
    officer.tap(".answers summary")
    officer.tap("[data-take]")
    wait_until(lambda: "1 / " in officer.words(".recorder [role=status]"))
    officer.tap("[data-take]")
    wait_until(lambda: "Đã thu" in officer.words(".recorder [role=status]"))
    officer.tap("[name=phrase][value=call]")
    officer.tap("form[action$=answer] button:not([type])")
    assert "number" in officer.one("[role=alert]").text
    assert officer.findings() == []
    played = "return arguments[0].duration"
    wait_until(lambda: officer.driver.execute_script(played, officer.one(".recorder audio")))
    officer.fill("number", "0215 3 740 123").tap("form[action$=answer] button:not([type])")
    wait_until(lambda: "Cán bộ nói" in officer.words(".answers .history li"))


def test_without_a_microphone_the_officer_is_told_and_may_choose_a_file(
    port: int, tmp_path: Path
) -> None:
    file = tmp_path / "loi.wav"
    file.write_bytes(to_wav(babble(2.0, seed=3)))
    pc = Pc(tmp_path / "deaf")
    try:
        pc.sign_in(port).go(port, "/notices")
        pc.tap("[data-take]")
        wait_until(lambda: "Không mở được micrô" in pc.words(".recorder [role=status]"))
        pc.one("[name=sound_vi]").send_keys(str(file))
        assert pc.one(".recorder audio").is_displayed()
        pc.fill("vi", "Mời bà con đi họp").tap("#compose > button")
        wait_until(lambda: "Đã ký" in pc.text)
        assert pc.find("audio[src^='/notices/']")
    finally:
        pc.close()

"""From the desk over a real broker to a real window and loudspeaker, and taken back again."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from audio.playback.ogg_opus import decoded
from audio.speech.espeak import Engine
from audio.speech.sound import from_wav, to_wav
from kiosk.common import schema
from kiosk.settings.kiosk import Files, Kiosk, KioskFile, Screen, Sound
from tests.audio.hall import ALIKE, Ear, babble, hall, likeness
from tests.ui.touch.place import PANELS, ROOT, TILES, app, display, finger, pixels, settled
from tests.uplink.station.desk.browser import Pc
from tests.uplink.station.desk.place import HALLS, desk_served, make_station
from tests.uplink.village import Village
from tests.waiting import wait_until
from ui.touch.input.screen_guard import GUARD_S
from ui.touch.layout import screens
from ui.touch.layout.geometry import Panel, Rect
from uplink.station.downlink.recording import as_opus

pytestmark = pytest.mark.skipif(
    not TILES.is_dir()
    or not all(map(shutil.which, ("Xvfb", "xdotool", "pulseaudio", "parec", "chromedriver"))),
    reason="needs the built tiles, Xvfb, xdotool, pulseaudio and chromium-driver",
)

NEWS_S = 5.0
"""How often the touch app looks for what came; nothing on the start screen tells of procedures."""
PANEL = Panel(*PANELS[0])
WORDS = "Chiều thứ bảy xin mời bà con đến nhà văn hóa."
FREE = "Lệ phí: không mất tiền."


@pytest.fixture(scope="module")
def village(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Village]:
    made = make_station(tmp_path_factory.mktemp("village"))
    try:
        made.start_broker()
        made.start_station()
        made.start_courier(HALLS[0])
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="module")
def kiosk(village: Village) -> Iterator[tuple[str, Ear]]:
    """The touch app on the kiosk of the first hall: (display, what its loudspeaker plays)."""
    folder = village.folder / HALLS[0]
    config = folder / "kiosk.toml"
    settings = KioskFile(
        kiosk=Kiosk(bytes.fromhex(village.kiosks[HALLS[0]])),
        screen=Screen(fullscreen=False),
        files=Files(assets=ROOT / "build"),
        sound=Sound(speaker="speaker"),
    )
    config.write_text(schema.dump(settings), "utf-8")
    with hall() as here, display(*PANELS[0][:2]) as on, pytest.MonkeyPatch.context() as patch:
        for name, value in here.environment.items():
            patch.setenv(name, value)
        ear = here.ear("speaker")
        with app(config, on, village.folder / "app.log"):
            yield on, ear
        ear.close()


@pytest.fixture(scope="module")
def officer(village: Village) -> Iterator[tuple[Pc, int]]:
    with desk_served(village) as port:
        pc = Pc(village.folder / "profile")
        yield pc.sign_in(port), port
        pc.close()


def tap(on: str, place: Rect) -> None:
    """Touch, and wait until another screen is there."""
    before = heading(on)
    finger(on, "mousemove", str(place.centre[0]), str(place.centre[1]), "click", "1")
    wait_until(lambda: heading(on) != before)
    time.sleep(GUARD_S + 0.3)


def heading(on: str) -> bytes:
    """The pixels at the top, where no ring shows what is being spoken of."""
    return pixels(on)[: PANEL.width * 3 * screens.header(PANEL).text.bottom]


def strip(on: str) -> bytes:
    """The pixels of the start screen's notice."""
    shown, place = pixels(on), screens.start(PANEL, 2, phone=False).notices
    stride = PANEL.width * 3
    rows = (shown[y * stride : (y + 1) * stride] for y in range(place.y, place.bottom))
    return b"".join(row[place.x * 3 : place.right * 3] for row in rows)


def first_strip(on: str) -> bytes:
    """The notice that stands there before any has come."""
    wait_until(lambda: len(set(strip(on))) > 50)
    settled(on)
    return strip(on)


@pytest.mark.soak
def test_a_notice_goes_from_the_desk_to_the_hall_and_back(
    kiosk: tuple[str, Ear], officer: tuple[Pc, int], tmp_path: Path
) -> None:
    (on, ear), (pc, port) = kiosk, officer
    before = first_strip(on)
    recording = tmp_path / "voice.wav"
    recording.write_bytes(to_wav(babble(3.0, seed=7)))
    voice = decoded(as_opus(recording.read_bytes()))
    pc.go(port, "/notices").fill("vi", WORDS)
    pc.tap("[value=event]")
    pc.one("#sound_vi").send_keys(str(recording))
    pc.tap("#compose > button")
    wait_until(lambda: WORDS in pc.text)
    wait_until(lambda: strip(on) != before)
    wait_until(lambda: "1 / 3" in pc.go(port, "/notices").words(".reach"))
    wait_until(lambda: "Thu âm: 1 / 3" in pc.go(port, "/notices").words(".reach"))
    tap(on, screens.start(PANEL, 2, phone=False).notices)
    tap(on, screens.grid(PANEL, 5)[0])
    wait_until(lambda: likeness(ear.heard, voice)[0] > ALIKE)
    tap(on, screens.buttons(PANEL, 1)[0])
    tap(on, screens.rail_slot(PANEL, "back"))
    pc.tap(".reach button")
    wait_until(lambda: strip(on) == before)


@pytest.mark.soak
def test_an_edited_procedure_is_spoken_at_the_kiosk(
    kiosk: tuple[str, Ear], officer: tuple[Pc, int]
) -> None:
    (on, ear), (pc, port) = kiosk, officer
    first_strip(on)
    pc.go(port, "/procedures/id_card").fill("vi_0", FREE)
    pc.tap(".actions button")
    wait_until(lambda: "1 / 3" in pc.go(port, "/procedures").text)
    time.sleep(2 * NEWS_S)
    spoken = from_wav(Engine().synthesise(FREE, "vi"))
    tap(on, screens.start(PANEL, 2, phone=False).languages[0])
    tap(on, screens.grid(PANEL, 6)[4])
    tap(on, screens.grid(PANEL, 6)[0])
    tap(on, screens.buttons(PANEL, 1)[0])
    wait_until(lambda: likeness(ear.heard, spoken)[0] > ALIKE)

"""A voice from a real microphone to the station: disguised, as previewed, and in no file."""

import json
import subprocess
import wave
from pathlib import Path

import numpy as np
import pytest

from audio.speech.sound import RATE, Samples
from kiosk.device import config as configs
from kiosk.flow.model import Gate, GateKind, Kept, Take, Taken, VoiceGate
from kiosk.protocol.cells import Kind
from kiosk.protocol.opus_packets import decoded
from kiosk.protocol.picture_code import new_code
from kiosk.protocol.report import unpad
from provisioning import demo
from provisioning.processes import python
from tests.audio.hall import ALIKE, MICROPHONE, UNLIKE, Ear, Hall, hall, likeness
from tests.audio.utterances import utterances
from tests.toml_files import edit
from tests.traces import holding
from tests.ui.touch.place import PANELS, ROOT, app, colours, display, needs_sound, pixels
from tests.waiting import DEADLINE, wait_until
from ui.touch.layout import screens
from ui.touch.layout.geometry import Panel, Rect
from ui.touch.visit_driver import Walker
from uplink.station.keys import unlock
from uplink.station.receive.store import Store

pytestmark = needs_sound
PANEL = Panel(*PANELS[0])
DRAWN = 500
CANARY_BYTES = 48
SOUND = {"speaker": "speaker", "microphone": MICROPHONE}


@pytest.fixture(scope="module")
def words() -> Samples:
    return next(utterances("vi"))[: 6 * RATE]


@pytest.fixture
def village(tmp_path: Path) -> demo.Village:
    """A village whose kiosk offers to add a voice."""
    made = demo.provision(
        tmp_path / "village", demo.Plan(PANELS[0][:2], ROOT / "build", False, False, None)
    )
    edit(made.kiosk / "kiosk.toml", {"kiosk.voice": True, "sound": SOUND})
    return made


def test_a_voice_is_recorded_previewed_kept_and_opened_by_the_station(
    village: demo.Village, words: Samples, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config, log = village.kiosk / "kiosk.toml", tmp_path / "log"
    with hall() as here, display(*PANELS[0][:2]) as on, demo.started(village):
        monkeypatch.setenv("DISPLAY", on)
        for name, value in here.environment.items():
            monkeypatch.setenv(name, value)
        speaker, awake = here.ear("speaker"), here.ear(MICROPHONE)
        with app(config, on, log):
            wait_until(lambda: colours(on) > DRAWN)
            record(Walker(configs.load(config), tmp_path / "shots"), here, speaker, words, on)
            wait_until(lambda: inbox(village).get("voice") == "whole")
        heard = speaker.heard
        for ear in (speaker, awake):
            ear.close()
    packets = opened(village)
    previewed = decoded(packets, RATE)
    assert likeness(heard, previewed)[0] > ALIKE, "what the officer hears was played"
    assert likeness(previewed, words)[0] < UNLIKE, "it is another voice"
    assert holding(packets[2 : 2 + CANARY_BYTES], tmp_path) == []
    loud = int(np.argmax(np.abs(words.astype(int))))
    assert holding(words[loud : loud + CANARY_BYTES // 2].tobytes(), tmp_path) == []
    out = tmp_path / "voice.wav"
    station(village, "voice", inbox(village)["report"], "--out", str(out))
    with wave.open(str(out)) as file:
        assert 4 < file.getnframes() / file.getframerate() < 8
    assert log.read_text("utf-8") == "" or "E3" not in log.read_text("utf-8")


def record(walker: Walker, here: Hall, speaker: Ear, words: Samples, on: str) -> None:
    walker.feel(Gate(GateKind.OPEN, VoiceGate.ON))
    for target in ("lang:vi", "box:opinion", "choice:road", "choice:good", "send", "voice:own"):
        walker.tap(target)
    wait_until(lambda: speaker.is_silent(1.5))
    walker.tap("record")
    here.say(words).wait(DEADLINE)
    speaker.forget()
    walker.tap("stop")
    home = screens.rail_slot(PANEL, "home")
    wait_until(lambda: is_drawn(on, home))
    walker.feel(Taken(Take.READY, 0.0))
    wait_until(lambda: speaker.is_silent(1.5))
    walker.tap("keep", Kept(0.0, code=new_code()))


def is_drawn(on: str, place: Rect) -> bool:
    stride = 3 * PANEL.width
    row = place.centre[1] * stride
    shown = pixels(on)[row + 3 * place.x : row + 3 * place.right]
    return len({shown[at : at + 3] for at in range(0, len(shown), 3)}) > 4


def station(village: demo.Village, command: str, *arguments: str) -> str:
    return subprocess.run(
        python(
            "uplink.station.commands.main",
            command,
            *("--config", village.station / "station.toml"),
            *("--passphrase-file", village.passphrase),
            *arguments,
        ),
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def inbox(village: demo.Village) -> dict[str, str]:
    lines = station(village, "inbox", "--json").splitlines()
    found: dict[str, str] = json.loads(lines[0]) if lines else {}
    return found


def opened(village: demo.Village) -> bytes:
    """The packets that the station opened."""
    store = Store(f"sqlite:///{village.station / 'station.db'}")
    (part,) = store.complete_parts(Kind.VOICE)
    store.close()
    (key,) = unlock(village.station, demo.PASSPHRASE)
    return unpad(key.open(Kind.VOICE, part.sealed))

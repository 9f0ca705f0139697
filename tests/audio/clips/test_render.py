"""Clips as they come from the real engine: level, whole, and made again only when they must be."""

import io
import json
import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest

from audio.clips.render import render
from audio.hmong.build import build
from audio.speech.levels import PEAK_DB, SPEECH_DB, level, levelled
from audio.speech.sound import FULL_SCALE, RATE, from_wav, seconds
from kiosk.common.errors import AudioError
from kiosk.content import catalog as catalogues
from kiosk.content.assets import MANIFEST, Clips
from kiosk.content.catalog import Catalog, Words
from tests.ui.touch.place import ROOT

STRINGS = {
    "ui.back": {"vi": Words("Quay lại", "Quay lại"), "hmn": Words("Rov qab", "Rov qab")},
    "ask.where": {"vi": Words("Ở đâu?", "Việc đó ở đâu?"), "hmn": Words("Qhov twg?", "Qhov twg?")},
    "advice.fraud": {
        "vi": Words("Lừa đảo", "Có người gọi điện đòi chuyển tiền thì đừng chuyển."),
        "hmn": Words("Tsis txhob", "Tsis txhob xa nyiaj"),
    },
}


def catalog(**changed: str) -> Catalog:
    """Three strings, some of them with other words in Vietnamese."""
    strings = {
        language: {name: words[language] for name, words in STRINGS.items()}
        for language in catalogues.LANGUAGES
    }
    for name, text in changed.items():
        strings["vi"][name.replace("_", ".")] = Words(text, text)
    return Catalog(strings)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The speech data with the Hmong voice."""
    folder: Path = tmp_path_factory.mktemp("espeak")
    build(folder)
    return folder


@pytest.fixture
def rendered(tmp_path: Path, data: Path) -> Path:
    """The Vietnamese clips."""
    assert again(tmp_path / "vi", data) == 3
    return tmp_path / "vi"


def again(folder: Path, data: Path, strings: Catalog | None = None) -> int:
    return render(folder, folder.name, strings or catalog(), data, lambda _: None)


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_every_clip_is_trimmed_levelled_and_never_clipped(
    tmp_path: Path, data: Path, language: str
) -> None:
    again(tmp_path / language, data)
    for clip in Clips([tmp_path / language]):
        samples = from_wav(clip.read("wav"))
        assert level(samples) == pytest.approx(SPEECH_DB, abs=2.0)
        assert np.abs(samples).max() <= FULL_SCALE * 10 ** (PEAK_DB / 20) + 1
        assert abs(samples[0]) < 10
        assert abs(samples[-1]) < 10
        loud = np.flatnonzero(np.abs(samples) > 300)
        assert loud[0] < 0.05 * RATE
        assert len(samples) - loud[-1] < 0.15 * RATE


def test_the_manifest_tells_all_about_a_clip(rendered: Path) -> None:
    entry = json.loads((rendered / MANIFEST).read_text())["clips"]["ask.where"]
    samples = from_wav((rendered / "ask.where.wav").read_bytes())
    assert entry["seconds"] == pytest.approx(seconds(samples), abs=0.01)
    assert entry["level"] == pytest.approx(level(samples), abs=0.1)
    assert set(entry) == {"text", "wav", "mp3", "voice", "seconds", "level"}


def test_a_phone_gets_the_same_sound_in_few_bytes(rendered: Path) -> None:
    (clip,) = Clips([rendered]).of("advice.fraud", "vi", STRINGS["advice.fraud"]["vi"].speak)
    compressed, samples = clip.read("mp3"), from_wav(clip.read("wav"))
    assert len(compressed) < len(clip.read("wav")) / 8
    with av.open(io.BytesIO(compressed), "r") as file:
        assert file.format.name == "mp3"
        heard = np.concatenate([f.to_ndarray()[0] for f in file.decode(audio=0)])
    assert len(heard) / RATE == pytest.approx(seconds(samples), abs=0.15)


def test_nothing_is_rendered_twice(rendered: Path, data: Path) -> None:
    assert again(rendered, data) == 0


def test_only_what_changed_is_rendered_again(rendered: Path, data: Path) -> None:
    assert again(rendered, data, catalog(ui_back="Về trước")) == 1
    assert again(rendered, data, catalog(ui_back="Về trước")) == 0


@pytest.mark.parametrize("kind", ["wav", "mp3"])
def test_a_damaged_clip_is_rendered_again(rendered: Path, data: Path, kind: str) -> None:
    (rendered / f"ui.back.{kind}").write_bytes(b"half")
    assert again(rendered, data) == 1


def test_what_is_no_longer_said_is_removed(rendered: Path, data: Path) -> None:
    (rendered / "ask.nothing.wav").write_bytes(b"old")
    again(rendered, data)
    assert not (rendered / "ask.nothing.wav").exists()


def test_silence_is_no_clip() -> None:
    with pytest.raises(AudioError):
        levelled(np.zeros(RATE, np.int16))


def test_without_espeak_the_command_says_what_to_install(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "audio.main", "render", "--data", str(tmp_path / "nowhere")]
    done = subprocess.run(
        [*command, "--out", str(tmp_path / "clips")],
        cwd=ROOT,
        env={"PATH": ""},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert "apt install espeak-ng" in done.stderr
    assert "Traceback" not in done.stderr

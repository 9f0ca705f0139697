"""The Hmong voice, built once from this machine's own speech data."""

import shutil
import tomllib
from importlib import resources
from pathlib import Path

import pytest

from audio.hmong.build import build, sounds
from tests.audio.hmong.measuring import Speaking, Utterance, speak


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("espeak-ng") is None:
        pytest.skip("needs espeak-ng")
    folder = tmp_path_factory.mktemp("espeak")
    build(folder)
    return folder


@pytest.fixture(scope="session")
def spoken(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Speaking:
    return lambda texts: speak(data, tmp_path_factory.mktemp("said"), texts)


@pytest.fixture(scope="session")
def catalogue(spoken: Speaking) -> list[Utterance]:
    """Every Hmong string of the product, as it is spoken."""
    text = resources.files("kiosk.content").joinpath("strings", "hmn.toml").read_text("utf-8")
    strings = [entry for group in tomllib.loads(text).values() for entry in group.values()]
    return spoken([entry.get("speak", entry["show"]) for entry in strings])


@pytest.fixture(scope="session")
def in_each_tone(spoken: Speaking) -> dict[str, list[Utterance]]:
    """Tone letter -> one syllable with every rime of White Hmong, in that tone."""
    rimes = [rime for rime in sounds()["rimes"] if rime != "aa"]
    tones = list(sounds()["tones"])
    said = iter(spoken([f"t{rime}{tone}" for tone in tones for rime in rimes]))
    return {tone: [next(said) for _ in rimes] for tone in tones}

"""The station's notices as files for a loudspeaker."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from audio.clips.notice_files import LISTING, render
from audio.main import main
from audio.speech.sound import from_wav, seconds, to_wav
from kiosk.common.errors import AudioError
from tests.audio.hall import babble
from tests.audio.recordings import hum, recorded

ENTRY = {"name": "01-fire", "vi": "Không đốt nương.", "hmn": "", "sounds": {"hmn": "01.ogg"}}


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    (folder / LISTING).write_text(json.dumps([ENTRY]), "utf-8")
    (folder / "01.ogg").write_bytes(recorded(hum(1.0)))
    return folder


def test_words_are_spoken_and_recordings_taken_over(stick: Path, tmp_path: Path) -> None:
    made = render(stick, tmp_path, lambda *_: to_wav(babble(2.0, seed=5)))
    assert [path.name for path in made] == [
        "01-fire.vi.wav",
        "01-fire.vi.mp3",
        "01-fire.hmn.wav",
        "01-fire.hmn.mp3",
    ]
    assert seconds(from_wav(made[0].read_bytes())) == pytest.approx(2.0, abs=0.2)
    assert seconds(from_wav(made[2].read_bytes())) == pytest.approx(1.0, abs=0.1)


@pytest.mark.parametrize("listing", ["", '[{"name": "x"}]', "[7]", '[{"name": 1}]'])
def test_a_damaged_listing_is_told_with_its_cure(stick: Path, tmp_path: Path, listing: str) -> None:
    (stick / LISTING).write_text(listing)
    with pytest.raises(AudioError, match="export"):
        render(stick, tmp_path, lambda *_: b"")


def test_names_lead_nowhere_else(stick: Path, tmp_path: Path) -> None:
    entry = {**ENTRY, "name": "../../escaped", "vi": "", "sounds": {"hmn": "../stick/01.ogg"}}
    (stick / LISTING).write_text(json.dumps([entry]), "utf-8")
    made = render(stick, tmp_path, lambda *_: b"")
    assert {path.parent for path in made} == {tmp_path}


def test_a_missing_recording_is_told(stick: Path, tmp_path: Path) -> None:
    (stick / "01.ogg").unlink()
    done = CliRunner().invoke(main, ["notices", str(stick), str(tmp_path)])
    assert done.exit_code == 2

"""A person's clip before a rendered one, that before live speech; a bad clip is passed over."""

import json
from pathlib import Path

import numpy as np
import pytest

from audio.clips.sources import Sources
from audio.speech.sound import Samples, to_wav
from audio.speech.voice import Clause
from kiosk.common.errors import AudioError
from kiosk.content.assets import MANIFEST, Clips, digest
from kiosk.content.voice_pack import SIGNATURE, clip_folders, sign
from tests.ui.touch.place import AUTHORITY

TEXT = "Việc đó ở đâu?"
WHERE = Clause(TEXT, "vi", None, "ask.where")
PERSON, RENDERED, LIVE = (np.full(9, level, np.int16) for level in (1, 2, 3))


def folder(path: Path, samples: Samples, text: str = TEXT) -> Path:
    """A folder with one clip."""
    path.mkdir(parents=True)
    wav = to_wav(samples)
    (path / "ask.where.wav").write_bytes(wav)
    (path / "ask.where.mp3").write_bytes(b"mp3")
    clip = {"text": digest(text), "wav": digest(wav), "mp3": digest(b"mp3")}
    about = {"name": "seo", "version": 1, "speaker": ""}
    manifest = {**about, "language": "vi", "clips": {"ask.where": clip}}
    (path / MANIFEST).write_text(json.dumps(manifest))
    return path


def signed(path: Path, text: str = TEXT) -> Path:
    """A person's pack."""
    sign(folder(path, PERSON, text), AUTHORITY)
    return path


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return signed(tmp_path / "voices" / "seo-0001")


@pytest.fixture
def built(tmp_path: Path) -> Path:
    return folder(tmp_path / "assets" / "clips" / "vi", RENDERED)


def heard(tmp_path: Path, clause: Clause = WHERE) -> int:
    """The level that tells whose voice is heard."""
    authority = tmp_path / "authority.pub"
    authority.write_bytes(AUTHORITY.public_key().public_bytes_raw())
    clips = Clips(clip_folders(tmp_path / "assets", tmp_path / "voices", authority))
    return int(Sources(clips, lambda *_: to_wav(LIVE)).samples(clause)[0])


def test_a_person_is_heard_before_the_machine(tmp_path: Path, pack: Path, built: Path) -> None:
    assert heard(tmp_path) == 1


@pytest.mark.parametrize("harm", ["cut", "changed", "gone"])
def test_a_bad_clip_gives_way_to_the_next_and_only_its_id_is_told(
    tmp_path: Path, pack: Path, built: Path, caplog: pytest.LogCaptureFixture, harm: str
) -> None:
    path = pack / "ask.where.wav"
    data = path.read_bytes()
    if harm == "gone":
        path.unlink()
    else:
        path.write_bytes(data[: len(data) // 2] if harm == "cut" else data[:-1] + b"\xff")
    assert heard(tmp_path) == 2
    assert {record.getMessage()[:23] for record in caplog.records} == {"E31 clip vi/ask.where i"}
    assert TEXT not in caplog.text


def test_a_clip_that_says_an_older_text_is_passed_over(tmp_path: Path, built: Path) -> None:
    signed(tmp_path / "voices" / "seo-0001", "Ở đâu?")
    assert heard(tmp_path) == 2


@pytest.mark.parametrize(
    "manifest",
    [b"", b"[]", b"{", b'{"clips": 3}', b'{"language": "vi", "clips": {"a": 1}}', b"\xff"],
)
def test_a_damaged_manifest_is_no_clips(
    tmp_path: Path, pack: Path, built: Path, manifest: bytes
) -> None:
    (pack / MANIFEST).write_bytes(manifest)
    assert heard(tmp_path) == 2


@pytest.mark.parametrize("signature", [None, b"", bytes(64)])
def test_a_pack_that_the_authority_did_not_sign_is_not_heard(
    tmp_path: Path,
    pack: Path,
    built: Path,
    caplog: pytest.LogCaptureFixture,
    signature: bytes | None,
) -> None:
    (pack / SIGNATURE).unlink() if signature is None else (pack / SIGNATURE).write_bytes(signature)
    assert heard(tmp_path) == 2
    assert [record.getMessage()[:4] for record in caplog.records] == ["E32 "]
    assert "seo" not in caplog.text


def test_a_clip_added_to_a_signed_pack_is_not_heard(
    tmp_path: Path, pack: Path, built: Path
) -> None:
    manifest = json.loads((pack / MANIFEST).read_text())
    manifest["clips"]["ask.where"]["wav"] = digest(to_wav(LIVE))
    (pack / MANIFEST).write_text(json.dumps(manifest))
    (pack / "ask.where.wav").write_bytes(to_wav(LIVE))
    assert heard(tmp_path) == 2


def test_the_newest_version_of_a_pack_is_heard_and_half_a_copy_is_not(
    tmp_path: Path, pack: Path
) -> None:
    newer = folder(tmp_path / "voices" / "seo-0002", RENDERED)
    sign(newer, AUTHORITY)
    sign(folder(tmp_path / "voices" / ".seo-0003.incoming", LIVE), AUTHORITY)
    assert heard(tmp_path) == 2


def test_without_any_clip_the_engine_speaks(tmp_path: Path) -> None:
    assert heard(tmp_path) == 3


def test_a_village_is_spoken_live(tmp_path: Path, built: Path) -> None:
    assert heard(tmp_path, Clause("Bản Na Cô Sa 1", "vi")) == 3


def test_a_clause_without_any_voice_is_an_error(tmp_path: Path) -> None:
    def mute(*_: str) -> bytes:
        raise AudioError("no voice for a language")

    with pytest.raises(AudioError):
        Sources(Clips([]), mute).samples(WHERE)


def test_live_speech_is_made_once(tmp_path: Path) -> None:
    made: list[tuple[str, str]] = []

    def speak(text: str, language: str) -> bytes:
        made.append((text, language))
        return to_wav(LIVE)

    sources = Sources(Clips([]), speak)
    for _ in range(3):
        sources.samples(WHERE)
    assert made == [(TEXT, "vi")]


def test_a_clip_stays_whole_in_memory_whatever_becomes_of_its_file(
    tmp_path: Path, built: Path
) -> None:
    sources = Sources(Clips([built]), lambda *_: to_wav(LIVE))
    sources.samples(WHERE)
    (built / "ask.where.wav").write_bytes(b"")
    assert sources.samples(WHERE)[0] == 2

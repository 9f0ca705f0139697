"""The speaking voice with the real engine, and with everything missing that can be missing."""

import array
import os
import stat
import threading
import time
from pathlib import Path

import pytest

from audio.speech import BYTES_PER_SECOND, HEADER_BYTES, Engine, SpokenVoice
from kiosk.errors import AudioError

WORDS = "Quý vị muốn báo việc gì?"


@pytest.fixture
def voices():
    made = []

    def make(synthesise):
        made.append(SpokenVoice(synthesise))
        return made[-1]

    yield make
    for voice in made:
        voice.close()


@pytest.fixture
def player(tmp_path, monkeypatch):
    """A player that writes what it is given into a file and takes as long as it is told."""

    def install(script: str) -> Path:
        heard = tmp_path / "heard"
        path = tmp_path / "aplay"
        path.write_text(f"#!/bin/sh\n{script.format(heard=heard)}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
        return heard

    return install


def said(voice: SpokenVoice, text: str = WORDS, language: str = "vi") -> threading.Event:
    over = threading.Event()
    voice.say(text, language, over.set)
    return over


def clip(seconds: float) -> bytes:
    return bytes(HEADER_BYTES + int(seconds * BYTES_PER_SECOND))


def test_the_engine_speaks_vietnamese_loud_enough_and_at_an_elders_pace():
    made: list[bytes] = []
    worker = threading.Thread(target=lambda: made.append(Engine().synthesise(WORDS, "vi")))
    worker.start()
    worker.join(20)
    samples = array.array("h", made[0][HEADER_BYTES:])
    assert 1.2 < len(samples) / 22_050 < 5.0
    assert max(map(abs, samples)) > 8_000
    assert max(map(abs, samples)) < 32_767


def test_no_file_of_what_was_said_stays_behind():
    before = set(Path("/dev/shm").iterdir())
    worker = threading.Thread(target=lambda: Engine().synthesise(WORDS, "vi"))
    worker.start()
    worker.join(20)
    assert set(Path("/dev/shm").iterdir()) == before


def test_a_long_clause_is_written_to_its_end():
    made: list[bytes] = []
    worker = threading.Thread(target=lambda: made.append(Engine().synthesise(WORDS * 40, "vi")))
    worker.start()
    worker.join(60)
    assert (len(made[0]) - HEADER_BYTES) / BYTES_PER_SECOND > 40


def test_a_language_without_a_voice_is_refused():
    with pytest.raises(AudioError):
        Engine().synthesise("Nyob zoo", "xx")


def test_a_broken_engine_is_one_kind_of_error(monkeypatch):
    monkeypatch.setattr("pyttsx3.init", lambda _name: (_ for _ in ()).throw(OSError("no library")))
    with pytest.raises(AudioError):
        Engine().synthesise(WORDS, "vi")


def test_the_clip_reaches_the_player_whole(voices, player):
    heard = player("cat > {heard}")
    made = clip(0.3)
    assert said(voices(lambda *_: made)).wait(30)
    assert heard.read_bytes() == made


def test_a_clip_is_made_once(voices, player):
    player("cat > {heard}")
    made = []
    voice = voices(lambda text, _: made.append(text) or clip(0.1))
    for _ in range(3):
        assert said(voice).wait(30)
    assert made == [WORDS]


@pytest.mark.parametrize("by", ["stop", "say"])
def test_an_interruption_silences_the_player_at_once(voices, player, by):
    heard = player("cat > {heard}; exec sleep 30")
    voice = voices(lambda *_: clip(0.1))
    over = said(voice)
    deadline = time.monotonic() + 30
    while not (heard.exists() and voice._player) and time.monotonic() < deadline:
        time.sleep(0.01)
    playing = voice._player
    began = time.monotonic()
    voice.stop() if by == "stop" else said(voice)
    assert playing.wait(30) < 0
    assert time.monotonic() - began < 10
    assert not over.is_set()


def test_without_player_the_clause_passes_in_silence_and_is_reported_once(
    voices, monkeypatch, caplog
):
    monkeypatch.setenv("PATH", "")
    voice = voices(lambda *_: clip(0.4))
    began = time.monotonic()
    assert said(voice).wait(30)
    assert time.monotonic() - began >= 0.4
    assert said(voice, "Có").wait(30)
    assert [record.getMessage()[:3] for record in caplog.records] == ["E31"]
    assert WORDS not in caplog.text


def test_without_sound_card_the_clause_passes_in_silence(voices, player):
    player("cat > /dev/null; exit 1")
    began = time.monotonic()
    assert said(voices(lambda *_: clip(0.4))).wait(30)
    assert time.monotonic() - began >= 0.4


def test_silence_is_interrupted_too(voices, monkeypatch):
    monkeypatch.setenv("PATH", "")
    voice = voices(lambda *_: clip(20))
    first = said(voice)
    time.sleep(0.1)
    began = time.monotonic()
    voice.stop()
    voice.close()
    assert time.monotonic() - began < 10
    assert not first.is_set()

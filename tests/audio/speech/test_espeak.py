"""The real speech engine, and what it says when it is broken."""

import array
import threading
from pathlib import Path

import pytest

from audio.speech.espeak import BYTES_PER_SECOND, HEADER_BYTES, Engine
from kiosk.common.errors import AudioError
from tests.waiting import DEADLINE, wait_until

WORDS = "Quý vị muốn báo việc gì?"


def test_the_engine_speaks_vietnamese_loud_enough_and_at_an_elders_pace() -> None:
    made: list[bytes] = []
    worker = threading.Thread(target=lambda: made.append(Engine().synthesise(WORDS, "vi")))
    worker.start()
    worker.join(DEADLINE)
    samples = array.array("h", made[0][HEADER_BYTES:])
    assert 1.2 < len(samples) / 22_050 < 5.0
    assert max(map(abs, samples)) > 8_000
    assert max(map(abs, samples)) < 32_767


def test_no_file_of_what_was_said_stays_behind() -> None:
    before = recordings()
    worker = threading.Thread(target=lambda: Engine().synthesise(WORDS, "vi"))
    worker.start()
    worker.join(DEADLINE)
    left = recordings() - before
    wait_until(lambda: not left & recordings())


def recordings() -> set[Path]:
    """Ours, and for a while those of tests that run at the same time."""
    return set(Path("/dev/shm").glob("*.wav"))


def test_a_long_clause_is_written_to_its_end() -> None:
    made: list[bytes] = []
    worker = threading.Thread(target=lambda: made.append(Engine().synthesise(WORDS * 40, "vi")))
    worker.start()
    worker.join(DEADLINE)
    assert (len(made[0]) - HEADER_BYTES) / BYTES_PER_SECOND > 40


def test_a_language_without_a_voice_is_refused() -> None:
    with pytest.raises(AudioError):
        Engine().synthesise("Nyob zoo", "xx")


def test_a_broken_engine_is_one_kind_of_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pyttsx3.init", lambda _name: (_ for _ in ()).throw(OSError("no library")))
    with pytest.raises(AudioError):
        Engine().synthesise(WORDS, "vi")

"""Silence has the length of speech."""

import threading

import pytest

from audio.voice import SilentVoice, estimated_seconds


def test_longer_clauses_last_longer():
    assert estimated_seconds("Có") == pytest.approx(0.8)
    assert estimated_seconds(" ".join(["lời"] * 12)) == pytest.approx(6.0)


def test_silence_ends():
    over = threading.Event()
    SilentVoice(lambda _: 0.01).say("Có", "vi", over.set)
    assert over.wait(2)


@pytest.mark.parametrize("interrupt", ["stop", "close", "say"])
def test_interrupted_silence_never_ends(interrupt):
    over, voice = threading.Event(), SilentVoice(lambda _: 0.1)
    voice.say("Có", "vi", over.set)
    getattr(voice, interrupt)(*(("Không", "vi", lambda: None) if interrupt == "say" else ()))
    assert not over.wait(0.3)

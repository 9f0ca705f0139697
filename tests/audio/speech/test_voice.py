"""How long speech lasts when nothing can be heard."""

import pytest

from audio.speech.voice import estimated_seconds


def test_longer_clauses_last_longer() -> None:
    assert estimated_seconds("Có") == pytest.approx(0.8)
    assert estimated_seconds(" ".join(["lời"] * 12)) == pytest.approx(6.0)

"""Recordings of the station are decoded safely, or passed over."""

import numpy as np
import pytest

from audio.clips.sources import Sources
from audio.playback.ogg_opus import MAX_SECONDS, decoded
from audio.speech.levels import SPEECH_DB, level
from audio.speech.sound import RATE, seconds, to_wav
from audio.speech.voice import Clause
from kiosk.common.errors import AudioError
from kiosk.content.assets import Clips
from tests.audio.recordings import OPUS_RATE, hum, recorded

TEXT = "Việc đó ở đâu?"
LIVE = np.full(9, 3, np.int16)


def test_a_recording_is_played_at_our_rate_and_as_loud_as_every_clip() -> None:
    samples = decoded(recorded(hum(2.0)))
    assert seconds(samples) == pytest.approx(2.0, abs=0.1)
    assert level(samples) == pytest.approx(SPEECH_DB, abs=1.0)
    spectrum = np.abs(np.fft.rfft(samples))
    assert np.argmax(spectrum) * RATE / len(samples) == pytest.approx(200, abs=2)


@pytest.mark.parametrize(
    "audio",
    [
        b"",
        b"OggS" + bytes(400),
        b"RIFF" + bytes(400),
        recorded(hum(1.0))[:300],
        recorded(hum(1.0), "mp3", "libmp3lame"),
        recorded(np.zeros(OPUS_RATE, np.int16)),
    ],
    ids=["empty", "zeros", "wav", "cut", "mp3", "silence"],
)
def test_anything_else_is_refused(audio: bytes) -> None:
    with pytest.raises(AudioError):
        decoded(audio)


def test_a_recording_without_end_is_refused() -> None:
    with pytest.raises(AudioError, match="too long"):
        decoded(recorded(hum(MAX_SECONDS + 2)))


def test_a_recording_is_heard_before_live_speech_and_a_bad_one_gives_way() -> None:
    sources = Sources(Clips([]), lambda *_: to_wav(LIVE))
    told = Clause(TEXT, "hmn")
    assert len(sources.samples(told)) == len(LIVE)
    sources.learn({(TEXT, "hmn"): recorded(hum(1.0))})
    assert seconds(sources.samples(told)) == pytest.approx(1.0, abs=0.1)
    assert len(sources.samples(Clause(TEXT, "vi"))) == len(LIVE)
    sources.learn({(TEXT, "hmn"): b"OggS?"})
    assert len(sources.samples(told)) == len(LIVE)
    sources.learn({})
    assert len(sources.samples(told)) == len(LIVE)

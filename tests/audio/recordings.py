"""Recordings as a station's browser makes them."""

import io

import av
import numpy as np

from audio.speech.sound import Samples

OPUS_RATE = 48_000


def hum(length: float) -> Samples:
    """A quiet tone, as from a weak microphone."""
    moments = np.arange(int(length * OPUS_RATE)) / OPUS_RATE
    return (1000 * np.sin(2 * np.pi * 200 * moments)).astype(np.int16)


def recorded(samples: Samples, form: str = "ogg", codec: str = "libopus") -> bytes:
    whole = io.BytesIO()
    with av.open(whole, "w", format=form) as container:
        stream = container.add_stream(codec, rate=OPUS_RATE, layout="mono")
        assert isinstance(stream, av.AudioStream)
        frame = av.AudioFrame.from_ndarray(samples[None, :], format="s16", layout="mono")
        frame.sample_rate = OPUS_RATE
        for part in (frame, None):
            container.mux(stream.encode(part))
    return whole.getvalue()

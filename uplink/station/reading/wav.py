"""A WAV in memory (16-bit PCM, mono)."""

import io
import wave


def to_wav(frames: bytes, rate: int) -> bytes:
    """`frames` of two bytes each, `rate` a second."""
    whole = io.BytesIO()
    with wave.open(whole, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(frames)
    return whole.getvalue()

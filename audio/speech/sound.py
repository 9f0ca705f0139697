"""Sound as this product keeps it: one channel of 16-bit samples, 22,050 a second.

That is what eSpeak NG makes, so nothing is ever resampled on the kiosk; cards that cannot play it
are reached through ALSA's converting `plughw`.
"""

import io
import wave
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from kiosk.common.errors import AudioError

RATE = 22_050
FULL_SCALE = 32_768

Samples: TypeAlias = NDArray[np.int16]
Sound: TypeAlias = NDArray[np.float32]


def from_wav(data: bytes) -> Samples:
    """The samples of a WAV. Raises AudioError when it is none of ours."""
    try:
        with wave.open(io.BytesIO(data)) as file:
            form = (file.getnchannels(), file.getsampwidth(), file.getframerate())
            frames = file.readframes(file.getnframes())
    except (wave.Error, EOFError) as error:
        raise AudioError("not a WAV file") from error
    if form != (1, 2, RATE):
        raise AudioError("a WAV file of another kind")
    return np.frombuffer(frames[: len(frames) // 2 * 2], "<i2")


def to_wav(samples: Samples) -> bytes:
    """The samples as a WAV."""
    whole = io.BytesIO()
    with wave.open(whole, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.astype("<i2").tobytes())
    return whole.getvalue()


def seconds(samples: Samples | Sound) -> float:
    """How long it lasts."""
    return len(samples) / RATE


def sound(samples: Samples, gain: float) -> Sound:
    """The samples from -1 to 1, `gain` times as strong."""
    return samples.astype(np.float32) * np.float32(gain / FULL_SCALE)

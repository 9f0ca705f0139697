"""Noise for releases and for breath, in the form in which phondata holds recordings.

A recording is its length in bytes (16 bit), a scale (0: samples have 16 bits, otherwise 8-bit
samples times the scale) and the samples at 22,050 Hz (eSpeak NG's synthesize.c, DoSample2).
"""

import struct
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

RATE = 22_050
HEADER = struct.Struct("<HBx")
FADE_MS = 4.0
SEED = 1961

Noise = npt.NDArray[np.float64]


def recorded(phondata: bytes, place: int) -> Noise:
    """The samples of a recording at a place in phondata."""
    length, scale = HEADER.unpack_from(phondata, place)
    samples = np.frombuffer(phondata, "<i2" if scale == 0 else "i1", length // (2 - bool(scale)),
                            place + HEADER.size)  # fmt: skip
    return samples.astype(np.float64) * (scale or 1)


def packed(noise: Noise) -> bytes:
    """A recording for phondata."""
    samples = np.clip(np.round(noise), -32_768, 32_767).astype("<i2").tobytes()
    return HEADER.pack(len(samples), 0) + samples


def cut(noise: Noise, ms: float) -> Noise:
    """The first milliseconds of a noise, faded out."""
    kept = noise[: samples_in(ms)].copy()
    fade = min(samples_in(FADE_MS), len(kept))
    kept[len(kept) - fade :] *= np.linspace(1, 0, fade)
    return kept


def joined(parts: list[Noise]) -> Noise:
    """Noises one after the other."""
    return np.concatenate(parts)


def breath(resonances: Iterable[tuple[float, float, float]], ms: float, loudness: float) -> Noise:
    """Noise that resounds at (Hz, width in Hz, strength); `loudness` is its RMS.

    It is made in the frequency domain, so that it can be repeated without a seam, and always the
    same, so that a voice built twice is the same voice.
    """
    count = samples_in(ms)
    white = np.fft.rfft(np.random.default_rng(SEED).standard_normal(count))
    hertz = np.fft.rfftfreq(count, 1 / RATE)
    shape = sum(
        strength / (1 + ((hertz - centre) / width) ** 2) for centre, width, strength in resonances
    )
    noise = np.fft.irfft(white * shape, count)
    return np.asarray(noise * loudness / np.sqrt((noise**2).mean()))


def samples_in(ms: float) -> int:
    """How many samples so many milliseconds have."""
    return round(ms * RATE / 1000)

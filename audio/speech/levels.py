"""Clips of one loudness: silence trimmed, speech levelled, nothing clipped.

Loudness is the level of active speech, as in ITU-T P.56 but simplified: the root mean square of
those 10-ms windows that are not far below the loudest.
"""

import numpy as np
from numpy.typing import NDArray

from audio.speech.sound import FULL_SCALE, RATE, Samples
from kiosk.common.errors import AudioError

WINDOW = RATE // 100
SPEECH_DB = -20.0
PEAK_DB = -1.0
ACTIVE_DB = -30.0
QUIET_DB = -45.0
BEFORE, AFTER = 1, 6
FADE = WINDOW // 2
CLIPPED_RUN = 3
QUIETEST, NOISE_FACTOR, NOISIEST_DB = 0.1, 2.5, -18.0


def levelled(samples: Samples) -> Samples:
    """The clip without the silence around it, as loud as every other.

    Raises AudioError when there is only silence.
    """
    kept = _trimmed(samples.astype(np.float64) / FULL_SCALE)
    gain = min(_ratio(SPEECH_DB) / _active(kept), _ratio(PEAK_DB) / np.abs(kept).max())
    ramp = np.linspace(0, 1, FADE)
    kept[:FADE] *= ramp
    kept[-FADE:] *= ramp[::-1]
    return np.asarray(np.rint(kept * gain * FULL_SCALE), np.int16)


def level(samples: Samples) -> float:
    """The level of active speech, in dB below full scale."""
    return float(20 * np.log10(_active(samples.astype(np.float64) / FULL_SCALE)))


def active_windows(samples: Samples) -> NDArray[np.bool_]:
    """Which windows of 10 ms stand out from the noise of the room, which the quietest show."""
    windows = _windows(samples.astype(np.float64) / FULL_SCALE)
    loudest, noise = windows.max(initial=0), np.quantile(windows, QUIETEST)
    floor, ceiling = _ratio(QUIET_DB) * loudest, _ratio(NOISIEST_DB) * loudest
    return np.asarray(windows > np.clip(NOISE_FACTOR * noise, floor, ceiling))


def peak(samples: Samples) -> float:
    """The loudest sample, in dB below full scale; minus infinity when there is only zero."""
    loudest = np.abs(samples.astype(np.float64)).max(initial=0) / FULL_SCALE
    return float(20 * np.log10(loudest)) if loudest else -np.inf


def is_clipped(samples: Samples) -> bool:
    """Whether the microphone was overdriven: several samples in a row at the end of the scale."""
    flat = (np.abs(samples.astype(np.int32)) >= FULL_SCALE - 2).astype(np.int8)
    return bool(np.convolve(flat, np.ones(CLIPPED_RUN, np.int8)).max(initial=0) >= CLIPPED_RUN)


def _trimmed(sound: NDArray[np.float64]) -> NDArray[np.float64]:
    """From just before the first window with speech to shortly after the last."""
    loud = np.flatnonzero(_windows(sound) > _ratio(QUIET_DB) * np.abs(sound).max(initial=0))
    if not len(loud):
        raise AudioError("a clip holds only silence")
    begin, end = max(0, loud[0] - BEFORE), loud[-1] + 1 + AFTER
    return sound[begin * WINDOW : end * WINDOW].copy()


def _active(sound: NDArray[np.float64]) -> float:
    windows = _windows(sound)
    active = windows[windows > _ratio(ACTIVE_DB) * windows.max()]
    return float(np.sqrt(np.mean(active**2)))


def _windows(sound: NDArray[np.float64]) -> NDArray[np.float64]:
    """The root mean square of every whole window."""
    whole = sound[: len(sound) // WINDOW * WINDOW].reshape(-1, WINDOW)
    return np.asarray(np.sqrt(np.mean(whole**2, axis=1)))


def _ratio(decibel: float) -> float:
    return float(10 ** (decibel / 20))

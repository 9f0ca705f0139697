"""What is speech in a recording, and how high it is spoken."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from audio.speech.sound import FULL_SCALE, RATE, Samples
from kiosk.common.errors import AudioError

LEAST_SPEECH_S = 1.0
LOWEST_HZ, HIGHEST_HZ = 70, 400

_WINDOW = RATE // 50
_LIGHT = 10 ** (-40 / 20)
_SILENT = 10 ** (-50 / 20)
_ABOVE_NOISE = 10 ** (9 / 20)
_NOISE_QUANTILE = 0.1
_OVERDRIVEN = 0.005
_HANG = 6
_MARGIN = 4
_PITCH_FRAME = RATE // 20
_PERIODIC = 0.5

Wave: TypeAlias = NDArray[np.float64]


def is_loud(block: Samples) -> bool:
    """Whether a short piece is as loud as somebody who speaks."""
    return bool(len(block) and np.sqrt(np.mean((block / FULL_SCALE) ** 2)) > _LIGHT)


def is_overdriven(samples: Samples) -> bool:
    """Whether so much is at the end of the scale that words are hard to understand."""
    flat = np.abs(samples.astype(np.int32)) >= FULL_SCALE - 2
    return bool(len(samples) and flat.mean() > _OVERDRIVEN)


def hears_speech(samples: Samples) -> bool:
    """Whether somebody speaks for at least a second; steady noise is not speech."""
    spoken = _speaking(samples.astype(np.float64) / FULL_SCALE)
    return bool(spoken.sum() * _WINDOW / RATE >= LEAST_SPEECH_S)


def speech_only(wave: Wave) -> Wave:
    """From just before the first word to just after the last; long noise between is kept.

    Raises AudioError when nobody speaks.
    """
    spoken = np.flatnonzero(_speaking(wave))
    if not len(spoken):
        raise AudioError("no speech in the recording")
    begin = max(0, spoken[0] - _MARGIN) * _WINDOW
    return wave[begin : (spoken[-1] + 1 + _MARGIN) * _WINDOW]


def median_pitch(wave: Wave) -> float:
    """The median pitch in Hz of what is voiced, 0 when nothing is."""
    starts = range(0, len(wave) - _PITCH_FRAME, _PITCH_FRAME // 2)
    frames = np.array([wave[at : at + _PITCH_FRAME] for at in starts]).reshape(-1, _PITCH_FRAME)
    window = np.hanning(_PITCH_FRAME)
    power = np.abs(np.fft.rfft(frames * window, 2 * _PITCH_FRAME)) ** 2
    lags = np.fft.irfft(power)[:, : RATE // LOWEST_HZ + 1]
    own = np.correlate(window, window, "full")[_PITCH_FRAME - 1 :]
    lags = lags / np.maximum(lags[:, :1], 1e-12) / (own / own[0])[: lags.shape[1]]
    shortest = RATE // HIGHEST_HZ
    best = np.argmax(lags[:, shortest:], axis=1) + shortest
    loud = np.sqrt(np.mean(frames**2, axis=1))
    voiced = (lags[np.arange(len(best)), best] > _PERIODIC) & (loud > 0.2 * loud.max(initial=0))
    return float(RATE / np.median(best[voiced])) if voiced.any() else 0.0


def _speaking(wave: Wave) -> NDArray[np.bool_]:
    """For each 20 ms whether it is speech: well above the noise, or shortly after that."""
    whole = wave[: len(wave) // _WINDOW * _WINDOW].reshape(-1, _WINDOW)
    strength = np.sqrt(np.mean((whole - wave.mean() if len(wave) else whole) ** 2, axis=1))
    if not len(strength):
        return np.zeros(0, np.bool_)
    noise = float(np.quantile(strength, _NOISE_QUANTILE))
    loud = strength > max(_SILENT, noise * _ABOVE_NOISE)
    return np.convolve(loud, np.ones(_HANG))[: len(loud)] > 0

"""A voice told apart less easily by ear: pitch, formants and tempo are moved, words are kept.

Hmong and Vietnamese carry words in pitch, so the pitch is moved as a whole and its contour stays:
the recording is stretched by WSOLA (Verhelst and Roelands, ICASSP 1993) and played faster or
slower. Formants are moved by turning the poles of linear prediction, each angle raised to a power
(McAdams, as in Patino et al., Interspeech 2021, and the VoicePrivacy baseline B2).

This hides nobody from a machine that has a recording of them: see docs/threat-model.md.
"""

import secrets
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, lfilter, resample, sosfilt, sosfiltfilt

from audio.capture.voice_activity import Wave, median_pitch, speech_only
from audio.speech.levels import levelled
from audio.speech.sound import FULL_SCALE, RATE, Samples
from kiosk.common.errors import DisguiseError

PITCH_HZ = (110.0, 210.0)
PITCH_RATIO = (0.7, 1.5)
FORMANTS = (1.08, 1.22)
POWER = (0.75, 0.9)
TEMPO = (0.97, 1.1)
"""Slower would not fit: 30 s must stay below 31.2 s of packets."""

HUM_HZ, HISS_HZ = 100.0, 3600.0
PIVOT_HZ = 16_000 / (2 * np.pi)
"""What the power leaves where it is: one radian at the 16 kHz for which it was published."""

_FRAME = RATE // 50
_HOP = _FRAME // 2
_ORDER = 22
_HIGHEST = 0.97 * np.pi
_LARGEST_RADIUS = 0.985
_PIECE = 1024
_SEARCH = RATE // 55

Spectra: TypeAlias = NDArray[np.complex128]


@dataclass(frozen=True)
class Disguise:
    """How one report's voice is moved; drawn again for each and kept nowhere.

    `pitch_hz` is the median pitch to come to, `formants` a factor on their frequencies, `power`
    that of McAdams, `tempo` how many times as fast.
    """

    pitch_hz: float
    formants: float
    power: float
    tempo: float

    @classmethod
    def drawn(cls) -> "Disguise":
        """A fresh one, from the system's randomness."""
        draw = secrets.SystemRandom()
        formants = draw.uniform(*FORMANTS)
        return cls(
            draw.uniform(*PITCH_HZ),
            draw.choice((formants, 1 / formants)),
            draw.uniform(*POWER),
            draw.uniform(*TEMPO),
        )


def disguised(samples: Samples, mask: Disguise | None = None) -> Samples:
    """The speech in `samples`, its ends trimmed, as another voice.

    Raises AudioError when there is no speech in it, DisguiseError when anything goes wrong; the
    caller then has nothing to send.
    """
    mask = mask or Disguise.drawn()
    try:
        voice = speech_only(_without_hum(samples.astype(np.float64) / FULL_SCALE))
        pitch = median_pitch(voice) or mask.pitch_hz
        ratio = float(np.clip(mask.pitch_hz / pitch, *PITCH_RATIO))
        longer = _stretched(voice, ratio / mask.tempo)
        moved = np.asarray(resample(longer, round(len(longer) / ratio)))
        masked = _without_hiss(_with_moved_formants(moved, mask.formants / ratio, mask.power))
    except (ValueError, FloatingPointError, np.linalg.LinAlgError) as error:
        raise DisguiseError("the voice could not be disguised") from error
    if not np.isfinite(masked).all() or not masked.any():
        raise DisguiseError("the voice could not be disguised")
    return levelled(np.asarray(masked / np.abs(masked).max() * (FULL_SCALE - 1), np.int16))


def _without_hum(wave: Wave) -> Wave:
    """Without the mains hum and the offset of the microphone, which can date a recording."""
    return np.asarray(sosfilt(butter(6, HUM_HZ, "highpass", fs=RATE, output="sos"), wave))


def _without_hiss(wave: Wave) -> Wave:
    sections = butter(6, (HUM_HZ, HISS_HZ), "bandpass", fs=RATE, output="sos")
    return np.asarray(sosfiltfilt(sections, wave))


def _stretched(wave: Wave, factor: float) -> Wave:
    """`factor` times as long at the same pitch: pieces laid where they continue each other best."""
    half = _PIECE // 2
    padded = np.pad(wave, (_SEARCH, _PIECE * 2 + _SEARCH))
    window = np.hanning(_PIECE + 1)[:-1]
    out = np.zeros(round(len(wave) * factor) + _PIECE)
    begin = 0
    for at in range(0, len(out) - _PIECE, half):
        aim = min(round(at / factor), len(wave))
        if at:
            expected = padded[begin + half : begin + half + _PIECE]
            room = padded[aim : aim + 2 * _SEARCH + _PIECE]
            begin = aim + int(np.argmax(np.correlate(room, expected, "valid")))
        else:
            begin = _SEARCH
        out[at : at + _PIECE] += window * padded[begin : begin + _PIECE]
    return out[: round(len(wave) * factor)]


def _with_moved_formants(wave: Wave, factor: float, power: float) -> Wave:
    """Each frame's predictor taken off, its poles turned, and put on again as loud as before."""
    count = len(wave) // _HOP
    padded = np.pad(wave, (_HOP, 2 * _FRAME))
    frames = np.lib.stride_tricks.sliding_window_view(padded, _FRAME)[: (count + 1) * _HOP : _HOP]
    window = np.sqrt(np.hanning(_FRAME + 1)[:-1])
    frames = frames * window
    before = _predictors(frames)
    after = _turned(before, factor, power)
    out = np.zeros(len(padded))
    for number, frame in enumerate(frames):
        source = lfilter(before[number], [1.0], frame)
        voiced = lfilter([1.0], after[number], source)
        strength = np.sqrt(np.sum(frame**2) / max(np.sum(voiced**2), 1e-12))
        at = number * _HOP
        out[at : at + _FRAME] += voiced * strength * window
    return out[_HOP : _HOP + len(wave)]


def _predictors(frames: Wave) -> Wave:
    """Linear predictors by autocorrelation, all frames at once (Levinson and Durbin)."""
    power = np.abs(np.fft.rfft(frames, 2 * _FRAME)) ** 2
    lags = np.fft.irfft(power)[:, : _ORDER + 1]
    lags[:, 0] = lags[:, 0] * (1 + 1e-6) + 1e-10
    predictors = np.zeros_like(lags)
    predictors[:, 0] = 1.0
    error = lags[:, 0].copy()
    for order in range(1, _ORDER + 1):
        known = predictors[:, :order]
        reflection = -np.sum(known * lags[:, order:0:-1], axis=1) / error
        predictors[:, 1 : order + 1] += reflection[:, None] * known[:, ::-1]
        error *= 1 - reflection**2
    return predictors


def _turned(predictors: Wave, factor: float, power: float) -> Wave:
    """The predictors with the angles of their poles moved: raised to `power`, then by `factor`."""
    companion = np.zeros((len(predictors), _ORDER, _ORDER))
    companion[:, 0] = -predictors[:, 1:]
    companion[:, np.arange(1, _ORDER), np.arange(_ORDER - 1)] = 1.0
    poles: Spectra = np.linalg.eigvals(companion).astype(np.complex128)
    pivot = 2 * np.pi * PIVOT_HZ / RATE
    angles = np.abs(np.angle(poles))
    turned = np.minimum(pivot * (angles / pivot) ** power * factor, _HIGHEST) * np.sign(poles.imag)
    turned = np.where(poles.imag == 0, np.angle(poles), turned)
    moved = np.minimum(np.abs(poles), _LARGEST_RADIUS) * np.exp(1j * turned)
    result: Spectra = np.zeros(predictors.shape, np.complex128)
    result[:, 0] = 1.0
    for number in range(_ORDER):
        result[:, 1:] -= moved[:, number : number + 1] * result[:, :-1]
    return np.asarray(result.real)

"""Tones as eSpeak NG envelopes: levels on the five-step scale become Hz, and Hz become bytes.

eSpeak speaks a tone language at absolute pitch: Hz = base + unit * range * 108 / 8192 with the
two numbers of the voice file's line `pitch` (voices.c and wavegen.c), unit from 0 to 254.
"""

import math
from collections.abc import Sequence
from itertools import pairwise

LOWEST_HZ = 92.0
SEMITONES_A_LEVEL = 2.66
PITCH = (74, 154)
POINTS = 128
LARGEST_UNIT = 254

Levels = Sequence[Sequence[float]]


def hertz(levels: Levels, time: float) -> float:
    """The pitch in Hz at a time from 0 to 1 within the tone."""
    return LOWEST_HZ * 2 ** ((interpolated(levels, time) - 1) * SEMITONES_A_LEVEL / 12)


def interpolated(points: Levels, time: float) -> float:
    """The value at a time on straight lines through [time, value] points."""
    for (begin, low), (end, high) in pairwise(points):
        if time <= end:
            return low + (high - low) * (time - begin) / (end - begin)
    return points[-1][1]


def pitch_envelope(levels: Levels) -> tuple[int, int, bytes]:
    """The lowest and highest unit of a tone and its 128-byte contour between them."""
    units = [_unit(hertz(levels, i / (POINTS - 1))) for i in range(POINTS)]
    low = max(0, math.floor(min(units)))
    high = min(LARGEST_UNIT, max(math.ceil(max(units)), low + 2))
    return low, high, bytes(_byte((unit - low) / (high - low) * 256) for unit in units)


def loudness_envelope(points: Levels) -> bytes:
    """The 128-byte loudness envelope through [time, value] points; 128 is unchanged."""
    return bytes(_byte(interpolated(points, i / (POINTS - 1))) for i in range(POINTS))


def _unit(hz: float) -> float:
    first, last = PITCH
    return (hz - (first - 9)) * 8192 / ((last - first) * 108)


def _byte(value: float) -> int:
    return max(0, min(255, round(value)))

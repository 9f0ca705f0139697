"""Formant frames: soft, steady and creaking variants of vowels that eSpeak NG has.

A frame has 64 bytes (eSpeak NG's synthesize.h, frame_t): flags, seven frequencies in Hz, length
in ms, RMS, eight heights and more. The frame marked as centre divides the beginning of a vowel
from its body.
"""

import struct
from collections.abc import Iterator, Sequence
from itertools import pairwise

SIZE = 64
FREQUENCIES = struct.Struct("<7h")
LENGTH = 16
HEIGHTS = slice(18, 26)
CENTRE, DROPPED_PULSE = 0x02, 0x40
MOST_FRAMES = 25

GLIDE_MS = (45, 60, 60, 60, 0)
BREATHY_TILT = (1.50, 0.52, 0.42, 0.32, 0.26, 0.24, 0.22, 0.22)
BREATHY_LOWEST_HZ = 130
CREAK_MS = (24, 31, 22, 27, 20, 25)
CREAK_AFTER = 0.45

Frames = Sequence[bytearray]


def packed(frames: Frames) -> bytes:
    """A spectrum sequence for phondata."""
    return struct.pack("<hBB", length(frames), len(frames), 0) + b"".join(frames)


def length(frames: Frames) -> int:
    """Milliseconds of a sequence; the last frame is only an aim."""
    return sum(frame[LENGTH] for frame in frames[:-1])


def frequencies(frame: bytearray) -> tuple[int, ...]:
    """The formant frequencies of a frame in Hz."""
    return FREQUENCIES.unpack_from(frame, 2)


def glide(first: Frames, last: Frames) -> list[bytearray]:
    """A diphthong from the beginning of one vowel to the end of another."""
    chosen = (first[0], first[1], first[-2], last[2], last[-1])
    return [_changed(frame, ms=ms) for frame, ms in zip(chosen, GLIDE_MS, strict=True)]


def breathy(frames: Frames) -> list[bytearray]:
    """The fundamental stronger, all above it weaker: vocal folds that do not close."""
    return [_tilted(frame) for frame in frames]


def held(frame: bytearray, ms: int) -> list[bytearray]:
    """One frame held and let go."""
    return [_changed(frame, ms=part) for part in (ms // 2, ms - ms // 2, 0)]


def creaky(frames: Frames) -> list[bytearray]:
    """The last part as short frames, in each of which eSpeak drops the first pulse."""
    total = length(frames)
    made, passed = [], 0
    for frame in frames[:-1]:
        if passed + frame[LENGTH] > CREAK_AFTER * total and not frame[0] & CENTRE:
            break
        made.append(frame)
        passed += frame[LENGTH]
    for ms in _creak_steps(total - passed):
        made.append(_changed(_at(frames, passed), ms=ms, dropped=True))
        passed += ms
    return [*made, frames[-1]]


def _creak_steps(left: int) -> Iterator[int]:
    turn = 0
    while left > 0:
        step = min(left, CREAK_MS[turn % len(CREAK_MS)])
        yield step
        left -= step
        turn += 1


def _at(frames: Frames, ms: int) -> bytearray:
    """The frame between frames at a time within a sequence."""
    begin = 0
    for frame, following in pairwise(frames):
        if ms < begin + frame[LENGTH]:
            return _between(frame, following, (ms - begin) / frame[LENGTH])
        begin += frame[LENGTH]
    return frames[-1]


def _between(first: bytearray, second: bytearray, share: float) -> bytearray:
    frame = bytearray(first)
    middle = (
        round(low + (high - low) * share)
        for low, high in zip(frequencies(first), frequencies(second), strict=True)
    )
    FREQUENCIES.pack_into(frame, 2, *middle)
    for at in range(LENGTH + 1, SIZE):
        frame[at] = round(first[at] + (second[at] - first[at]) * share)
    return frame


def _changed(frame: bytearray, ms: int, dropped: bool = False) -> bytearray:
    changed = bytearray(frame)
    changed[LENGTH] = ms
    if dropped:
        changed[0] = changed[0] & ~CENTRE & 0xFF | DROPPED_PULSE
    return changed


def _tilted(frame: bytearray) -> bytearray:
    soft = bytearray(frame)
    soft[HEIGHTS] = bytes(
        max(1, min(255, int(height * factor)))
        for height, factor in zip(frame[HEIGHTS], BREATHY_TILT, strict=True)
    )
    FREQUENCIES.pack_into(soft, 2, BREATHY_LOWEST_HZ, *frequencies(frame)[1:])
    return soft

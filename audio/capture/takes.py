"""From what the microphone heard to a clip: checked, rid of rumble and silence, levelled."""

import numpy as np

from audio.speech.levels import WINDOW, active_windows, is_clipped, level, levelled, peak
from audio.speech.sound import FULL_SCALE, RATE, Samples, seconds
from audio.speech.voice import estimated_seconds
from kiosk.common.errors import AudioError, MicrophoneMute

SHORTEST_S = 0.25
LONGEST, SHORTEST = 2.2, 0.35
"""How much longer or shorter than expected a clip may be; people speak at very different speeds."""

SLACK_S = 1.0
MUTE_DB, QUIET_DB = -70.0, -42.0
RUMBLE_HZ = 70
BEFORE, AFTER = 8, 15


def clip_of(heard: Samples, text: str) -> Samples:
    """The clip that says `text`, from everything that was heard while it was said.

    Raises MicrophoneMute when the microphone is mute, and AudioError when the take is clipped,
    too quiet, or much shorter or longer than the text.
    """
    if seconds(heard) < SHORTEST_S:
        raise AudioError("Ngắn quá", "bấm thu, đọc xong câu rồi mới dừng")
    if peak(heard) < MUTE_DB:
        raise MicrophoneMute(
            "micrô không thu được tiếng nào / the microphone is mute",
            "bật micrô, tăng mức thu rồi chạy lại / switch it on, raise its level",
        )
    if is_clipped(heard):
        raise AudioError("Tiếng bị vỡ vì to quá", "ngồi xa micrô hơn hoặc giảm mức thu")
    spoken = _spoken(_without_rumble(heard))
    if level(spoken) < QUIET_DB:
        raise AudioError("Tiếng nhỏ quá", "ngồi gần micrô, nói to hơn hoặc tăng mức thu")
    clip = levelled(spoken)
    match length_problem(clip, text):
        case "too_short":
            raise AudioError("Ngắn hơn câu cần đọc", "đọc cả câu, đợi một chút rồi mới dừng")
        case "too_long":
            raise AudioError("Dài hơn câu cần đọc nhiều", "chỉ đọc câu này, rồi dừng ngay")
    return clip


def length_problem(clip: Samples, text: str) -> str | None:
    """Whether a clip is "too_short" or "too_long" to be this text."""
    expected = estimated_seconds(text)
    if seconds(clip) < SHORTEST * expected:
        return "too_short"
    if seconds(clip) > LONGEST * expected + SLACK_S:
        return "too_long"
    return None


def _without_rumble(heard: Samples) -> Samples:
    """A Butterworth high-pass of order 4, there and back, so that nothing is delayed."""
    hz = np.fft.rfftfreq(len(heard), 1 / RATE)
    gain = hz**8 / (hz**8 + RUMBLE_HZ**8)
    filtered = np.fft.irfft(np.fft.rfft(heard) * gain, len(heard))
    return np.asarray(np.rint(filtered.clip(-FULL_SCALE, FULL_SCALE - 1)), np.int16)


def _spoken(heard: Samples) -> Samples:
    """From a breath before the first word to a breath after the last, above the room's noise."""
    active = np.flatnonzero(active_windows(heard))
    begin, end = max(0, active[0] - BEFORE), active[-1] + 1 + AFTER
    return heard[begin * WINDOW : end * WINDOW]

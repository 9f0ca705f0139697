"""What a technician is told of loudspeaker and microphone; strings/staff.toml has the words."""

import numpy as np

from audio.capture.recorder import BLOCKS_S, Recorder
from audio.capture.takes import MUTE_DB
from audio.capture.voice_activity import is_overdriven
from audio.playback.speaker import Speaker
from audio.speech.levels import peak
from kiosk.common.errors import MicrophoneBusy, MicrophoneError

LISTENED_S = 2


def check(speaker: Speaker, recorder: Recorder) -> tuple[str, str]:
    """How both are, after listening for a while to what the loudspeaker says meanwhile."""
    heard = _heard(recorder)
    return ("speaker_good" if speaker.is_heard else "speaker_bad"), heard


def _heard(recorder: Recorder) -> str:
    try:
        recorder.open()
        samples = np.concatenate([recorder.read() for _ in range(LISTENED_S * BLOCKS_S)])
    except MicrophoneBusy:
        return "microphone_busy"
    except MicrophoneError:
        return "microphone_missing"
    finally:
        recorder.close()
    if peak(samples) < MUTE_DB:
        return "microphone_mute"
    return "microphone_loud" if is_overdriven(samples) else "microphone_good"

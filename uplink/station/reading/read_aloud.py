"""Reads Vietnamese aloud with eSpeak NG; neither the words nor the sound are ever in a file."""

import io
import subprocess
import wave

from kiosk.common.errors import StationError
from uplink.station.reading import wav

_COMMAND = ("espeak-ng", "-v", "vi", "-s", "140", "--stdin", "--stdout")
_PATIENCE_S = 30


def to_wav(sentence: str) -> bytes:
    """The sentence as a WAV; raises StationError when eSpeak NG is missing or fails."""
    try:
        done = subprocess.run(
            _COMMAND, input=sentence.encode(), capture_output=True, timeout=_PATIENCE_S, check=True
        )
        with wave.open(io.BytesIO(done.stdout)) as spoken:
            frames, rate = spoken.readframes(spoken.getnframes()), spoken.getframerate()
    except (OSError, subprocess.SubprocessError, wave.Error, EOFError) as error:
        raise StationError(
            "máy này chưa đọc được thành tiếng / this machine cannot read aloud",
            "cài espeak-ng / install espeak-ng",
        ) from error
    return wav.to_wav(frames, rate)

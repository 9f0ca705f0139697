"""What the touch app loads before its first frame."""

import subprocess
import sys

from tests.ui.touch.place import ROOT

LOADED = """
import sys
from audio.capture import recorder, sound_check, voice_capture
from audio.clips import sources
from audio.playback import backends, portaudio, speaker
from audio.speech import espeak
sys.exit(" ".join(sorted({"av", "scipy", "sounddevice", "pyttsx3"} & set(sys.modules))))
"""


def test_what_only_a_recording_needs_is_not_loaded_when_the_kiosk_starts() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED], cwd=ROOT, capture_output=True, text=True)
    assert done.stderr.strip() == ""

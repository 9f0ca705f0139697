"""aplay instead of PortAudio: one process a sound, ended when the sound is cut."""

import os
import shutil
import subprocess
import threading
from pathlib import Path

from audio.playback.output import Devices
from audio.speech.sound import FULL_SCALE, RATE, Samples, Sound
from kiosk.common.errors import SoundDeviceError

PROGRAM = "aplay"
CARDS = Path("/proc/asound/cards")
LOOK_S = 0.01


class Aplay:
    """Plays through `aplay`; an Output."""

    def __init__(self, devices: Devices) -> None:
        self._devices = devices

    def play(self, sound: Sound, private: bool, cancelled: threading.Event) -> None:
        """Play to the end or until it is cancelled; nothing when it was cancelled before.

        Raises SoundDeviceError when there is no aplay or it cannot play.
        """
        program = shutil.which(PROGRAM)
        if program is None:
            raise SoundDeviceError("neither PortAudio nor aplay is installed")
        name = self._devices.name(private)
        with os.fdopen(os.memfd_create("sound"), "w+b") as samples:
            samples.write(_whole(sound).tobytes())
            samples.seek(0)
            process = subprocess.Popen(
                [program, "-q", "-t", "raw", "-f", "S16_LE", "-r", str(RATE), "-c", "1"]
                + (["-D", pcm(name, _cards())] if name else []),
                stdin=samples,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        while process.poll() is None and not cancelled.wait(LOOK_S):
            pass
        process.kill()
        if process.wait() and not cancelled.is_set():
            raise SoundDeviceError("the sound card does not play")

    def rest(self) -> None:
        """Nothing runs between two sounds."""

    def close(self) -> None:
        """Nothing is open between two sounds."""


def pcm(name: str, cards: str) -> str:
    """ALSA's name for the card whose description holds `name`, else `name` as ALSA's own name.

    `cards` is /proc/asound/cards: " 1 [Device         ]: USB-Audio - USB PnP Sound Device".
    """
    for line in cards.splitlines():
        if "[" in line and name.casefold() in line.casefold():
            return f"plughw:CARD={line.partition('[')[2].partition(']')[0].strip()}"
    return name


def _cards() -> str:
    return CARDS.read_text("utf-8") if CARDS.exists() else ""


def _whole(sound: Sound) -> Samples:
    return (sound * FULL_SCALE).clip(-FULL_SCALE, FULL_SCALE - 1).astype("<i2")

"""Chooses the output of this machine: PortAudio where it is installed, else aplay."""

from ctypes.util import find_library

from audio.playback.aplay import Aplay
from audio.playback.output import Devices, Output
from audio.playback.player import Player


def best_output(devices: Devices) -> Output:
    """Return the best output that this machine has."""
    return Player(devices) if find_library("portaudio") else Aplay(devices)

"""The player: one open PortAudio stream, which runs only while something is said.

A stream that stands still starts within milliseconds; one that runs costs processor time day and
night. The thread that plays fills the device's buffer itself, far enough ahead for a busy machine,
and throws away what waits there when something else is to be heard. A stream that PortAudio fills
by a thread of its own must not be aborted: under ALSA that thread is cancelled, and may hold a
lock for ever.
"""

import threading
import time
from typing import Any

import numpy as np

from audio.playback import portaudio
from audio.playback.output import Devices
from audio.playback.portaudio import CURE
from audio.speech.sound import RATE, Sound
from kiosk.common.errors import AudioError, SoundDeviceError

BLOCK = RATE // 100
AHEAD_S = 0.5
REFILL_S = AHEAD_S / 5
PATIENCE_S = 6.0
RETRY_S = 5.0
FADE: Sound = np.linspace(1, 0, BLOCK, dtype=np.float32)
SILENCE: Sound = np.zeros(RATE // 2, np.float32)
TAIL = RATE // 10
"""So much of the silence pushes the end of a sound out of the device before it is over."""


class Player:
    """Plays through PortAudio; an Output. A device that goes is looked for again by its name."""

    def __init__(self, devices: Devices) -> None:
        self._devices = devices
        self._stream: Any = None
        self._name = ""
        self._sound = SILENCE
        self._written = self._room = 0
        self._retry_at = 0.0
        self._stale = False

    def play(self, sound: Sound, private: bool, cancelled: threading.Event) -> None:
        """Play to the end or until it is cancelled; nothing when it was cancelled before.

        Raises SoundDeviceError when the device cannot be opened or goes away.
        """
        self._open(self._devices.name(private))
        if cancelled.is_set():
            return
        try:
            self._replace(sound)
            self._follow(len(sound) + TAIL, cancelled)
            if cancelled.is_set():
                self._replace(sound[:0])
        except portaudio.library().PortAudioError as error:
            self._lose()
            raise SoundDeviceError("the sound device has gone", CURE) from error

    def rest(self) -> None:
        """Let the device stand still."""
        if self._stream is not None:
            self._stream.abort()

    def close(self) -> None:
        """Release the device."""
        stream, self._stream = self._stream, None
        if stream is not None:
            portaudio.close(stream)

    def _replace(self, sound: Sound) -> None:
        """Begin a sound; what was heard until now fades within a block."""
        fading = self._fading() if self._stream.active else SILENCE[:0]
        self._stream.abort()
        self._stream.start()
        self._room = self._stream.write_available
        self._written = 0
        self._sound = np.concatenate((sound, SILENCE))
        self._sound[: len(fading)] += fading
        self._fill()

    def _follow(self, end: int, cancelled: threading.Event) -> None:
        """Keep the device's buffer full until so many samples have been played."""
        last, moved_at = -1, time.monotonic()
        while (played := self._played()) < end:
            now = time.monotonic()
            if played > last:
                last, moved_at = played, now
            elif now - moved_at > PATIENCE_S:
                raise portaudio.library().PortAudioError("the sound device stands still")
            self._fill()
            if cancelled.wait(REFILL_S):
                return

    def _fill(self) -> None:
        """Hand over as many samples as the device has room for."""
        ready = self._sound[self._written : self._written + self._stream.write_available]
        if len(ready):
            self._stream.write(ready)
            self._written += len(ready)

    def _played(self) -> int:
        waiting: int = self._room - self._stream.write_available
        return self._written - max(0, waiting)

    def _fading(self) -> Sound:
        played = self._played()
        rest = self._sound[played : played + BLOCK]
        return rest * FADE[: len(rest)]

    def _open(self, name: str) -> None:
        if self._stream is not None and self._name == name:
            return
        if self._name == name and time.monotonic() < self._retry_at:
            raise SoundDeviceError("no sound device", CURE)
        self.close()
        self._name = name
        try:
            self._stream = self._opened(name)
        except AudioError:
            self._lose()
            raise

    def _opened(self, name: str) -> Any:
        sounddevice = portaudio.library()
        try:
            if self._stale:
                portaudio.look_again()
                self._stale = False
            return portaudio.opened(
                "output", name, samplerate=RATE, blocksize=BLOCK, dtype="float32", latency=AHEAD_S
            )
        except (sounddevice.PortAudioError, ValueError) as error:
            raise SoundDeviceError("the sound device cannot be opened", CURE) from error

    def _lose(self) -> None:
        """Forget the device; at the next try PortAudio looks again for what there is."""
        self.close()
        self._stale = True
        self._retry_at = time.monotonic() + RETRY_S

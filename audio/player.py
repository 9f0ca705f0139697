"""The player: one open PortAudio stream, which runs only while something is said.

A stream that stands still starts within milliseconds, as its buffers are filled before it starts;
one that runs costs processor time day and night, and answers only after its whole latency. The
callback copies samples that are ready in memory; it never waits and reserves no buffer. The latency
is long, so that drawing a screen does not tear a sound, and nobody ever waits for it.
"""

import os
import threading
import time
from queue import Empty, SimpleQueue
from typing import Any

import numpy as np

from audio.output import Devices
from audio.sound import RATE, Sound, seconds
from kiosk.errors import AudioError

BLOCK = RATE // 100
LATENCY_S = 0.15
TAIL = RATE // 4
PATIENCE_S = 2.0
RETRY_S = 5.0
CURE = "is it plugged in, and does [sound] in kiosk.toml name it?"
FADE: Sound = np.linspace(1, 0, BLOCK, dtype=np.float32)


class _Track:
    """A sound and how far it has been handed over; `over` gets whether it was played to its end.

    The silence that follows pushes its end out of the device's buffer: not every driver of ALSA
    plays what is left there when a stream stops.
    """

    def __init__(self, sound: Sound) -> None:
        self._sound = sound
        self._at = 0
        self.is_cut = False
        self.over: SimpleQueue[bool] = SimpleQueue()

    @property
    def ended(self) -> bool:
        """Whether everything has been played."""
        return self._at >= len(self._sound) + TAIL

    def fill(self, block: Sound) -> None:
        """The next block of it; the first one after a cut fades and is the last."""
        played = self._sound[self._at : self._at + len(block)]
        block[: len(played)] = played
        block[len(played) :] = 0
        self._at += len(block)
        if self.is_cut:
            block *= FADE
            self._at = max(self._at, len(self._sound))


class Player:
    """Plays through PortAudio; an Output. A device that goes is looked for again by its name."""

    def __init__(self, devices: Devices) -> None:
        self._devices = devices
        self._track = _Track(np.zeros(0, np.float32))
        self._stream: Any = None
        self._name = ""
        self._retry_at = 0.0
        self._stale = False

    def play(self, sound: Sound, private: bool, cancelled: threading.Event) -> None:
        """Play to the end or until it is cut; nothing when it was cancelled before.

        Raises AudioError when the device cannot be opened or goes away.
        """
        self._open(self._devices.name(private))
        track = _Track(sound)
        self._start(track)
        if cancelled.is_set():
            self.cut()
        if not _came_to_its_end(track, seconds(sound) + PATIENCE_S):
            self._lose()
            raise AudioError("the sound device has gone", CURE)

    def cut(self) -> None:
        """End what is playing, from any thread, without waiting."""
        track = self._track
        track.is_cut = True
        track.over.put(True)

    def close(self) -> None:
        """Let go of the device."""
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.close(ignore_errors=True)

    def _fill(self, out: Any, _frames: int, _time: Any, _status: Any) -> None:
        """PortAudio asks for the next block."""
        self._track.fill(out[:, 0])
        if self._track.ended:
            raise _portaudio().CallbackStop

    def _finished(self) -> None:
        """PortAudio has played what it was given, or the device has gone."""
        self._track.over.put(self._track.ended)

    def _open(self, name: str) -> None:
        if self._stream is not None and self._name == name:
            return
        if self._name == name and time.monotonic() < self._retry_at:
            raise AudioError("no sound device", CURE)
        self.close()
        self._name = name
        try:
            self._stream = self._opened(name)
        except AudioError:
            self._lose()
            raise

    def _opened(self, name: str) -> Any:
        sounddevice = _portaudio()
        try:
            if self._stale:
                sounddevice._terminate()
                sounddevice._initialize()
                self._stale = False
            return sounddevice.OutputStream(
                samplerate=RATE,
                blocksize=BLOCK,
                device=_number(sounddevice.query_devices(), name) if name else None,
                channels=1,
                dtype="float32",
                latency=LATENCY_S,
                dither_off=True,
                prime_output_buffers_using_stream_callback=True,
                callback=self._fill,
                finished_callback=self._finished,
            )
        except (sounddevice.PortAudioError, ValueError) as error:
            raise AudioError("the sound device cannot be opened", CURE) from error

    def _start(self, track: _Track) -> None:
        """Throw away what is left of the sound before, and begin with this one."""
        sounddevice = _portaudio()
        try:
            if not self._stream.stopped:
                self._stream.abort()
            self._track = track
            self._stream.start()
        except sounddevice.PortAudioError as error:
            self._lose()
            raise AudioError("the sound device does not start", CURE) from error

    def _lose(self) -> None:
        """Forget the device; at the next try PortAudio looks anew for what there is."""
        self.close()
        self._stale = True
        self._retry_at = time.monotonic() + RETRY_S


def _came_to_its_end(track: _Track, limit: float) -> bool:
    try:
        return track.over.get(timeout=limit)
    except Empty:
        return False


def _portaudio() -> Any:
    """The library, loaded when first needed: it asks every card of the machine at once."""
    os.environ.setdefault("PA_ALSA_PLUGHW", "1")
    try:
        import sounddevice
    except OSError as error:
        raise AudioError("PortAudio does not load", "apt install libportaudio2") from error
    return sounddevice


def _number(found: Any, name: str) -> int:
    """The device called `name`, or with that in its name: cards change their order, not names."""
    outputs = [device for device in found if device["max_output_channels"] > 0]
    exact = [d["index"] for d in outputs if d["name"] == name]
    alike = [d["index"] for d in outputs if name.casefold() in d["name"].casefold()]
    if not exact + alike:
        raise AudioError("the named sound device is not there", CURE)
    return int((exact + alike)[0])

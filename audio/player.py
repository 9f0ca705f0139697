"""The player: one open PortAudio stream, which runs only while something is said.

The callback copies samples that are ready in memory. It never waits and reserves no buffer: a new
sound is one assignment, and what it replaces fades out within the callback's next block.
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
LATENCY_S = 0.02
PATIENCE_S = 2.0
RETRY_S = 5.0
CURE = "is it plugged in, and does [sound] in kiosk.toml name it?"
FADE: Sound = np.linspace(1, 0, BLOCK, dtype=np.float32)


class _Track:
    """A sound and how far it has been played; `over` gets whether it was heard to its end."""

    def __init__(self, sound: Sound) -> None:
        self._sound = sound
        self._at = 0
        self.over: SimpleQueue[bool] = SimpleQueue()

    def add_to(self, block: Sound) -> None:
        """Play one block of it."""
        played = self._next(len(block))
        block[: len(played)] += played
        if len(played) and self._at == len(self._sound):
            self.over.put(True)

    def fade_into(self, block: Sound) -> None:
        """Play one last block of it, ever softer."""
        played = self._next(len(block))
        played *= FADE[: len(played)]
        block[: len(played)] += played

    def _next(self, length: int) -> Sound:
        played = self._sound[self._at : self._at + length]
        self._at += len(played)
        return played


class Player:
    """Plays through PortAudio; an Output. A device that goes is looked for again by its name."""

    def __init__(self, devices: Devices) -> None:
        self._devices = devices
        self._wanted: _Track | None = None
        self._sounding: _Track | None = None
        self._stream: Any = None
        self._name = ""
        self._retry_at = 0.0

    def play(self, sound: Sound, private: bool, cancelled: threading.Event) -> None:
        """Play to the end or until it is cut; nothing when it was cancelled before.

        Raises AudioError when the device cannot be opened or goes away.
        """
        self._open(self._devices.name(private))
        track = _Track(sound.copy())
        self._wanted = track
        if cancelled.is_set():
            self.cut()
            return
        if not self._stream.active:
            self._start()
        if not self._heard(track, seconds(sound) + PATIENCE_S):
            self._lose()
            raise AudioError("the sound device has gone", CURE)

    def cut(self) -> None:
        """End what is playing, from any thread, without waiting."""
        track, self._wanted = self._wanted, None
        if track is not None:
            track.over.put(True)

    def rest(self) -> None:
        """Stop the stream, but keep it open: it starts again within milliseconds."""
        if self._stream is not None and not self._stream.stopped:
            self._stream.stop()

    def close(self) -> None:
        """Let go of the device."""
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.close(ignore_errors=True)

    def _fill(self, out: Any, _frames: int, _time: Any, _status: Any) -> None:
        """PortAudio asks for the next block."""
        block = out[:, 0]
        block.fill(0)
        wanted = self._wanted
        former, self._sounding = self._sounding, wanted
        if former is not None and former is not wanted:
            former.fade_into(block)
        if wanted is not None:
            wanted.add_to(block)

    def _finished(self) -> None:
        """PortAudio has ended the stream, be it for `rest` or because the device has gone."""
        track = self._wanted
        if track is not None:
            track.over.put(False)

    @staticmethod
    def _heard(track: _Track, limit: float) -> bool:
        try:
            return track.over.get(timeout=limit)
        except Empty:
            return False

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

    def _start(self) -> None:
        sounddevice = _portaudio()
        try:
            if not self._stream.stopped:
                self._stream.stop()
            self._stream.start()
        except sounddevice.PortAudioError as error:
            self._lose()
            raise AudioError("the sound device does not start", CURE) from error

    def _lose(self) -> None:
        """Forget the device, and all that PortAudio knew of devices, until the next try."""
        self._wanted = self._sounding = None
        self.close()
        self._retry_at = time.monotonic() + RETRY_S
        sounddevice = _portaudio()
        sounddevice._terminate()
        sounddevice._initialize()


def _portaudio() -> Any:
    """The library, loaded when first needed: it asks every card of the machine at once."""
    os.environ.setdefault("PA_ALSA_PLUGHW", "1")
    import sounddevice

    return sounddevice


def _number(found: Any, name: str) -> int:
    """The device called `name`, or with that in its name: cards change their order, not names."""
    outputs = [device for device in found if device["max_output_channels"] > 0]
    exact = [d["index"] for d in outputs if d["name"] == name]
    alike = [d["index"] for d in outputs if name.casefold() in d["name"].casefold()]
    if not exact + alike:
        raise AudioError("the named sound device is not there", CURE)
    return int((exact + alike)[0])

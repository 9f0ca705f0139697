"""The player: one open PortAudio stream, which runs only while something is said.

A stream that stands still starts within milliseconds, as its buffers are filled before it starts;
one that runs costs processor time day and night. The callback copies samples that are ready in
memory; it never waits and reserves no buffer. A sound that replaces another is one assignment,
and the other fades out within one block. The stream is never aborted: under ALSA, PortAudio then
cancels the callback's thread, which may hold a lock for ever.
"""

import threading
import time
from queue import Empty, SimpleQueue
from typing import Any

import numpy as np

from audio import portaudio
from audio.output import Devices
from audio.portaudio import CURE
from audio.sound import RATE, Sound, seconds
from kiosk.errors import AudioError

BLOCK = RATE // 100
LATENCY_S = 0.06
TAIL = RATE // 4
PATIENCE_S = 6.0
RETRY_S = 5.0
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
    def is_untouched(self) -> bool:
        """Whether nothing of it has been handed over."""
        return self._at == 0

    @property
    def ended(self) -> bool:
        """Whether everything has been played."""
        return self._at >= len(self._sound) + TAIL

    def add_to(self, block: Sound) -> None:
        """Add the next block of it; the first one after a cut fades and is the last."""
        played = self._sound[self._at : self._at + len(block)]
        self._at += len(block)
        if self.is_cut:
            played *= FADE[: len(played)]
            self._at = max(self._at, len(self._sound))
        block[: len(played)] += played


class Player:
    """Plays through PortAudio; an Output. A device that goes is looked for again by its name."""

    def __init__(self, devices: Devices) -> None:
        self._devices = devices
        self._track = self._former = _Track(np.zeros(0, np.float32))
        self._stream: Any = None
        self._name = ""
        self._retry_at = 0.0
        self._stale = False

    def play(self, sound: Sound, private: bool, cancelled: threading.Event) -> None:
        """Play to the end or until it is cut; nothing when it was cancelled before.

        Raises AudioError when the device cannot be opened or goes away.
        """
        self._open(self._devices.name(private))
        if cancelled.is_set():
            return
        track = self._track = _Track(sound)
        if cancelled.is_set():
            self.cut()
        self._run()
        limit = seconds(sound) + PATIENCE_S
        over = _came_to_its_end(track, limit)
        if not over and track.is_untouched:  # the stream was just about to stand still
            self._run()
            over = _came_to_its_end(track, limit)
        if not over:
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
            self.cut()
            portaudio.close(stream)

    def _fill(self, out: Any, _frames: int, _time: Any, _status: Any) -> None:
        """PortAudio asks for the next block."""
        track, former = self._track, self._former
        self._former = track
        block = out[:, 0]
        block.fill(0)
        track.add_to(block)
        if former is not track:
            former.is_cut = True
            former.add_to(block)
        if track.ended:
            raise portaudio.library().CallbackStop

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
        sounddevice = portaudio.library()
        try:
            if self._stale:
                portaudio.look_again()
                self._stale = False
            return portaudio.opened(
                "output",
                name,
                samplerate=RATE,
                blocksize=BLOCK,
                dtype="float32",
                latency=LATENCY_S,
                prime_output_buffers_using_stream_callback=True,
                callback=self._fill,
                finished_callback=self._finished,
            )
        except (sounddevice.PortAudioError, ValueError) as error:
            raise AudioError("the sound device cannot be opened", CURE) from error

    def _run(self) -> None:
        """Start the stream when it stands still; one that runs has taken over the new sound."""
        sounddevice = portaudio.library()
        try:
            if self._stream.active:
                return
            if not self._stream.stopped:
                self._stream.stop()
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

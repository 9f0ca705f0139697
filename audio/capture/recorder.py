"""The recorder port: what hears a person, block by block, in memory only."""

from queue import Empty, SimpleQueue
from typing import Any, Protocol

import numpy as np

from audio.playback import portaudio
from audio.speech.sound import RATE, Samples
from kiosk.common.errors import AudioError, MicrophoneBusy, MicrophoneError

RATES = (RATE, 48_000)
BLOCKS_S = 20
PATIENCE_S = 2.0
NO_DEFAULT, BUSY, NO_DEVICE, WRONG_RATE = 0, -9985, -9996, -9997
"""paDeviceUnavailable, paInvalidDevice and paInvalidSampleRate of portaudio.h; sounddevice gives no
number where the machine has no default device."""

MISSING = "không có micrô / there is no microphone"
CURE = "cắm micrô rồi làm lại / plug a microphone in and try again"
BUSY_CURE = "đóng phần mềm khác đang dùng micrô / close what else uses it"


class Recorder(Protocol):
    """Hears while it is open. One thread uses it."""

    def open(self) -> None:
        """Begin to listen. Raises MicrophoneError when there is no microphone or it is in use."""

    def read(self) -> Samples:
        """The next twentieth of a second, when it has been heard.

        Raises MicrophoneError when the microphone has gone.
        """

    def close(self) -> None:
        """Release the device; nothing when it is not open."""


class Microphone:
    """Hears through PortAudio; a Recorder.

    `name` is that of the device or a part of it, "" for the machine's default; `rates` are the
    samples a second to try, the first one that the device can do is used.
    """

    def __init__(self, name: str = "", rates: tuple[int, ...] = RATES) -> None:
        self._name = name
        self._rates = rates
        self._stream: Any = None
        self._heard: SimpleQueue[bytes | None] = SimpleQueue()
        self._resampler: Any = None

    def is_there(self) -> bool:
        """Whether there is a microphone, from any thread and without opening it."""
        try:
            return portaudio.has_device("input", self._name)
        except AudioError:
            return False

    def open(self) -> None:
        """Begin to listen. Raises MicrophoneError when there is no microphone or it is in use."""
        self.close()
        heard = self._heard = SimpleQueue()
        self._resampler = None
        library = portaudio.library()
        try:
            self._stream = self._opened(heard)
            self._stream.start()
        except library.PortAudioError as error:
            self.close()
            raise _explained(error) from error
        except (AudioError, ValueError) as error:
            raise MicrophoneError(MISSING, CURE) from error

    def read(self) -> Samples:
        """The next twentieth of a second, when it has been heard.

        Raises MicrophoneError when the microphone has gone.
        """
        try:
            block = self._heard.get(timeout=PATIENCE_S)
        except Empty:
            block = None
        if block is None:
            self.close()
            raise MicrophoneError("micrô đã bị rút / the microphone has gone", CURE)
        samples = np.frombuffer(block, np.int16)
        rate = int(self._stream.samplerate)
        return samples if rate == RATE else self._resampled(samples, rate)

    def close(self) -> None:
        """Release the device; nothing when it is not open."""
        stream, self._stream = self._stream, None
        if stream is not None:
            portaudio.close(stream)

    def _opened(self, heard: SimpleQueue[bytes | None]) -> Any:
        *preferred, last = self._rates
        for rate in preferred:
            try:
                return self._at(rate, heard)
            except portaudio.library().PortAudioError as error:
                if _code(error) != WRONG_RATE:
                    raise
        return self._at(last, heard)

    def _at(self, rate: int, heard: SimpleQueue[bytes | None]) -> Any:
        return portaudio.opened(
            "input",
            self._name,
            samplerate=rate,
            blocksize=rate // BLOCKS_S,
            dtype="int16",
            callback=lambda block, *_: heard.put(bytes(block)),
            finished_callback=lambda: heard.put(None),
        )

    def _resampled(self, samples: Samples, rate: int) -> Samples:
        import av

        if self._resampler is None:
            self._resampler = av.AudioResampler("s16", "mono", RATE)
        frame = av.AudioFrame.from_ndarray(samples[None, :], format="s16", layout="mono")
        frame.sample_rate = rate
        parts = [part.to_ndarray()[0] for part in self._resampler.resample(frame)]
        return np.concatenate(parts) if parts else samples[:0]


def _explained(error: Exception) -> MicrophoneError:
    """What PortAudio's refusal means to a person."""
    if _code(error) == BUSY:
        return MicrophoneBusy("micrô đang bận / the microphone is in use", BUSY_CURE)
    if _code(error) in (NO_DEFAULT, NO_DEVICE):
        return MicrophoneError(MISSING, CURE)
    return MicrophoneError("không mở được micrô / the microphone cannot be opened", CURE)


def _code(error: Exception) -> int:
    """PortAudio's number of an error."""
    return error.args[1] if len(error.args) > 1 else NO_DEFAULT

"""PortAudio, shared by whoever plays and whoever listens in this process."""

import os
import threading
from typing import Any, Literal

from kiosk.common.errors import AudioError, SoundDeviceError

CURE = "is it plugged in, and does [sound] in kiosk.toml name it?"

_guard = threading.Lock()
_open: list[Any] = []

Direction = Literal["input", "output"]


def library() -> Any:
    """The library, loaded when first needed: it asks every card of the machine at once.

    Raises SoundDeviceError when it is not installed.
    """
    os.environ.setdefault("PA_ALSA_PLUGHW", "1")
    try:
        import sounddevice
    except OSError as error:
        raise SoundDeviceError("PortAudio does not load", "apt install libportaudio2") from error
    return sounddevice


def opened(direction: Direction, name: str, **options: Any) -> Any:
    """A stream of one channel at the device called `name`, "" for the machine's default.

    `options` are those of sounddevice's streams. Raises SoundDeviceError when there is no such
    device, and sounddevice's PortAudioError or ValueError when it cannot be opened.
    """
    sounddevice = library()
    make = sounddevice.RawInputStream if direction == "input" else sounddevice.OutputStream
    with _guard:
        device = _number(sounddevice.query_devices(), direction, name) if name else None
        stream = make(device=device, channels=1, dither_off=True, **options)
        _open.append(stream)
    return stream


def has_device(direction: Direction, name: str) -> bool:
    """Whether there is such a device; raises SoundDeviceError when PortAudio is not installed."""
    sounddevice = library()
    look_again()
    with _guard:
        try:
            if name:
                _number(sounddevice.query_devices(), direction, name)
            else:
                sounddevice.query_devices(kind=direction)
        except (AudioError, ValueError, sounddevice.PortAudioError):
            return False
    return True


def close(stream: Any) -> None:
    """Stop a stream and release its device, which may have gone already."""
    with _guard:
        stream.stop(ignore_errors=True)
        stream.close(ignore_errors=True)
        _open.remove(stream)


def look_again() -> None:
    """Find out again which devices there are; not while a stream is open, which that would kill."""
    sounddevice = library()
    with _guard:
        if not _open:
            sounddevice._terminate()
            sounddevice._initialize()


def _number(found: Any, direction: Direction, name: str) -> int:
    """The device called `name`, or with that in its name: cards change their order, not names."""
    able = [device for device in found if device[f"max_{direction}_channels"] > 0]
    exact = [d["index"] for d in able if d["name"] == name]
    alike = [d["index"] for d in able if name.casefold() in d["name"].casefold()]
    if not exact + alike:
        raise SoundDeviceError("the named sound device is not there", CURE)
    return int((exact + alike)[0])

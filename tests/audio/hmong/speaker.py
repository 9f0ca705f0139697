"""Speaks texts through libespeak-ng and tells when each phoneme begins; a process of its own.

eSpeak NG can be given its data only once in a process, so tests that look at the private data run
this: JSON on stdin, WAV files in the folder, JSON on stdout.
"""

import ctypes
import json
import sys
import wave
from pathlib import Path
from typing import Any

RATE = 22_050
SYNCHRONOUS, PHONEME_EVENTS = 2, 1
RATE_PARAMETER = 1
ENDED, PHONEME = 0, 7
UTF8 = 1
STRESS = "',"
"""eSpeak NG 1.52 puts the mark of stress before a vowel, 1.51 does not."""


class Name(ctypes.Union):
    _fields_ = [("number", ctypes.c_int), ("text", ctypes.c_char_p), ("short", ctypes.c_char * 8)]


class Event(ctypes.Structure):
    _fields_ = [
        ("type", ctypes.c_int),
        ("identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user", ctypes.c_void_p),
        ("name", Name),
    ]


CALLBACK = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(Event)
)


class Speaker:
    """libespeak-ng with one data directory and one voice."""

    def __init__(self, data: str, voice: str, rate: int, library: str) -> None:
        self._library = ctypes.CDLL(library)
        started = self._library.espeak_Initialize(SYNCHRONOUS, 0, data.encode(), PHONEME_EVENTS)
        assert started == RATE, "libespeak-ng does not start"
        assert self._library.espeak_SetVoiceByName(voice.encode()) == 0, "no such voice"
        self._library.espeak_SetParameter(RATE_PARAMETER, rate, 0)
        self._callback = CALLBACK(self._take)
        self._library.espeak_SetSynthCallback(self._callback)
        self._samples = bytearray()
        self._events: list[tuple[float, str]] = []

    def speak(self, text: str) -> tuple[bytes, list[tuple[float, str]]]:
        """The samples (16 bit) and the phonemes with the second at which each begins."""
        self._samples, self._events = bytearray(), []
        encoded = text.encode("utf-8")
        self._library.espeak_Synth(encoded, len(encoded) + 1, 0, 1, 0, UTF8, None, None)
        self._library.espeak_Synchronize()
        return bytes(self._samples), self._events

    def _take(self, samples: Any, count: int, events: Any) -> int:
        if samples and count > 0:
            self._samples += ctypes.string_at(samples, 2 * count)
        at = 0
        while events[at].type != ENDED:
            if events[at].type == PHONEME:
                name = events[at].name.short.decode("utf-8", "replace")
                self._events.append((events[at].sample / RATE, name.lstrip(STRESS)))
            at += 1
        return 0


def main() -> None:
    folder = Path(sys.argv[1])
    asked = json.load(sys.stdin)
    library = asked.get("library", "libespeak-ng.so.1")
    speaker = Speaker(asked["data"], asked["voice"], asked["rate"], library)
    told = []
    for number, text in enumerate(asked["texts"]):
        samples, events = speaker.speak(text)
        path = folder / f"{number}.wav"
        with wave.open(str(path), "wb") as out:
            out.setparams((1, 2, RATE, 0, "NONE", ""))
            out.writeframes(samples)
        told.append({"wav": str(path), "events": events})
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()

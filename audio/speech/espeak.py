"""The speech engine: eSpeak NG behind pyttsx3, from text to the WAV of a clause."""

import contextlib
import io
import os
import tempfile
import threading
import wave
from pathlib import Path
from typing import Any

from audio.hmong.build import is_built
from audio.hmong.stock import DATA_VARIABLE, INSTALL
from audio.hmong.text import spoken
from audio.speech.voice import WORDS_PER_MINUTE
from kiosk.common.errors import AudioError

HEADER_BYTES = 44
BYTES_PER_SECOND = 2 * 22_050
LEAST_AUDIO = HEADER_BYTES + BYTES_PER_SECOND // 10
VOICES = {"vi": "vi", "hmn": "hmn"}

PATIENCE_S = 10.0
ATTEMPTS = 3
"""On a busy machine eSpeak NG gives silence now and then, and the words when it is asked again."""

CURES = {"hmn": "build it with `homthu-voice build`"}


class Engine:
    """eSpeak NG behind pyttsx3; made and used in one thread only.

    pyttsx3 2.99 comes back from runAndWait before a clause is written, and on a busy machine eSpeak
    NG says that it is not playing before it has begun; so the end of the utterance is waited for.

    `data` is where `homthu-voice build` put the Hmong voice; without it only Vietnamese is spoken.
    """

    def __init__(self, data: Path | None = None) -> None:
        self._data = data
        self._engine: Any = None
        self._finish: Any = None
        self._finished = threading.Event()
        self._voices: dict[str, str] | None = None

    def synthesise(self, text: str, language: str) -> bytes:
        """The WAV of a clause, 16-bit mono at 22,050 Hz.

        Vietnamese words in a Hmong clause are spoken by the Vietnamese voice. Raises AudioError
        when there is no engine or no such voice.
        """
        runs = spoken(text) if language == "hmn" else [(language, text)]
        try:
            return joined([self._save(part, self._voice(voice)) for voice, part in runs])
        except AudioError:
            raise
        except Exception as error:  # pyttsx3 and its drivers raise whatever they please
            raise AudioError("the speech engine does not work") from error

    def _voice(self, language: str) -> str:
        if self._voices is None:
            if self._data and is_built(self._data):
                os.environ[DATA_VARIABLE] = str(self._data)
            import pyttsx3
            from pyttsx3.drivers import _espeak

            self._engine = pyttsx3.init("espeak")
            self._engine.connect("finished-utterance", lambda **_: self._finished.set())
            self._finish = _espeak.Synchronize
            self._engine.setProperty("rate", WORDS_PER_MINUTE)
            known = {
                str(v.id).rpartition("/")[2]: str(v.id) for v in self._engine.getProperty("voices")
            }
            self._voices = {name: known[code] for name, code in VOICES.items() if code in known}
        if language not in self._voices:
            raise AudioError("no voice for a language", CURES.get(language, INSTALL))
        return self._voices[language]

    def _save(self, text: str, voice: str) -> bytes:
        for _ in range(ATTEMPTS):
            clip = self._said(text, voice)
            if len(clip) >= LEAST_AUDIO:
                return clip
        raise AudioError("the speech engine gave silence")

    def _said(self, text: str, voice: str) -> bytes:
        shared = Path("/dev/shm")
        handle, name = tempfile.mkstemp(".wav", dir=shared if shared.is_dir() else None)
        os.close(handle)
        path = Path(name)
        try:
            self._engine.setProperty("voice", voice)
            self._engine.save_to_file(text, name)
            with contextlib.redirect_stdout(io.StringIO()):
                self._finished.clear()
                self._engine.runAndWait()
                self._finished.wait(PATIENCE_S)
                self._finish()
            return path.read_bytes()
        finally:
            path.unlink(missing_ok=True)


def joined(clips: list[bytes]) -> bytes:
    """WAVs of one format, one after the other."""
    if not clips:
        raise AudioError("nothing to say")
    if len(clips) == 1:
        return clips[0]
    whole = io.BytesIO()
    with contextlib.ExitStack() as stack:
        parts = [stack.enter_context(wave.open(io.BytesIO(clip))) for clip in clips]
        out = stack.enter_context(wave.open(whole, "wb"))
        out.setparams(parts[0].getparams())
        for part in parts:
            out.writeframes(part.readframes(part.getnframes()))
    return whole.getvalue()

"""The speaking voice: pyttsx3 with eSpeak NG, played by aplay, all in one worker thread.

pyttsx3 blocks, and hangs when two threads use it, so nobody but the worker ever touches it. Where
there is no engine, no voice for a language, no player or no sound card, a clause passes in
silence at its natural pace, and the log says so once.
"""

import contextlib
import io
import logging
import os
import shutil
import subprocess
import tempfile
import threading
import wave
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from audio.hmong.build import is_built
from audio.hmong.stock import DATA_VARIABLE, INSTALL
from audio.hmong.text import spoken
from audio.voice import WORDS_PER_MINUTE, Ended, estimated_seconds
from kiosk.errors import AudioError

HEADER_BYTES = 44
BYTES_PER_SECOND = 2 * 22_050
LEAST_AUDIO = HEADER_BYTES + BYTES_PER_SECOND // 10
CLIPS_KEPT = 40
PLAYER = "aplay"
VOICES = {"vi": "vi", "hmn": "hmn"}

CURES = {"hmn": "build it with `homthu-voice build`"}

log = logging.getLogger(__name__)

Synthesise = Callable[[str, str], bytes]


@dataclass(frozen=True)
class _Job:
    text: str
    language: str
    ended: Ended
    number: int


class SpokenVoice:
    """Speaks through the loudspeaker; a Voice."""

    def __init__(self, synthesise: Synthesise | None = None, data: Path | None = None) -> None:
        self._given = synthesise
        self._data = data
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._interrupted = threading.Event()
        self._current = 0
        self._player: subprocess.Popen[bytes] | None = None
        self._clips: OrderedDict[tuple[str, str], bytes] = OrderedDict()
        self._reported = False
        self._worker = threading.Thread(target=self._work, name="voice", daemon=True)
        self._worker.start()

    def say(self, text: str, language: str, ended: Ended) -> None:
        """Speak `text` instead of whatever is being said."""
        self._jobs.put(_Job(text, language, ended, self._interrupt()))

    def stop(self) -> None:
        """Be silent at once."""
        self._interrupt()

    def close(self) -> None:
        """Be silent and end the worker."""
        self._interrupt()
        self._jobs.put(None)
        self._worker.join(timeout=2)

    def _interrupt(self) -> int:
        with self._lock:
            self._current += 1
            self._interrupted.set()
            if self._player is not None:
                self._player.kill()
            return self._current

    def _work(self) -> None:
        synthesise = self._given or Engine(self._data).synthesise
        while (job := self._jobs.get()) is not None:
            with self._lock:
                if job.number != self._current:
                    continue
                self._interrupted.clear()
            self._speak(job, synthesise)
            with self._lock:
                current = job.number == self._current
            if current:
                job.ended()

    def _speak(self, job: _Job, synthesise: Synthesise) -> None:
        seconds = estimated_seconds(job.text)
        try:
            clip = self._clip(job, synthesise)
            seconds = (len(clip) - HEADER_BYTES) / BYTES_PER_SECOND
            self._play(clip, job.number)
        except AudioError as error:
            self._report(error)
            self._interrupted.wait(seconds)

    def _clip(self, job: _Job, synthesise: Synthesise) -> bytes:
        key = (job.text, job.language)
        if key not in self._clips:
            self._clips[key] = synthesise(job.text, job.language)
        self._clips.move_to_end(key)
        while len(self._clips) > CLIPS_KEPT:
            self._clips.popitem(last=False)
        return self._clips[key]

    def _play(self, clip: bytes, number: int) -> None:
        """Play to the end or to the interruption. Raises AudioError when nothing can be heard."""
        command = shutil.which(PLAYER)
        if command is None:
            raise AudioError("no player of sound")
        with self._lock:
            if number != self._current:
                return
            self._player = subprocess.Popen(
                [command, "-q", "-"],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            player = self._player
        player.communicate(clip)
        with self._lock:
            self._player = None
            interrupted = number != self._current
        if player.returncode and not interrupted:
            raise AudioError("the sound card does not play")

    def _report(self, error: AudioError) -> None:
        if not self._reported:
            self._reported = True
            log.warning("%s %s", error.code, error.message)


class Engine:
    """eSpeak NG behind pyttsx3; made and used in one thread only.

    pyttsx3 2.99 comes back from runAndWait before a long clause is written, so eSpeak NG itself is
    asked to finish.

    `data` is where `homthu-voice build` put the Hmong voice; without it only Vietnamese is spoken.
    """

    def __init__(self, data: Path | None = None) -> None:
        self._data = data
        self._engine: Any = None
        self._finish: Any = None
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
        shared = Path("/dev/shm")
        handle, name = tempfile.mkstemp(".wav", dir=shared if shared.is_dir() else None)
        os.close(handle)
        path = Path(name)
        try:
            self._engine.setProperty("voice", voice)
            self._engine.save_to_file(text, name)
            with contextlib.redirect_stdout(io.StringIO()):
                self._engine.runAndWait()
                self._finish()
            clip = path.read_bytes()
        finally:
            path.unlink(missing_ok=True)
        if len(clip) < LEAST_AUDIO:
            raise AudioError("the speech engine gave silence")
        return clip


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

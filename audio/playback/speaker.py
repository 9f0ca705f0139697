"""The voice of the kiosk: finds the sound of a clause and plays it, all in one worker thread.

pyttsx3 blocks, and hangs when two threads use it, so nobody but the worker ever touches it. Where
there is nothing to say a clause with, or no sound device, it passes in silence at its natural
pace, and the log says so once for each cause.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue

from audio.playback.output import Output
from audio.speech.sound import Samples, seconds, sound
from audio.speech.voice import Clause, Ended, Manner, estimated_seconds
from kiosk.common.errors import AudioError
from kiosk.common.event_codes import EventCode

BREATH_S = 0.1
JOIN_S = 2.0
REST_S = 0.05
STEP = 2**0.5

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Job:
    clause: Clause
    manner: Manner
    ended: Ended
    cancelled: threading.Event = field(default_factory=threading.Event)


class Speaker:
    """Speaks through an output; a Voice. `volume` is the gain from 0 to 1 of plain speech.

    `is_heard` tells whether the last clause could be played.
    """

    def __init__(
        self, find: Callable[[Clause], Samples], output: Output, volume: float = 1.0
    ) -> None:
        self._find = find
        self._output = output
        self._volume = volume
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._job: _Job | None = None
        self._reported: set[EventCode] = set()
        self.is_heard = True
        self._worker = threading.Thread(target=self._work, name="voice", daemon=True)
        self._worker.start()

    def say(self, clause: Clause, manner: Manner, ended: Ended) -> None:
        """Speak instead of whatever is being said."""
        self.stop()
        self._job = _Job(clause, manner, ended)
        self._jobs.put(self._job)

    def stop(self) -> None:
        """Be silent at once."""
        if self._job is not None:
            self._job.cancelled.set()

    def close(self) -> None:
        """Be silent and end the worker."""
        self.stop()
        self._jobs.put(None)
        self._worker.join(timeout=JOIN_S)

    def _work(self) -> None:
        while (job := self._next()) is not None:
            if not job.cancelled.is_set():
                self._speak(job)
            if not job.cancelled.is_set():
                job.ended()
        self._output.close()

    def _next(self) -> _Job | None:
        """The next job; the device stands still while there is none."""
        try:
            return self._jobs.get(timeout=REST_S)
        except Empty:
            self._output.rest()
            return self._jobs.get()

    def _speak(self, job: _Job) -> None:
        began, length = time.monotonic(), estimated_seconds(job.clause.text)
        try:
            clause = job.clause
            samples = clause.recording() if clause.recording else self._find(clause)
            length = seconds(samples)
            self._output.play(
                sound(samples, self._gain(job.manner)), job.manner.private, job.cancelled
            )
            self.is_heard = True
        except AudioError as error:
            self.is_heard = False
            self._report(error)
            job.cancelled.wait(max(0.0, began + length - time.monotonic()))
        job.cancelled.wait(BREATH_S)

    def _gain(self, manner: Manner) -> float:
        return min(1.0, self._volume * STEP**manner.louder)

    def _report(self, error: AudioError) -> None:
        if error.code not in self._reported:
            self._reported.add(error.code)
            log.warning("%s %s", error.code, error.message)

"""The booth: listens to a person and keeps nothing but the disguised voice, in memory only.

Each recording has a thread of its own. When anything fails, the recording is lost and told so.
"""

import logging
import threading
from collections.abc import Callable
from time import monotonic
from typing import Protocol

import numpy as np

from audio.capture.recorder import Recorder
from audio.capture.takes import MUTE_DB
from audio.capture.voice_activity import hears_speech, is_loud, is_overdriven
from audio.speech.levels import peak
from audio.speech.sound import RATE, Samples
from kiosk.common.errors import AudioError
from kiosk.common.event_codes import EventCode
from kiosk.common.log_once import Reporter
from kiosk.flow.model import Event, Take, Taken

LONGEST_S = 30

log = logging.getLogger(__name__)


def _disguised(samples: Samples) -> Samples:
    """The disguise; its library takes longer to load than all else that the kiosk starts with."""
    from audio.capture.disguise import disguised

    return disguised(samples)


class Ear(Recorder, Protocol):
    """A recorder that can be looked for."""

    def is_there(self) -> bool:
        """Whether there is a microphone, from any thread and without opening it."""


class _Session:
    """One recording; `packets` and `preview` are there when it has been disguised."""

    def __init__(self) -> None:
        self.enough = threading.Event()
        self.cancelled = threading.Event()
        self.is_listening = False
        self.packets: bytes | None = None
        self.preview: Samples | None = None

    def end(self) -> None:
        """Stop listening; nothing comes of it any more."""
        self.cancelled.set()
        self.enough.set()
        self.packets = self.preview = None


class VoiceCapture:
    """Records one person at a time and posts Taken; `level` hears whether somebody speaks now."""

    def __init__(
        self,
        recorder: Ear,
        post: Callable[[Event], None],
        level: Callable[[bool], None],
        disguise: Callable[[Samples], Samples] = _disguised,
    ) -> None:
        self._recorder, self._post, self._level = recorder, post, level
        self._disguise = disguise
        self._device = threading.Lock()
        self._session = _Session()
        self._trouble = Reporter(log.warning)

    @property
    def packets(self) -> bytes | None:
        """The disguised voice as it is to be sealed."""
        return self._session.packets

    @property
    def preview(self) -> Samples | None:
        """The same as the officer will hear it."""
        return self._session.preview

    def has_microphone(self) -> bool:
        """Whether there is one to listen with; it is not opened for that."""
        there = self._recorder.is_there()
        if not there:
            self._trouble.report(EventCode.MICROPHONE_MISSING)
        return there

    def record(self) -> None:
        """Begin to listen, for half a minute at most."""
        self.discard()
        self._session = session = _Session()
        threading.Thread(target=self._work, args=(session,), name="booth", daemon=True).start()

    def mask(self) -> None:
        """Stop listening and disguise what was heard."""
        self._session.enough.set()

    def discard(self) -> None:
        """Stop listening and forget everything."""
        self._session.end()

    def _work(self, session: _Session) -> None:
        try:
            take = self._take(session)
        except AudioError as error:
            self._trouble.report(error.code)
            take = Take.LOST if session.is_listening else Take.NO_MICROPHONE
        except Exception:  # whatever it is, the undisguised voice goes nowhere
            self._trouble.report(EventCode.PROGRAM_FAILED)
            take = Take.LOST
        if not session.cancelled.is_set():
            self._post(Taken(take, monotonic()))

    def _take(self, session: _Session) -> Take:
        from kiosk.protocol.opus_packets import decoded, encoded

        samples = self._listen(session)
        try:
            if peak(samples) < MUTE_DB:
                self._trouble.report(EventCode.MICROPHONE_MUTE)
            if session.cancelled.is_set() or not hears_speech(samples):
                return Take.UNHEARD
            if is_overdriven(samples):
                return Take.TOO_LOUD
            packets = encoded(self._disguise(samples), RATE)
        finally:
            samples.fill(0)
        session.preview = decoded(packets, RATE)
        session.packets = packets
        if session.cancelled.is_set():
            session.end()
        return Take.READY

    def _listen(self, session: _Session) -> Samples:
        """What is heard until it is enough; the rest of half a minute is silence."""
        heard = np.zeros(LONGEST_S * RATE, np.int16)
        length, loud = 0, False
        with self._device:
            self._recorder.open()
            session.is_listening = True
            try:
                while not session.enough.is_set() and length < len(heard):
                    block = self._recorder.read()[: len(heard) - length]
                    heard[length : length + len(block)] = block
                    length += len(block)
                    if is_loud(block) is not loud:
                        loud = not loud
                        self._level(loud)
            finally:
                self._recorder.close()
        session.enough.wait()
        return heard[:length]

"""Where the sound of a clause comes from: a person, else a rendered clip, else live speech.

Words of the station itself have no clip; somebody of the station may have sent a recording.
"""

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping

from audio.speech.sound import Samples, from_wav
from audio.speech.voice import Clause
from kiosk.common.errors import AudioError
from kiosk.content.assets import Clip, Clips

SPOKEN_KEPT = 40

log = logging.getLogger(__name__)

Synthesise = Callable[[str, str], bytes]
Said = tuple[str, str]
"""A text and the language it is said in."""


class Sources:
    """The clips in memory, and the engine behind them; asked by one worker thread.

    All clips are read when the kiosk starts and kept as plain memory: what a visit says touches
    neither the card nor the log, and a file that changes later harms nobody.
    """

    def __init__(self, clips: Clips, synthesise: Synthesise) -> None:
        self._clips = clips
        self._synthesise = synthesise
        self._loaded: dict[Clip, Samples | None] = {}
        self._spoken: OrderedDict[Said, Samples] = OrderedDict()
        self._recordings: Mapping[Said, bytes] = {}
        self._played: dict[Said, tuple[bytes, Samples | None]] = {}
        self._lock = threading.Lock()
        threading.Thread(target=self._load_all, name="clips", daemon=True).start()

    def samples(self, clause: Clause) -> Samples:
        """What to play. Raises AudioError when nothing can say it."""
        if clause.string_id is not None:
            for clip in self._clips.of(clause.string_id, clause.language, clause.text):
                samples = self._load(clip)
                if samples is not None:
                    return samples
        recorded = self._recorded((clause.text, clause.language))
        return self._live(clause.text, clause.language) if recorded is None else recorded

    def learn(self, recordings: Mapping[Said, bytes]) -> None:
        """Play these recordings, and no others, for what the station says; from any thread."""
        self._recordings = recordings

    def _recorded(self, said: Said) -> Samples | None:
        audio = self._recordings.get(said)
        if audio is None:
            return None
        known, samples = self._played.get(said, (b"", None))
        if known != audio:
            samples = _sound_of(audio)
            self._played = {said: (audio, samples)}
        return samples

    def _load_all(self) -> None:
        for clip in self._clips:
            self._load(clip)

    def _load(self, clip: Clip) -> Samples | None:
        with self._lock:
            if clip not in self._loaded:
                self._loaded[clip] = _whole(clip)
            return self._loaded[clip]

    def _live(self, text: str, language: str) -> Samples:
        key = (text, language)
        if key not in self._spoken:
            self._spoken[key] = from_wav(self._synthesise(text, language))
        self._spoken.move_to_end(key)
        while len(self._spoken) > SPOKEN_KEPT:
            self._spoken.popitem(last=False)
        return self._spoken[key]


def _sound_of(audio: bytes) -> Samples | None:
    from audio.playback.ogg_opus import decoded  # loads a decoder that most kiosks never need

    try:
        return decoded(audio)
    except AudioError as error:
        log.warning("%s %s", error.code, error.message)
        return None


def _whole(clip: Clip) -> Samples | None:
    try:
        return from_wav(clip.read("wav"))
    except AudioError as error:
        log.warning("%s %s", error.code, error.message)
        return None

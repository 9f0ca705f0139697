"""What the station tells, for phones: `GET /board.json`, and recordings of notices as MP3."""

from functools import lru_cache
from typing import Any

from kiosk.content.catalog import LANGUAGES
from kiosk.content.questionnaire import Questionnaire
from kiosk.device.config import Config
from kiosk.device.notice_board import EMPTY, Board, Posted, Recordings
from kiosk.device.notice_board_reader import BoardReader
from kiosk.protocol.notice import NoticeText

KEPT_SOUNDS = 8


class Bulletin:
    """The board of one kiosk."""

    def __init__(self, config: Config, questionnaire: Questionnaire) -> None:
        self._reader = BoardReader(config, questionnaire)
        self._forms = dict(config.site.forms)
        self._procedures = questionnaire.procedures
        self._board: Board = EMPTY
        self._recordings: Recordings = {}

    def look(self) -> None:
        """Take over what is new; raises KioskError when it cannot be read and stays as it was."""
        seen = self._reader.look()
        if seen:
            self._board, self._recordings = seen

    def describe(self) -> dict[str, Any]:
        """The notices, newest first, and what the station has written about procedures."""
        return {
            "notices": [self._notice(posted) for posted in self._board.notices],
            "procedures": {name: self._procedure(name) for name in self._procedures},
        }

    def sound(self, notice_id: str, language: str) -> bytes | None:
        """The recording that a person of this language hears; None where there is none.

        Raises AudioError when it cannot be decoded.
        """
        posted = self._board.notice(notice_id)
        audio = posted and self._recording(posted, language)
        return _as_mp3(audio) if audio else None

    def _recording(self, posted: Posted, language: str) -> bytes | None:
        return self._recordings.get(posted.text.spoken(language))

    def _notice(self, posted: Posted) -> dict[str, Any]:
        return {
            "id": posted.notice_id,
            "picture": posted.picture,
            "words": _words(posted.text),
            "opening": _words(posted.text.opening()),
            "sounds": [one for one in LANGUAGES if self._recording(posted, one)],
        }

    def _procedure(self, name: str) -> dict[str, Any]:
        """The station's word counts before that of the product, and of provisioning."""
        written = self._board.procedures.get(name)
        return {
            "cards": written.cards if written else self._procedures[name],
            "lines": [_words(line) for line in written.lines] if written else [],
            "form": (written.form if written else "") or self._forms.get(name, ""),
        }


def _words(text: NoticeText) -> dict[str, str]:
    """What the page shows large to whom; empty where it has no words in a language."""
    return {"vi": text.vi, "hmn": text.hmn}


@lru_cache(KEPT_SOUNDS)
def _as_mp3(audio: bytes) -> bytes:
    """For phones that do not play Opus."""
    from audio.clips.clip_files import mp3  # codecs, loaded with the first recording
    from audio.playback.ogg_opus import decoded

    return mp3(decoded(audio))

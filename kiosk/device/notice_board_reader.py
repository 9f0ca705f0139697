"""The board as it is now: the inbox is read again when it has changed, or the minute has."""

from datetime import datetime

from kiosk.content.questionnaire import Questionnaire
from kiosk.device import notice_board as boards
from kiosk.device import station_clock
from kiosk.device.config import Config
from kiosk.device.inbox import Inbox, station_manifest
from kiosk.device.notice_board import EMPTY, Board, Recordings

_Glance = tuple[object, ...]


class BoardReader:
    """Looks at the board of one kiosk, as often as one likes."""

    def __init__(self, config: Config, questionnaire: Questionnaire) -> None:
        self._config = config
        self._cards = frozenset().union(*questionnaire.procedures.values())
        self._glance: _Glance = ()

    def look(self) -> tuple[Board, Recordings] | None:
        """The board and the recordings of its notices; None while nothing can have changed.

        Raises KioskError, once for each change, when it cannot be read.
        """
        now = station_clock.now(self._config.clock)
        glance = self._glanced(now)
        if glance == self._glance:
            return None
        self._glance = glance
        return self._current(now)

    def _glanced(self, now: datetime | None) -> _Glance:
        """What tells cheaply whether the board may have changed."""
        path = self._config.inbox
        files = [path, path.with_name(f"{path.name}-wal")]
        changed = [file.stat().st_mtime_ns if file.exists() else 0 for file in files]
        return *changed, now and (now.hour, now.minute)

    def _current(self, now: datetime | None) -> tuple[Board, Recordings]:
        config = self._config
        if not config.inbox.exists():
            return EMPTY, {}
        manifest = station_manifest(config.authority, config.manifest, config.inbox)
        moment = None if now is None else now.timestamp()
        return boards.read(Inbox(config.inbox), manifest.notice_key, moment, self._cards)

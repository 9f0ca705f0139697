"""Reads the board in a thread of its own, and posts what is new on it."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime
from queue import SimpleQueue
from time import monotonic

from kiosk import board as boards
from kiosk import station_clock
from kiosk.board import EMPTY, Board, Recordings
from kiosk.config import Config
from kiosk.errors import KioskError
from kiosk.inbox import Inbox, station_manifest
from kiosk.news import is_loud
from kiosk.questionnaire import Questionnaire
from kiosk.visit import Event, News

log = logging.getLogger(__name__)

_Glance = tuple[object, ...]


class Newsreader:
    """Posts News and hands recordings to `play`, when the inbox or the minute has changed.

    What stands on the board when the kiosk starts is not new: nothing is played aloud twice.
    """

    def __init__(
        self,
        config: Config,
        questionnaire: Questionnaire,
        post: Callable[[Event], None],
        play: Callable[[Recordings], None],
    ) -> None:
        self._config = config
        self._cards = frozenset().union(*questionnaire.procedures.values())
        self._post, self._play = post, play
        self._looks: SimpleQueue[bool] = SimpleQueue()
        self._glance: _Glance = ()
        self._board: Board | None = None
        self._reported: str | None = None
        self._worker = threading.Thread(target=self._work, name="news", daemon=True)
        self._worker.start()

    def look(self) -> None:
        """See whether there is anything new; News follows when there is."""
        self._looks.put(True)

    def close(self) -> None:
        """Read no more."""
        self._looks.put(False)
        self._worker.join(timeout=5)

    def _work(self) -> None:
        while self._looks.get():
            now = station_clock.now(self._config.clock)
            glance = self._glanced(now)
            if glance != self._glance:
                self._glance = glance
                self._read(now)

    def _glanced(self, now: datetime | None) -> _Glance:
        """What tells cheaply that the board may have changed."""
        path = self._config.inbox
        files = [path, path.with_name(f"{path.name}-wal")]
        changed = [file.stat().st_mtime_ns if file.exists() else 0 for file in files]
        return *changed, now and (now.hour, now.minute)

    def _read(self, now: datetime | None) -> None:
        try:
            board = self._current(now)
        except KioskError as error:
            self._report(error)
            return
        known = {posted.notice_id for posted in (self._board or board).notices}
        arrived = [p.notice_id for p in reversed(board.notices) if p.notice_id not in known]
        hours = self._config.sound.loud_hours if board.loud_hours is None else board.loud_hours
        loud = is_loud(hours, now)
        if loud or board != self._board:
            self._board = board
            self._post(News(board, monotonic(), tuple(arrived), loud))

    def _current(self, now: datetime | None) -> Board:
        config = self._config
        if not config.inbox.exists():
            return EMPTY
        manifest = station_manifest(config.authority, config.manifest, config.inbox)
        moment = None if now is None else now.timestamp()
        board, recordings = boards.read(
            Inbox(config.inbox), manifest.notice_key, moment, self._cards
        )
        self._play(recordings)
        return board

    def _report(self, error: KioskError) -> None:
        """Log a new kind of trouble once, by its code alone."""
        if error.code != self._reported:
            self._reported = error.code
            log.error("%s", error.code)

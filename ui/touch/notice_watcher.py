"""Reads the board in a thread of its own, and posts what is new on it."""

import logging
import threading
from collections.abc import Callable
from queue import SimpleQueue
from time import monotonic

from kiosk.common.errors import KioskError
from kiosk.common.log_once import Reporter
from kiosk.content.questionnaire import Questionnaire
from kiosk.device import station_clock
from kiosk.device.config import Config
from kiosk.device.notice_board import Board, Recordings
from kiosk.device.notice_board_reader import BoardReader
from kiosk.flow.model import BoardChanged, Event
from kiosk.flow.notices import is_loud

log = logging.getLogger(__name__)


class NoticeWatcher:
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
        self._reader = BoardReader(config, questionnaire)
        self._post, self._play = post, play
        self._looks: SimpleQueue[bool] = SimpleQueue()
        self._board: Board | None = None
        self._trouble = Reporter(log.error)
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
            try:
                seen = self._reader.look()
            except KioskError as error:
                self._trouble.report(error.code)
            else:
                if seen:
                    self._tell(*seen)

    def _tell(self, board: Board, recordings: Recordings) -> None:
        self._play(recordings)
        known = {posted.notice_id for posted in (self._board or board).notices}
        arrived = [p.notice_id for p in reversed(board.notices) if p.notice_id not in known]
        hours = self._config.sound.loud_hours if board.loud_hours is None else board.loud_hours
        loud = is_loud(hours, station_clock.now(self._config.clock))
        if loud or board != self._board:
            self._board = board
            self._post(BoardChanged(board, monotonic(), tuple(arrived), loud))

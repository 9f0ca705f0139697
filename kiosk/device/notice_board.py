"""The board: what the station has told this kiosk and is valid now, as plain data for screens."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from kiosk.common.errors import MessageError
from kiosk.device.inbox import Inbox
from kiosk.protocol import procedures as library
from kiosk.protocol.notice import Notice, NoticeText
from kiosk.protocol.procedures import Procedure
from kiosk.protocol.station_settings import Window

PICTURES = {
    "station": "place_station",
    "fraud": "notice_fraud",
    "weather": "notice_flood",
    "fire": "notice_fire",
    "border": "notice_border",
    "health": "clinic",
    "event": "festival",
}
"""The tile of each topic."""

Recordings = Mapping[tuple[str, str], bytes]
"""Ogg Opus of what is said, by its text and the language it is said in."""


@dataclass(frozen=True)
class Posted:
    """One notice on the board; `notice_id` is its message's in hexadecimal."""

    notice_id: str
    topic: str
    text: NoticeText

    @property
    def picture(self) -> str:
        """The tile of its topic."""
        return PICTURES[self.topic]


@dataclass(frozen=True)
class Board:
    """Notices, newest first, and the procedures that the station has written itself.

    `loud_hours` are when new notices are played to the hall, None where the station has not said.
    """

    notices: tuple[Posted, ...] = ()
    procedures: Mapping[str, Procedure] = field(default_factory=dict)
    loud_hours: tuple[Window, ...] | None = None

    def notice(self, notice_id: str) -> Posted | None:
        """The notice of that id; None when it is not, or no longer, on the board."""
        return next((found for found in self.notices if found.notice_id == notice_id), None)


EMPTY = Board()


def read(
    inbox: Inbox, notice_key: bytes | None, now: float | None, cards: Collection[str]
) -> tuple[Board, Recordings]:
    """The board as it is at the station's Unix time `now`, and the recordings of its notices.

    A procedure's `cards` that this version does not know are left out. Raises InboxError when the
    inbox cannot be read, MessageError when what is signed makes no sense.
    """
    notices = inbox.notices(notice_key, now)
    sounds = [s for s in inbox.sounds(notice_key, now) if s.notice_id in notices]
    texts = {
        notice_id: _text(notice, [s.language for s in sounds if s.notice_id == notice_id])
        for notice_id, notice in notices.items()
    }
    posted = tuple(
        Posted(notice_id.hex(), notice.topic, texts[notice_id])
        for notice_id, notice in notices.items()
    )
    recordings = {texts[s.notice_id].spoken(s.language): s.audio for s in reversed(sounds)}
    procedures = _procedures(inbox.library(notice_key, now), cards)
    return Board(posted, procedures, inbox.loud_hours(notice_key, now)), recordings


def _text(notice: Notice, recorded: list[str]) -> NoticeText:
    return NoticeText(notice.vi, notice.hmn, frozenset(recorded))


def _procedures(contents: list[bytes], cards: Collection[str]) -> dict[str, Procedure]:
    """The newest library that this version understands."""
    for content in contents:
        try:
            found = library.decode(content)
        except MessageError:
            continue
        known = {n: [card for card in one.cards if card in cards] for n, one in found.items()}
        return {
            name: Procedure(tuple(known[name]), one.lines, one.form)
            for name, one in found.items()
            if known[name]
        }
    return {}

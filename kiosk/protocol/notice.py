"""What is in a notice, its recorded sound, a withdrawal and the loudspeaker's hours, as CBOR."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kiosk.common.errors import MessageError
from kiosk.protocol import cbor
from kiosk.protocol.cbor_map import CborMap
from kiosk.protocol.message import ID_BYTES, MAX_CHUNKS
from kiosk.protocol.station_settings import Window, is_window

TOPICS = ("station", "fraud", "weather", "fire", "border", "health", "event")
MAX_TEXT = 200
LANGUAGES = ("vi", "hmn")
MAX_OPENING = 60
MAX_WINDOWS = 4
_MAX_BYTES = MAX_CHUNKS * 4096
_NOTICE = CborMap(topic=0, vi=1, hmn=2)
_SOUND = CborMap(notice_id=0, language=1, audio=2)
_SENTENCE_END = re.compile(r"(?<=[.!?:;])\s")


@dataclass(frozen=True)
class NoticeText:
    """Words that the station itself has written: in Vietnamese, and in Hmong where it could.

    `recorded` names the languages in which somebody of the station has spoken them.
    """

    vi: str
    hmn: str = ""
    recorded: frozenset[str] = frozenset()

    def shown(self, language: str) -> tuple[str, str]:
        """The words for a person who speaks `language`, and the other ones; "" for none."""
        return (self.hmn, self.vi) if language == "hmn" and self.hmn else (self.vi, self.hmn)

    def spoken(self, language: str) -> tuple[str, str]:
        """What such a person is told, and in which language that is."""
        own = language == "vi" or bool(self.hmn) or language in self.recorded
        return (self.shown(language)[0], language if own else "vi")

    def opening(self) -> "NoticeText":
        """The beginning of it, for a small picture; a short text is whole."""
        return NoticeText(_opening(self.vi), _opening(self.hmn), self.recorded)


@dataclass(frozen=True)
class Notice:
    """A notice for the start screen: its topic, and its words in Vietnamese and in Hmong.

    `topic` is one of TOPICS and chooses the picture; one that this version does not know is
    "station". Words are at most 200 characters; empty where a language is missing.
    """

    topic: str
    vi: str
    hmn: str = ""

    def encode(self) -> bytes:
        """The content of a NOTICE; raises MessageError for what a kiosk would refuse."""
        data = _NOTICE.encode(vars(self))
        Notice.decode(data)
        return data

    @classmethod
    def decode(cls, data: bytes) -> "Notice":
        """The notice in the content of a message; raises MessageError when it is none."""
        match _fields(_NOTICE, data):
            case {"topic": str(topic), "vi": str(vi), "hmn": str(hmn)} if is_fit(vi, MAX_TEXT) and (
                not hmn or is_fit(hmn, MAX_TEXT)
            ):
                return cls(topic if topic in TOPICS else TOPICS[0], vi, hmn)
        raise MessageError(
            "these are no words for a notice", f"1 to {MAX_TEXT} printable characters a language"
        )


@dataclass(frozen=True)
class NoticeSound:
    """A recording of the notice whose message id this is, as Ogg Opus."""

    notice_id: bytes
    language: str
    audio: bytes

    def encode(self) -> bytes:
        """The content of a SOUND."""
        return _SOUND.encode(vars(self))

    @classmethod
    def decode(cls, data: bytes) -> "NoticeSound":
        """The recording in the content of a message; raises MessageError when it is none."""
        match _fields(_SOUND, data):
            case {
                "notice_id": bytes(notice_id),
                "language": str(language),
                "audio": bytes(audio),
            } if len(notice_id) == ID_BYTES and language in LANGUAGES:
                return cls(notice_id, language, audio)
        raise MessageError("no recording of a notice")


def encode_withdrawal(message_ids: Sequence[bytes]) -> bytes:
    """The content of a WITHDRAWAL: an array of message ids."""
    return cbor.encode(list(message_ids))


def decode_withdrawal(data: bytes) -> list[bytes]:
    """The ids of the messages that are no longer to be shown; raises MessageError."""
    match _plain(data):
        case [*ids] if all(isinstance(item, bytes) and len(item) == ID_BYTES for item in ids):
            return ids
    raise MessageError("no withdrawal")


def encode_hours(hours: Sequence[Window]) -> bytes:
    """The content of a LOUDSPEAKER: windows of the day, as [[from hour, to hour], ...]."""
    return cbor.encode([list(window) for window in hours])


def decode_hours(data: bytes) -> tuple[Window, ...]:
    """The windows in which new notices are played to the hall; raises MessageError."""
    match _plain(data):
        case [*hours] if len(hours) <= MAX_WINDOWS and all(map(is_window, hours)):
            return tuple((start, end) for start, end in hours)
    raise MessageError("no hours of the loudspeaker")


def _fields(wire: CborMap, data: bytes) -> dict[str, Any]:
    try:
        return wire.decode(data, _MAX_BYTES)
    except ValueError as error:
        raise MessageError("a message whose content is damaged") from error


def _plain(data: bytes) -> Any:
    try:
        return cbor.decode(data, _MAX_BYTES)
    except ValueError as error:
        raise MessageError("a message whose content is damaged") from error


def is_fit(text: str, most: int) -> bool:
    """Whether this is one to `most` characters that can all be seen."""
    return 0 < len(text) <= most and text.isprintable()


def _opening(text: str) -> str:
    """The first sentence, or as many of its words as there is room for."""
    if len(text) <= MAX_OPENING:
        return text
    first = _SENTENCE_END.split(text, maxsplit=1)[0]
    if len(first) <= MAX_OPENING:
        return first
    return f"{first[:MAX_OPENING].rpartition(' ')[0] or first[:MAX_OPENING]}…"

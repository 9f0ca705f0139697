"""What one report says, and its bytes: deterministic CBOR with integer keys, padded.

Absent answers are left out. A reader ignores integer keys it does not know, so that an older
station can read a newer kiosk.
"""

import re
import secrets
from dataclasses import dataclass, fields
from typing import Any

from kiosk.common.errors import ReportError
from kiosk.common.event_codes import EventCode
from kiosk.protocol.cbor_map import CborMap

VERSION = 1
REPORT_ID_BYTES = 16
ANSWER_KEY_BYTES = 1216
MAX_WHAT = 16
MAX_TEXT = 500

ICON_PLAINTEXT = 2910
ATTACHMENT_PLAINTEXTS = (31_232, 128_336)

_CHOICE = re.compile(r"[a-z0-9_:]{1,48}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_HALF_DAY = re.compile(r"\d{4}-\d{2}-\d{2}( am| pm)?")
_CHANNELS = ("touch", "phone")
_VOICES = (None, "own", "other")


class UnknownVersion(ReportError):
    """A report of a version this reader does not know."""

    code = EventCode.REPORT_VERSION_UNKNOWN


@dataclass(frozen=True)
class Report:
    """One filed report: ids of choices, no exact time, and words only where a phone wrote some.

    `day` is "2026-11-22", with " am" or " pm" only when urgent, or None when the clock was not
    trusted; `answer_key` is the raw public key of the answer box; `text` is what a person typed,
    to be shown to nobody before control characters are taken out; `voice` is "own" when an
    attachment speaks, "other" when the person wants the pictures spoken. Raises ReportError when a
    field is not what it may be.
    """

    report_id: bytes
    box: str
    what: tuple[str, ...]
    where: str | None
    when: str | None
    how_many: str | None
    urgent: bool
    language: str
    channel: str
    day: str | None
    answer_key: bytes | None = None
    text: str | None = None
    voice: str | None = None

    def __post_init__(self) -> None:
        checks = {
            "report_id": _is_bytes(self.report_id, REPORT_ID_BYTES),
            "box": _matches(_CHOICE, self.box),
            "what": isinstance(self.what, tuple)
            and len(self.what) <= MAX_WHAT
            and all(_matches(_CHOICE, choice) for choice in self.what),
            "where": self.where is None or _matches(_CHOICE, self.where),
            "when": self.when is None or _matches(_CHOICE, self.when),
            "how_many": self.how_many is None or _matches(_CHOICE, self.how_many),
            "urgent": isinstance(self.urgent, bool),
            "language": _matches(_LANGUAGE, self.language),
            "channel": self.channel in _CHANNELS,
            "day": self.day is None or _matches(_HALF_DAY if self.urgent else _DAY, self.day),
            "answer_key": self.answer_key is None or _is_bytes(self.answer_key, ANSWER_KEY_BYTES),
            "text": self.text is None
            or (isinstance(self.text, str) and 0 < len(self.text) <= MAX_TEXT),
            "voice": self.voice in _VOICES,
        }
        wrong = [name for name, good in checks.items() if not good]
        if wrong:
            raise ReportError(f"a report field is not allowed: {', '.join(wrong)}")


_WIRE = CborMap(
    version=0,
    report_id=1,
    box=2,
    what=3,
    where=4,
    when=5,
    how_many=6,
    urgent=7,
    language=8,
    channel=9,
    day=10,
    answer_key=11,
    text=12,
    voice=13,
)
_ANSWERS = tuple(field.name for field in fields(Report))


def new_report_id() -> bytes:
    """A fresh random id."""
    return secrets.token_bytes(REPORT_ID_BYTES)


def encode(report: Report) -> bytes:
    """The one encoding of `report`, not yet padded."""
    present = {name: value for name, value in vars(report).items() if value is not None}
    return _WIRE.encode({"version": VERSION, **present})


def decode(data: bytes) -> Report:
    """The report in unpadded `data`.

    Raises UnknownVersion (E05) or, for anything else that `encode` cannot have made, ReportError.
    """
    try:
        answers = _WIRE.decode(data, ICON_PLAINTEXT)
    except ValueError as error:
        raise ReportError("these bytes are not a report") from error
    version = answers.pop("version", None)
    if type(version) is not int:
        raise ReportError("a report without a version")
    if version != VERSION:
        raise UnknownVersion("a report of an unknown version", "update the station")
    if isinstance(answers.get("what"), list):
        answers["what"] = tuple(answers["what"])
    absent: dict[str, Any] = dict.fromkeys(_ANSWERS)
    return Report(**absent | answers)


def pad(data: bytes, size: int) -> bytes:
    """`data` padded to `size` bytes as in ISO/IEC 7816-4: 0x80, then zeros."""
    if len(data) >= size:
        raise ReportError("more than fits into one part")
    return data + b"\x80" + bytes(size - len(data) - 1)


def unpad(padded: bytes) -> bytes:
    """The data that `pad` padded."""
    data, mark, rest = padded.rpartition(b"\x80")
    if not mark or rest.strip(b"\x00"):
        raise ReportError("a part that is not padded")
    return data


def _matches(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _is_bytes(value: object, length: int) -> bool:
    return isinstance(value, bytes) and len(value) == length

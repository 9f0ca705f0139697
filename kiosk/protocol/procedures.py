"""The procedures library: what a procedure takes, as the station keeps it; a LIBRARY's content.

On the wire a procedure is [name, [cards], [[line in Vietnamese, in Hmong], ...], form].
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from kiosk.common.errors import MessageError
from kiosk.protocol.cbor_map import CborMap
from kiosk.protocol.cells import DOWN_BODY
from kiosk.protocol.message import MAX_CHUNKS
from kiosk.protocol.notice import NoticeText, is_fit

MAX_CARDS = 4
MAX_LINES = 4
MAX_LINE = 80
MAX_FORM = 200

_WIRE = CborMap(version=0, procedures=1)
_VERSION = 1
_NAME = re.compile(r"[a-z0-9_]{1,48}")
_FORM = re.compile(r"https?://[!-~]+")


@dataclass(frozen=True)
class Procedure:
    """One procedure: pictures of what to bring and where to go, then lines about steps and fees.

    `form` is the address of a form that a phone can fetch, "" where there is none.
    """

    cards: tuple[str, ...]
    lines: tuple[NoticeText, ...] = ()
    form: str = ""


Library = Mapping[str, Procedure]


def encode(library: Library) -> bytes:
    """The content of a LIBRARY; raises MessageError for what a kiosk would pass over."""
    entries = [
        [name, [*one.cards], [[line.vi, line.hmn] for line in one.lines], one.form]
        for name, one in library.items()
    ]
    data = _WIRE.encode({"version": _VERSION, "procedures": entries})
    decode(data)
    return data


def decode(data: bytes) -> dict[str, Procedure]:
    """The library in the content of a message; raises MessageError when it is none."""
    try:
        match _WIRE.decode(data, MAX_CHUNKS * DOWN_BODY):
            case {"version": 1, "procedures": [*entries]}:
                return dict(map(_entry, entries))
    except ValueError as error:
        raise MessageError("a library that is damaged") from error
    raise MessageError("a library of an unknown form")


def is_address(form: str) -> bool:
    """Whether this is empty or an address that a phone can open and a code can hold."""
    return not form or (len(form) <= MAX_FORM and _FORM.fullmatch(form) is not None)


def _entry(entry: object) -> tuple[str, Procedure]:
    match entry:
        case [str(name), [*cards], [*lines], str(form)] if (
            _is_name(name)
            and 0 < len(cards) <= MAX_CARDS
            and len(set(cards)) == len(cards)
            and all(map(_is_name, cards))
            and len(lines) <= MAX_LINES
            and is_address(form)
        ):
            return name, Procedure(tuple(map(str, cards)), tuple(map(_line, lines)), form)
    raise MessageError(
        "a procedure that no kiosk can show",
        f"1 to {MAX_CARDS} pictures, at most {MAX_LINES} lines, a form as https://...",
    )


def _is_name(name: object) -> bool:
    return isinstance(name, str) and _NAME.fullmatch(name) is not None


def _line(line: object) -> NoticeText:
    match line:
        case [str(vi), str(hmn)] if is_fit(vi, MAX_LINE) and (not hmn or is_fit(hmn, MAX_LINE)):
            return NoticeText(vi, hmn)
    raise MessageError(
        "a line that no kiosk can show", f"1 to {MAX_LINE} printable characters, please"
    )

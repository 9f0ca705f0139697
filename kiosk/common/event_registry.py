"""The registry of events, `codes.toml`: what each code means, its cure, and who must act.

It imports nothing of ours but the standard library, so that `generate_event_codes` works even when
`event_codes` is out of date.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

REGISTRY = Path(__file__).parent / "codes.toml"
UNKNOWN = "Mã lỗi lạ"
_CODE = re.compile(r"E[0-9]{2}")


class Severity(StrEnum):
    """How bad an event is; the same words as the levels of `states.toml`."""

    WAIT = "wait"
    BAD = "bad"
    ALARM = "alarm"


class Responsible(StrEnum):
    """Who must act on an event."""

    NOBODY = "nobody"
    TECHNICIAN = "technician"
    OFFICER = "officer"
    DEVELOPER = "developer"


@dataclass(frozen=True)
class RegisteredEvent:
    """One event; `name` is its member of EventCode in lower case, `code` an E and two digits."""

    name: str
    code: str
    level: Severity
    who: Responsible
    vi: str
    en: str
    cure_vi: str
    cure_en: str


@cache
def load() -> Mapping[str, RegisteredEvent]:
    """All events by code, in the order of the codes.

    Raises ValueError, TypeError or KeyError when the file is not as its head says, which tests
    rule out for what is installed.
    """
    sections = tomllib.loads(REGISTRY.read_text("utf-8"))
    events = [_event(name, fields) for name, fields in sections.items()]
    by_code = {event.code: event for event in sorted(events, key=lambda event: event.code)}
    if len(by_code) != len(events):
        raise ValueError(f"{REGISTRY.name}: two events have one code")
    return by_code


def in_words(code: str) -> str:
    """The Vietnamese words of a code with the code, also for one of a newer kiosk."""
    event = load().get(code)
    if event is not None:
        return f"{event.vi} ({code})"
    if _CODE.fullmatch(code):
        return f"{UNKNOWN} {code}, máy gửi có bản phần mềm mới hơn"
    return UNKNOWN


def _event(name: str, fields: dict[str, Any]) -> RegisteredEvent:
    number = fields.pop("code")
    level, who = Severity(fields.pop("level")), Responsible(fields.pop("who"))
    if not isinstance(number, int) or not 0 <= number <= 99:
        raise ValueError(f"{REGISTRY.name}: the code of {name} is not from 0 to 99")
    return RegisteredEvent(name, f"E{number:02}", level, who, **fields)

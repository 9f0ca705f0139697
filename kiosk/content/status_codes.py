"""The states of `strings/states.toml`: what a technician or an officer is told of a kiosk's link.

The courier names them in `status.json` and, as numbers, in the health of its kiosk; the staff
screen and the station show their pictures and words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated

from kiosk.common import schema
from kiosk.common.checks import between, either

STATES = Path(__file__).parent / "strings" / "states.toml"
CURE = "install the package again"
GOOD, WAIT, BAD, ALARM = LEVELS = ("good", "wait", "bad", "alarm")


@dataclass(frozen=True)
class Status:
    """One state; `picture` is the name of a tile, `vi` and `en` are its words."""

    code: Annotated[int, between(0, 255)]
    level: Annotated[str, either(*LEVELS)]
    picture: str
    vi: str
    en: str


@cache
def load() -> Mapping[str, Status]:
    """All states by name. Raises ConfigError with every mistake in the file."""
    return schema.load(dict[str, Status], STATES, CURE)


def of_code(code: int) -> Status | None:
    """The state that a kiosk's health names, None when this version does not know it."""
    return next((state for state in load().values() if state.code == code), None)


def state_name(group: str, value: StrEnum) -> str:
    """What `states.toml` calls a value."""
    return f"{group}_{value.replace(' ', '_')}"

"""`kiosks.toml`: the kiosks of a station, read again whenever the file changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from kiosk.common import schema
from kiosk.common.checks import between
from kiosk.settings.fields import KioskId

CURE = "fix the file"
MAX_GENERATION = 2**32 - 1


@dataclass(frozen=True)
class Kiosk:
    """One kiosk: the hall in which it hangs and the generation of its link keys, 1 or more.

    `villages` are the names of those that it offers, by id, as in its own kiosk.toml.
    """

    name: str
    generation: Annotated[int, between(1, MAX_GENERATION)]
    villages: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class KioskList:
    """The file: the kiosks by topic id."""

    kiosks: dict[KioskId, Kiosk] = field(default_factory=dict)


def load_kiosks(path: Path) -> Mapping[str, Kiosk]:
    """The station's kiosks by topic id. Raises ConfigError with every mistake in the file."""
    return schema.load(KioskList, path, CURE).kiosks

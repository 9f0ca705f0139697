"""What the courier tells of itself in `status.json`, beside courier.toml, once a slot.

It holds no count of what waits, because the outbox hides that, and no time but whole slots. The
same bytes are written in the same way whatever waits.
"""

import json
import logging
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from kiosk import files
from uplink.modem_state import Link, ModemStatus, Registration, Sim
from uplink.trouble import Trouble

STATE_FILE = "status.json"
CANNOT_WRITE = "E18"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class CourierState:
    """The link as of the last slot.

    `missed` counts slots in a row in which no cell left, `unanswered` those since the station
    last answered; `trouble` is what went wrong since the last good slot.
    """

    sent: bool
    missed: int
    unanswered: int
    trouble: Trouble
    modem: ModemStatus | None = None


class Diary:
    """Keeps the state file of a running courier; a card that cannot be written stops nothing."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / STATE_FILE
        self._unanswered = 0

    def answered(self) -> None:
        """The station has answered."""
        self._unanswered = 0

    def slot(self, sent: bool, missed: int, trouble: Trouble, modem: ModemStatus | None) -> None:
        """A slot is over."""
        self._unanswered += 1
        state = CourierState(sent, missed, self._unanswered - 1, trouble, modem)
        try:
            files.write(self._path, json.dumps(asdict(state)) + "\n", files.PRIVATE)
        except OSError:
            log.warning(CANNOT_WRITE)


def read_state(
    folder: Path, slot_s: float, now: Callable[[], float] = time.time
) -> tuple[CourierState, int] | None:
    """The last state and how many whole slots ago it was written, None when there is none."""
    path = folder / STATE_FILE
    try:
        age_s = max(0.0, now() - path.stat().st_mtime)
        return _state(json.loads(path.read_text("utf-8"))), int(age_s // slot_s)
    except (OSError, ValueError, TypeError, LookupError):
        return None


def _state(raw: dict[str, Any]) -> CourierState:
    modem = raw["modem"]
    return CourierState(
        bool(raw["sent"]),
        int(raw["missed"]),
        int(raw["unanswered"]),
        Trouble(raw["trouble"]),
        _modem(modem) if modem is not None else None,
    )


def _modem(raw: dict[str, Any]) -> ModemStatus:
    return ModemStatus(
        Link(raw["link"]),
        Sim(raw["sim"]),
        Registration(raw["registration"]),
        str(raw["operator"]),
        None if raw["bars"] is None else int(raw["bars"]),
        str(raw["apn"]),
    )

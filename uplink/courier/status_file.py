"""What the courier tells of itself in `status.json`, once a slot.

It holds no count of what waits, because the outbox hides that, and no time but whole slots and
days. The same bytes are written in the same way whatever waits. The fields:

    sent         whether a cell left in the last slot; null outside the hours of sending
    missed       slots in a row in which none left
    unanswered   slots since the station last answered, over restarts too
    silent_days  the same in whole days
    trouble      what went wrong with the broker since the last good slot, a `LinkFault`
    slot_s       seconds between slots now
    modem        null, or link, sim, registration, data, operator, bars (0 to 5 or null) and apn
    states       names of all that is not good, out of `states.toml`, which has
                 their codes, levels, picture ids and words; empty when all is well

A reader takes a file older than two slots for a courier that does not run.
"""

import json
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from kiosk.common import files
from kiosk.common.event_codes import EventCode
from kiosk.content import status_codes
from uplink.link.link_faults import LinkFault
from uplink.modem.answers import REGISTERED, Data, Link, ModemStatus, Registration, Sim

SILENT = "station_silent"
DAY_S = 86_400

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class CourierState:
    """The link as of the last slot; the fields are those of the file, without `states`."""

    sent: bool | None
    missed: int
    unanswered: int
    silent_days: int
    trouble: LinkFault
    modem: ModemStatus | None
    slot_s: float

    def names(self) -> list[str]:
        """The states that are not good, as the file and the staff screen name them."""
        return [
            name
            for name in self._all_names()
            if status_codes.load()[name].level != status_codes.GOOD
        ]

    def codes(self) -> tuple[int, ...]:
        """The same as numbers, for the health that rides in the cells."""
        return tuple(status_codes.load()[name].code for name in self.names())

    def _all_names(self) -> Iterator[str]:
        yield status_codes.state_name("broker", self.trouble)
        if self.silent_days:
            yield SILENT
        if self.modem is not None:
            yield from modem_names(self.modem)


def modem_names(modem: ModemStatus) -> list[str]:
    """The states of a modem, up to the first that makes the next one meaningless."""
    names = [status_codes.state_name("modem", modem.link)]
    if modem.link is Link.ANSWERING:
        names.append(status_codes.state_name("sim", modem.sim))
        if modem.sim is Sim.READY:
            names.append(status_codes.state_name("network", modem.registration))
            if modem.registration in REGISTERED:
                names.append(status_codes.state_name("data", modem.data))
    return names


class StatusFile:
    """Keeps the state file of a running courier; a card that cannot be written stops nothing."""

    def __init__(self, path: Path) -> None:
        self._path = path
        before = read_state(path)
        self._unanswered = before[0].unanswered + 1 if before else 0
        self._codes: tuple[int, ...] = ()

    @property
    def codes(self) -> tuple[int, ...]:
        """The codes of the last slot's state."""
        return self._codes

    def answered(self) -> None:
        """The station has answered."""
        self._unanswered = 0

    def slot(
        self,
        sent: bool | None,
        missed: int,
        trouble: LinkFault,
        modem: ModemStatus | None,
        slot_s: float,
    ) -> None:
        """A slot is over."""
        unanswered = self._unanswered
        self._unanswered += sent is not None
        silent_days = int(unanswered * slot_s // DAY_S)
        state = CourierState(sent, missed, unanswered, silent_days, trouble, modem, slot_s)
        self._codes = state.codes()
        told = {**asdict(state), "states": state.names()}
        try:
            files.write(self._path, json.dumps(told) + "\n")
        except OSError:
            log.warning(EventCode.STATUS_NOT_WRITTEN)


def read_state(path: Path, now: Callable[[], float] = time.time) -> tuple[CourierState, int] | None:
    """The last state and how many whole slots ago it was written, None when there is none."""
    try:
        age_s = max(0.0, now() - path.stat().st_mtime)
        state = _state(json.loads(path.read_text("utf-8")))
        return state, int(age_s // state.slot_s)
    except (OSError, ValueError, TypeError, LookupError, ArithmeticError):
        return None


def _state(raw: dict[str, Any]) -> CourierState:
    modem = raw["modem"]
    return CourierState(
        None if raw["sent"] is None else bool(raw["sent"]),
        int(raw["missed"]),
        int(raw["unanswered"]),
        int(raw["silent_days"]),
        LinkFault(raw["trouble"]),
        _modem(modem) if modem is not None else None,
        float(raw["slot_s"]),
    )


def _modem(raw: dict[str, Any]) -> ModemStatus:
    return ModemStatus(
        Link(raw["link"]),
        Sim(raw["sim"]),
        Registration(raw["registration"]),
        Data(raw["data"]),
        str(raw["operator"]),
        None if raw["bars"] is None else int(raw["bars"]),
        str(raw["apn"]),
    )

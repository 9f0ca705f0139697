"""The modem beside the data path: what it says of itself, its SIM card and its network.

ModemManager and NetworkManager carry the data. One AT port is reserved for these questions. The
PIN is tried once: that it is being tried is on the card before the modem hears it, and only an
unlocked SIM wipes that out, so neither a restart nor a power cut brings a second try.
"""

import hashlib
import logging
from dataclasses import replace
from pathlib import Path

from kiosk.common import files
from kiosk.common.event_codes import EventCode
from kiosk.settings.courier import ModemSettings
from uplink.modem.answers import (
    REGISTERED,
    Link,
    ModemStatus,
    Sim,
    apn_of,
    bars_of,
    data_of,
    operator_of,
    registration_of,
    sim_of,
)
from uplink.modem.at_line import ANSWER_S, BY_ID, Line, LineError, find_port, opened

log = logging.getLogger(__name__)


class Modem:
    """The modem that `settings` name; `answer_s` is how many seconds an answer may take."""

    def __init__(
        self, settings: ModemSettings, *, answer_s: float = ANSWER_S, by_id: Path = BY_ID
    ) -> None:
        self._settings = settings
        self._answer_s = answer_s
        self._by_id = by_id
        self._pin = _TriedPin(settings.memory)
        self._status = ModemStatus()

    def poll(self) -> ModemStatus:
        """Ask everything; never raises, and takes a bounded time whatever the modem does."""
        self._status = ModemStatus()
        try:
            port = find_port(self._settings.port, self._by_id)
            with opened(port, self._answer_s) as line:
                self._ask_all(line)
        except LineError as error:
            log.warning(error.code)
            self._status = replace(self._status, link=error.link)
        return self._status

    def reset(self) -> None:
        """Restart the modem: AT+CFUN=1,1 (3GPP TS 27.007, 8.2). Never raises."""
        log.warning(EventCode.MODEM_RESTARTED)
        try:
            with opened(find_port(self._settings.port, self._by_id), self._answer_s) as line:
                line.ask("AT+CFUN=1,1")
        except LineError as error:
            log.warning(error.code)

    def _ask_all(self, line: Line) -> None:
        line.ask("ATE0")
        line.ask("AT+CMEE=1")
        self._learn(link=Link.ANSWERING)
        self._learn(sim=self._sim(line))
        if self._status.sim is not Sim.READY:
            return
        registration = registration_of(line.ask("AT+CEREG?"))
        if registration not in REGISTERED:
            older = registration_of(line.ask("AT+CGREG?"))
            registration = older if older in REGISTERED else registration
        self._learn(registration=registration)
        self._learn(data=data_of(line.ask("AT+CGATT?"), line.ask("AT+CGACT?")))
        self._learn(operator=operator_of(line.ask("AT+COPS?")))
        self._learn(bars=bars_of(line.ask("AT+CSQ")))
        self._learn(apn=self._apn(line))

    def _learn(self, **found: object) -> None:
        self._status = replace(self._status, **found)  # type: ignore[arg-type]

    def _sim(self, line: Line) -> Sim:
        sim = sim_of(line.ask("AT+CPIN?"))
        pin = self._settings.pin
        if sim is Sim.PIN_NEEDED and pin and self._pin.may_try(pin):
            if line.ask(f'AT+CPIN="{pin}"').error is not None:
                self._pin.refused()
            sim = sim_of(line.ask("AT+CPIN?"))
        if sim is Sim.READY:
            self._pin.unlocked()
        elif sim is Sim.PIN_NEEDED and pin and self._pin.was_tried(pin):
            return Sim.PIN_REFUSED
        return sim

    def _apn(self, line: Line) -> str:
        wanted = self._settings.apn
        apn = apn_of(line.ask("AT+CGDCONT?"))
        if wanted and apn != wanted:
            line.ask(f'AT+CGDCONT=1,"IPV4V6","{wanted}"')
            apn = apn_of(line.ask("AT+CGDCONT?"))
        return apn


class _TriedPin:
    """Remembers in a file which PIN was tried; a file that cannot be read counts as tried."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._open_question = False

    def was_tried(self, pin: str) -> bool:
        try:
            kept = self._path.read_text("ascii").strip()
        except FileNotFoundError:
            return False
        except (OSError, ValueError):
            return True
        return kept == _digest(pin) or len(kept) != len(_digest(pin))

    def may_try(self, pin: str) -> bool:
        """Whether this PIN was never tried; from now on it was."""
        if self.was_tried(pin):
            return False
        try:
            files.write(self._path, _digest(pin), files.PRIVATE)
        except OSError:
            log.warning(EventCode.MODEM_PIN_NOT_NOTED)
            return False
        self._open_question = True
        return True

    def refused(self) -> None:
        self._open_question = False

    def unlocked(self) -> None:
        """The SIM is open; if that may be our doing, the PIN was right and serves again."""
        if self._open_question:
            self._open_question = False
            self._path.unlink(missing_ok=True)


def _digest(pin: str) -> str:
    return hashlib.sha256(pin.encode("ascii")).hexdigest()

"""What a modem's answers mean, by 3GPP TS 27.007 (clause numbers in brackets)."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

_RSSI_OF_BAR = (2, 8, 14, 20, 26)
"""AT+CSQ value from which each bar shows [8.5]: -109, -97, -85, -73 and -61 dBm."""

_LONGEST_NAME = 32
_UNKNOWN_RSSI = 99


class Link(StrEnum):
    """Whether the modem can be spoken with."""

    ABSENT = "absent"
    BUSY = "busy"
    SILENT = "silent"
    GARBLED = "garbled"
    VANISHED = "vanished"
    ANSWERING = "answering"


class Sim(StrEnum):
    """The SIM card."""

    UNKNOWN = "unknown"
    READY = "ready"
    PIN_NEEDED = "pin needed"
    PIN_REFUSED = "pin refused"
    PUK_NEEDED = "puk needed"
    MISSING = "missing"
    BUSY = "busy"
    FAILED = "failed"


class Registration(StrEnum):
    """Whether a network has taken the modem in."""

    UNKNOWN = "unknown"
    IDLE = "idle"
    SEARCHING = "searching"
    DENIED = "denied"
    HOME = "home"
    ROAMING = "roaming"


class Data(StrEnum):
    """Whether the network gives a data connection, which a SIM without a data plan does not get."""

    UNKNOWN = "unknown"
    NONE = "none"
    ACTIVE = "active"


REGISTERED = (Registration.HOME, Registration.ROAMING)


@dataclass(frozen=True)
class ModemStatus:
    """All that a poll found out; what was not answered is unknown, empty or None.

    `bars` is from 0 to 5.
    """

    link: Link = Link.ABSENT
    sim: Sim = Sim.UNKNOWN
    registration: Registration = Registration.UNKNOWN
    data: Data = Data.UNKNOWN
    operator: str = ""
    bars: int | None = None
    apn: str = ""


class ModemAnswer(NamedTuple):
    """The lines before the final one, and the error that the final one named; None after OK."""

    lines: tuple[str, ...]
    error: str | None


_SIM_OF_CODE = {
    "READY": Sim.READY,
    "SIM PIN": Sim.PIN_NEEDED,
    "SIM PUK": Sim.PUK_NEEDED,
    "SIM PIN2": Sim.READY,
    "SIM PUK2": Sim.READY,
}
_SIM_OF_ERROR = {
    "10": Sim.MISSING,
    "11": Sim.PIN_NEEDED,
    "12": Sim.PUK_NEEDED,
    "13": Sim.FAILED,
    "14": Sim.BUSY,
    "15": Sim.FAILED,
    "SIM NOT INSERTED": Sim.MISSING,
    "SIM PIN REQUIRED": Sim.PIN_NEEDED,
    "SIM PUK REQUIRED": Sim.PUK_NEEDED,
    "SIM FAILURE": Sim.FAILED,
    "SIM BUSY": Sim.BUSY,
    "SIM WRONG": Sim.FAILED,
}
_REGISTRATION = {
    "0": Registration.IDLE,
    "1": Registration.HOME,
    "2": Registration.SEARCHING,
    "3": Registration.DENIED,
    "5": Registration.ROAMING,
}
_CPIN = re.compile(r"\+CPIN: *([A-Z0-9 -]+)")
_REGISTERED = re.compile(r"\+C(?:E|G)REG: *[0-5] *, *(\d{1,2})(?:,.*)?")
_COPS = re.compile(r'\+COPS: *\d *, *\d *, *"([^"]*)".*')
_CSQ = re.compile(r"\+CSQ: *(\d{1,2}) *, *\d{1,2}")
_CGATT = re.compile(r"\+CGATT: *([01])")
_CGACT = re.compile(r"\+CGACT: *\d+ *, *1")
_CGDCONT = re.compile(r'\+CGDCONT: *1 *, *"[^"]*" *, *"([^"]*)".*')


def sim_of(answer: ModemAnswer) -> Sim:
    """The SIM's state from the answer to AT+CPIN? [8.3] or from the error codes of [9.2.2.1]."""
    if answer.error is not None:
        return _SIM_OF_ERROR.get(answer.error.upper(), Sim.UNKNOWN)
    code = _found(_CPIN, answer)
    return _SIM_OF_CODE.get(code.strip(), Sim.FAILED) if code is not None else Sim.UNKNOWN


def registration_of(answer: ModemAnswer) -> Registration:
    """The answer to AT+CEREG? [10.1.22] or AT+CGREG? [10.1.20].

    An unsolicited code of the same name has no number before its state and is passed over.
    """
    return _REGISTRATION.get(_found(_REGISTERED, answer) or "", Registration.UNKNOWN)


def data_of(attached: ModemAnswer, contexts: ModemAnswer) -> Data:
    """The answers to AT+CGATT? [10.1.9] and AT+CGACT? [10.1.10]: any active context will do."""
    if attached.error is not None or contexts.error is not None:
        return Data.UNKNOWN
    if any(_CGACT.fullmatch(line) for line in contexts.lines):
        return Data.ACTIVE
    return Data.NONE if _found(_CGATT, attached) is not None else Data.UNKNOWN


def operator_of(answer: ModemAnswer) -> str:
    """The operator's name from AT+COPS? [7.3], empty while there is none."""
    name = _found(_COPS, answer) or ""
    return "".join(letter for letter in name if letter.isprintable())[:_LONGEST_NAME]


def bars_of(answer: ModemAnswer) -> int | None:
    """Signal from AT+CSQ [8.5] as 0 to 5 bars; no signal to be heard is 0."""
    text = _found(_CSQ, answer)
    if text is None:
        return None
    rssi = int(text)
    return 0 if rssi == _UNKNOWN_RSSI else sum(rssi >= least for least in _RSSI_OF_BAR)


def apn_of(answer: ModemAnswer) -> str:
    """The access point name of context 1 from AT+CGDCONT? [10.1.1]."""
    return _found(_CGDCONT, answer) or ""


def _found(pattern: re.Pattern[str], answer: ModemAnswer) -> str | None:
    matches = (pattern.fullmatch(line) for line in answer.lines)
    return next((match[1] for match in matches if match), None)

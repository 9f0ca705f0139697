"""Why there is no link, in the words that a technician needs."""

import ssl
from enum import StrEnum

_TAKEN_OVER = 0x8E
_TOO_LARGE = 0x95
"""Reason codes of MQTT 5 (OASIS, table 2.4): session taken over, packet too large."""

_SHORT_S = 10.0
_CUTS = 3


class Trouble(StrEnum):
    """What last went wrong on the way to the broker."""

    NONE = "none"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    TAKEN_OVER = "taken over"
    WRONG_CA = "wrong ca"
    OVERSIZE = "oversize"


def of_error(error: Exception) -> Trouble:
    """The trouble behind a connection that did not come about.

    A broker with another authority's certificate, or with another name, is WRONG_CA.
    """
    wrong = isinstance(error, ssl.SSLCertVerificationError)
    return Trouble.WRONG_CA if wrong else Trouble.UNREACHABLE


def of_goodbye(reason: int) -> Trouble:
    """The trouble that a broker named when it ended the connection."""
    known = {_TAKEN_OVER: Trouble.TAKEN_OVER, _TOO_LARGE: Trouble.OVERSIZE}
    return known.get(reason, Trouble.UNREACHABLE)


class TwinWatch:
    """Recognises another client under our id where the broker does not name the reason.

    Mosquitto 2.0.11 just hangs up on the older of the two, which connects again and so for ever:
    three connections in a row that came about at once and were cut within seconds.
    """

    def __init__(self) -> None:
        self._cut = 0

    def seen(self, connected: bool, lived_s: float) -> bool:
        """A connection, or the attempt at one, is over; whether a twin is the likely reason."""
        self._cut = self._cut + 1 if connected and lived_s < _SHORT_S else 0
        return self._cut >= _CUTS

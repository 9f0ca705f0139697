"""Why there is no link, in the words that a technician needs."""

import ssl
from enum import StrEnum

_TAKEN_OVER = 0x8E
_TOO_LARGE = 0x95
"""Reason codes of MQTT 5 (OASIS, table 2.4): session taken over, packet too large."""


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

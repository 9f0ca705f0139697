"""Why there is no link, in the words that a technician needs."""

import errno
import socket
import ssl
from enum import StrEnum

_TAKEN_OVER = 0x8E
_TOO_LARGE = 0x95
"""Reason codes of MQTT 5 (OASIS, table 2.4): session taken over, packet too large."""

_WRONG_NAME = (62, 64)
"""X509_V_ERR_HOSTNAME_MISMATCH and X509_V_ERR_IP_ADDRESS_MISMATCH of OpenSSL."""

_NO_TLS = ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "PACKET_LENGTH_TOO_LONG", "RECORD_TOO_SMALL")
_OLD_TLS = ("UNSUPPORTED_PROTOCOL", "TLSV1_ALERT_PROTOCOL_VERSION", "NO_PROTOCOLS_AVAILABLE")
_NO_ROUTE = (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN)
_CUTS = 3


class Trouble(StrEnum):
    """What last went wrong on the way to the broker; each has a state in `kiosk/states.py`."""

    NONE = "none"
    NO_ROUTE = "no route"
    NO_NAME = "no name"
    CLOSED = "closed"
    UNREACHABLE = "unreachable"
    NO_TLS = "no tls"
    OLD_TLS = "old tls"
    WRONG_CA = "wrong ca"
    WRONG_NAME = "wrong name"
    REFUSED = "refused"
    FORBIDDEN = "forbidden"
    OVERSIZE = "oversize"
    UNACKNOWLEDGED = "unacknowledged"
    CUT = "cut"
    FORGOTTEN = "forgotten"
    TAKEN_OVER = "taken over"
    TWIN = "twin"


def of_error(error: Exception) -> Trouble:
    """The trouble behind a connection that did not come about.

    What answers without TLS is an operator's page, shown when a SIM has no data left.
    """
    if isinstance(error, ssl.SSLCertVerificationError):
        return Trouble.WRONG_NAME if error.verify_code in _WRONG_NAME else Trouble.WRONG_CA
    if isinstance(error, ssl.SSLError):
        kinds = {_NO_TLS: Trouble.NO_TLS, _OLD_TLS: Trouble.OLD_TLS}
        found = (kind for reasons, kind in kinds.items() if error.reason in reasons)
        return next(found, Trouble.REFUSED)
    if isinstance(error, socket.gaierror):
        return Trouble.NO_NAME
    if isinstance(error, ConnectionRefusedError):
        return Trouble.CLOSED
    if isinstance(error, OSError) and error.errno in _NO_ROUTE:
        return Trouble.NO_ROUTE
    return Trouble.UNREACHABLE


def of_goodbye(reason: int) -> Trouble:
    """The trouble that a broker named when it ended the connection; CUT when it named none."""
    return {_TAKEN_OVER: Trouble.TAKEN_OVER, _TOO_LARGE: Trouble.OVERSIZE}.get(reason, Trouble.CUT)


class TwinWatch:
    """Recognises another client that fights for our id: a stolen certificate, or a copied card.

    Mosquitto 2.0.11 does not say that a session was taken over, it hangs up on the older of the
    two, which connects again and so for ever: three connections in a row, cut soon after they
    came about.
    """

    def __init__(self) -> None:
        self._cut = 0

    def judged(self, end: Trouble, soon: bool) -> Trouble:
        """What the end of a connection, `soon` or late, means after those before it."""
        fought = soon and end in (Trouble.TAKEN_OVER, Trouble.CUT)
        self._cut = self._cut + 1 if fought else 0
        return Trouble.TWIN if self._cut >= _CUTS else end

"""Why there is no link, in the words that a technician needs."""

import errno
import socket
import ssl
from collections import deque
from enum import StrEnum

_TAKEN_OVER = 0x8E
_TOO_LARGE = 0x95
"""Reason codes of MQTT 5 (OASIS, table 2.4): session taken over, packet too large."""

_WRONG_NAME = (62, 64)
"""X509_V_ERR_HOSTNAME_MISMATCH and X509_V_ERR_IP_ADDRESS_MISMATCH of OpenSSL."""

_NO_TLS = ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "PACKET_LENGTH_TOO_LONG", "RECORD_TOO_SMALL")
_OLD_TLS = ("UNSUPPORTED_PROTOCOL", "TLSV1_ALERT_PROTOCOL_VERSION", "NO_PROTOCOLS_AVAILABLE")
_NO_ROUTE = (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN)
_CUTS, _LOOKED_AT = 3, 12


class LinkFault(StrEnum):
    """What last went wrong on the way to the broker; each is a state in `status_codes`."""

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


def of_error(error: Exception) -> LinkFault:
    """The trouble behind a connection that did not come about.

    What answers without TLS is an operator's page, shown when a SIM has no data left.
    """
    if isinstance(error, ssl.SSLCertVerificationError):
        return LinkFault.WRONG_NAME if error.verify_code in _WRONG_NAME else LinkFault.WRONG_CA
    if isinstance(error, ssl.SSLError):
        kinds = {_NO_TLS: LinkFault.NO_TLS, _OLD_TLS: LinkFault.OLD_TLS}
        found = (kind for reasons, kind in kinds.items() if error.reason in reasons)
        return next(found, LinkFault.REFUSED)
    if isinstance(error, socket.gaierror):
        return LinkFault.NO_NAME
    if isinstance(error, ConnectionRefusedError):
        return LinkFault.CLOSED
    if isinstance(error, OSError) and error.errno in _NO_ROUTE:
        return LinkFault.NO_ROUTE
    return LinkFault.UNREACHABLE


def of_goodbye(reason: int, hung_up: bool) -> LinkFault:
    """The trouble behind the end of a connection.

    Either the broker named it, or it just hung up, or the network lost the connection.
    """
    named = {_TAKEN_OVER: LinkFault.TAKEN_OVER, _TOO_LARGE: LinkFault.OVERSIZE}
    return named.get(reason, LinkFault.CUT if hung_up else LinkFault.UNREACHABLE)


class TwinWatch:
    """Recognises another client that fights for our id: a stolen certificate, or a copied card.

    Mosquitto 2.0.11 does not say that a session was taken over, it hangs up on the older of the
    two, which connects again and so for ever. Three such ends among the last twelve are an alarm.
    """

    def __init__(self) -> None:
        self._fought: deque[bool] = deque(maxlen=_LOOKED_AT)

    def judged(self, end: LinkFault, soon: bool = True) -> LinkFault:
        """What the end of a connection, `soon` or late, means after those before it.

        A connection that goes on is judged by NONE.
        """
        fought = end in (LinkFault.TAKEN_OVER, LinkFault.CUT)
        self._fought.append(fought and soon)
        alarm = sum(self._fought) >= _CUTS and (fought or end is LinkFault.NONE)
        return LinkFault.TWIN if alarm else end

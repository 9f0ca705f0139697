"""TLS 1.3 to a broker that the pinned authority vouches for, resumed where that is possible."""

import logging
import ssl
from socket import socket
from typing import Any

from kiosk.common.errors import UplinkError
from kiosk.common.event_codes import EventCode
from kiosk.settings.access import Access

MAX_PACKET = 8192
NO_CHECK_TIME = 0x200000
"""X509_V_FLAG_NO_CHECK_TIME of OpenSSL: chain and name are checked, dates are not, because a
kiosk without a battery clock may believe any date."""


log = logging.getLogger(__name__)


class BoundedSocket(ssl.SSLSocket):
    """Ends the connection rather than read a packet that is too large.

    The MQTT library asks for all the rest of a packet at once and would keep up to 256 MB of it.
    `hung_up` is whether the other side ended the connection in good order.
    """

    hung_up = False

    def recv(self, buflen: int = 1024, flags: int = 0) -> bytes:
        """As in ssl.SSLSocket. Raises ConnectionAbortedError for too large a packet."""
        if buflen > MAX_PACKET:
            log.warning(EventCode.PACKET_TOO_LARGE)
            raise ConnectionAbortedError("the packet is too large")
        data = super().recv(buflen, flags)
        self.hung_up = not data
        return data


class PinnedContext(ssl.SSLContext):
    """Checks the certificate against the configured name, not against the address dialled.

    A ticket serves once (RFC 8446, C.4) and only towards the address that gave it. Whoever can
    take one up holds the secret of a handshake in which chain and name were checked; to anybody
    else it is worthless, and the full check follows.
    """

    sslsocket_class = BoundedSocket
    server_name: str
    _tickets: dict[Any, ssl.SSLSession | None]

    def wrap_socket(self, sock: socket, *args: Any, **kwargs: Any) -> ssl.SSLSocket:
        """As in ssl.SSLContext, with our own name and ticket."""
        kwargs["server_hostname"] = self.server_name
        kwargs["session"] = self._tickets.pop(sock.getpeername(), None)
        return super().wrap_socket(sock, *args, **kwargs)

    def keep_ticket(self, sock: ssl.SSLSocket) -> None:
        """Remember the ticket of a connection over which something has come already."""
        self._tickets[sock.getpeername()] = sock.session


def pinned_context(access: Access) -> PinnedContext:
    """TLS 1.3 to the pinned authority; raises UplinkError when key files cannot be used."""
    context = PinnedContext(ssl.PROTOCOL_TLS_CLIENT)
    context.server_name, context._tickets = access.server_name, {}
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.verify_flags |= NO_CHECK_TIME
    try:
        context.load_verify_locations(access.tls_ca)
        context.load_cert_chain(access.tls_cert, access.tls_key)
    except (OSError, ssl.SSLError) as error:
        raise UplinkError("the TLS certificate or key cannot be used") from error
    return context

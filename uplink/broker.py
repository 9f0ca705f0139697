"""One MQTT 5 connection over mutual TLS 1.3, kept up for ever.

Every connection is a new client, so nothing that an old one had queued is ever sent late: what
waits is the outbox's business. Callbacks only hand messages on.
"""

import logging
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle
from random import SystemRandom
from socket import IPPROTO_TCP, TCP_NODELAY, socket
from typing import Any

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from kiosk.cells import CELL
from kiosk.errors import UplinkError
from uplink.settings import Access
from uplink.trouble import Trouble, TwinWatch, of_error, of_goodbye

MAX_PACKET = 8192
CONNECT_S = 20.0
POLL_S = 0.05
BACKOFF_S = (0.1, 60.0)
SESSION_S = 7 * 24 * 3600
RECEIVE_MAXIMUM = 65_535
"""What MQTT 5 means when nothing is said (3.1.2.11.3)."""
NO_CHECK_TIME = 0x200000
"""X509_V_FLAG_NO_CHECK_TIME of OpenSSL: chain and name are checked, dates are not, because a
kiosk without a battery clock may believe any date."""

log = logging.getLogger(__name__)
_random = SystemRandom()


@dataclass(frozen=True)
class Incoming:
    """A message as it came, with the way to acknowledge it."""

    topic: str
    payload: bytes
    ack: Callable[[], None]


class _NamedContext(ssl.SSLContext):
    """Checks the certificate against the configured name, not against the address dialled."""

    server_name: str

    def wrap_socket(self, sock: socket, *args: Any, **kwargs: Any) -> ssl.SSLSocket:
        kwargs["server_hostname"] = self.server_name
        return super().wrap_socket(sock, *args, **kwargs)


def tls_context(access: Access) -> ssl.SSLContext:
    """TLS 1.3 to the pinned authority; raises UplinkError when key files cannot be used."""
    context = _NamedContext(ssl.PROTOCOL_TLS_CLIENT)
    context.server_name = access.server_name
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.verify_flags |= NO_CHECK_TIME
    try:
        context.load_verify_locations(access.tls_ca)
        context.load_cert_chain(access.tls_cert, access.tls_key)
    except (OSError, ssl.SSLError) as error:
        raise UplinkError("the TLS certificate or key cannot be used") from error
    return context


class Broker:
    """Stays connected as `client_id`, subscribed to `topic`.

    `receive` is called on a network thread and must only enqueue; it acknowledges by
    `Incoming.ack` when what it brought is safe. `keepalive_s` is in seconds; `window` is how many
    of our messages may be on their way at once, `receive_maximum` how many of the others' may be
    unacknowledged: the broker holds back more, and for `session_s` seconds after a connection
    what comes meanwhile. `trouble` is what last went wrong; whoever reads it may set it back.
    Raises UplinkError when the TLS files are unusable.
    """

    def __init__(
        self,
        access: Access,
        client_id: str,
        topic: str,
        receive: Callable[[Incoming], None],
        *,
        keepalive_s: int,
        window: int,
        receive_maximum: int = RECEIVE_MAXIMUM,
        session_s: int = SESSION_S,
    ) -> None:
        self._tls = tls_context(access)
        self._addresses: Iterator[tuple[str, int]] = cycle(access.brokers)
        self._client_id, self._topic, self._receive = client_id, topic, receive
        self._keepalive_s, self._window = keepalive_s, window
        self._receive_maximum, self._session_s = receive_maximum, session_s
        self._client: Client | None = None
        self._refused: set[int] = set()
        self.trouble = Trouble.NONE
        self._lost = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="broker", daemon=True)

    def start(self) -> None:
        """Begin to connect, in the background."""
        self._thread.start()

    def stop(self) -> None:
        """Disconnect and end."""
        self._stopping.set()
        self._lost.set()
        self._thread.join()

    def post(self, topic: str, payload: bytes) -> bool:
        """Send without waiting; False when there is no connection."""
        return self._publish(topic, payload) is not None

    def deliver(self, topic: str, payload: bytes, timeout_s: float) -> bool:
        """Send and wait until the broker has accepted; False when it did not.

        A broker that does not answer within `timeout_s` seconds is given up.
        """
        sent = self._publish(topic, payload)
        if sent is None:
            if self.trouble is Trouble.NONE:
                self.trouble = Trouble.UNREACHABLE
            return False
        deadline = time.monotonic() + timeout_s
        try:
            while not sent.is_published():
                if self._lost.is_set() or time.monotonic() > deadline:
                    if not self._lost.is_set():
                        self.trouble = Trouble.UNREACHABLE
                    self._lost.set()
                    return False
                sent.wait_for_publish(POLL_S)
        except (RuntimeError, ValueError):
            return False
        return sent.mid not in self._refused

    def _publish(self, topic: str, payload: bytes) -> Any:
        if len(payload) > CELL:
            raise UplinkError("more than a cell may not be sent")
        client = self._client
        return client.publish(topic, payload, qos=1) if client is not None else None

    def _run(self) -> None:
        backoff = BACKOFF_S[0]
        twin = TwinWatch()
        while not self._stopping.is_set():
            self._lost.clear()
            began = time.monotonic()
            connected = self._connection()
            lived = time.monotonic() - began
            if connected and lived > backoff:
                backoff = BACKOFF_S[0]
            if twin.seen(connected, lived) and self.trouble is Trouble.UNREACHABLE:
                self.trouble = Trouble.TAKEN_OVER
            self._stopping.wait(backoff * _random.uniform(0.5, 1.0))
            backoff = min(2 * backoff, BACKOFF_S[1])

    def _connection(self) -> bool:
        """One connection from beginning to end; whether it ever was one."""
        client = self._new_client()
        ready = threading.Event()
        client.on_subscribe = lambda *_: ready.set()
        host, port = next(self._addresses)
        try:
            client.connect(
                host,
                port,
                keepalive=self._keepalive_s,
                clean_start=False,
                properties=self._connect_properties(),
            )
            client.loop_start()
            connected = self._wait_ready(ready)
            if connected:
                self._client = client
                self._lost.wait()
        except (OSError, ValueError) as error:
            connected = False
            self.trouble = of_error(error)
        self._client = None
        client.disconnect()
        client.loop_stop()
        if not self._stopping.is_set():
            log.warning("E11")
        return connected

    def _wait_ready(self, ready: threading.Event) -> bool:
        deadline = time.monotonic() + CONNECT_S
        while not ready.wait(POLL_S):
            if self._lost.is_set() or time.monotonic() > deadline:
                hung_up = self._lost.is_set()
                self.trouble = Trouble.REFUSED if hung_up else Trouble.UNREACHABLE
                return False
        return True

    def _new_client(self) -> Client:
        client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=self._client_id,
            protocol=MQTTv5,
            reconnect_on_failure=False,
            manual_ack=True,
        )
        client.tls_set_context(self._tls)
        client.connect_timeout = CONNECT_S
        client.max_inflight_messages = self._window
        client.on_socket_open = _no_delay
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_publish = self._on_publish
        client.on_message = self._on_message
        self._refused.clear()
        return client

    def _connect_properties(self) -> Properties:
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.SessionExpiryInterval = self._session_s
        properties.MaximumPacketSize = MAX_PACKET
        properties.ReceiveMaximum = self._receive_maximum
        return properties

    def _on_connect(
        self, client: Client, _: Any, __: ConnectFlags, reason: ReasonCode, ___: Properties | None
    ) -> None:
        if reason.is_failure:
            self._lost.set()
        else:
            client.subscribe(self._topic, qos=1)

    def _on_disconnect(
        self,
        client: Client,
        _: Any,
        __: DisconnectFlags,
        reason: ReasonCode,
        ___: Properties | None,
    ) -> None:
        if client is self._client and not self._lost.is_set():
            self.trouble = of_goodbye(reason.value)
        self._lost.set()

    def _on_publish(
        self, _: Client, __: Any, mid: int, reason: ReasonCode, ___: Properties
    ) -> None:
        if reason.is_failure:
            self._refused.add(mid)
            self.trouble = Trouble.REFUSED

    def _on_message(self, client: Client, _: Any, message: MQTTMessage) -> None:
        def ack() -> None:
            client.ack(message.mid, message.qos)

        if message.retain:
            ack()
        else:
            self._receive(Incoming(message.topic, bytes(message.payload), ack))


def _no_delay(_: Client, __: Any, sock: Any) -> None:
    sock.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)

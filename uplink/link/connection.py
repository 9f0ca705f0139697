"""One MQTT 5 connection over mutual TLS 1.3, from its beginning to its end.

Every connection is a new client, so nothing that an old one had queued is ever sent late: what
waits is the outbox's business. Callbacks only hand messages on.
"""

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from socket import IPPROTO_TCP, TCP_NODELAY
from typing import Any

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from kiosk.common.errors import UplinkError
from kiosk.protocol.cells import CELL
from uplink.link.link_faults import LinkFault, of_error, of_goodbye
from uplink.link.tls import MAX_PACKET, BoundedSocket, PinnedContext

CELL_PACKET = CELL + 128
"""The largest PUBLISH packet that carries a cell."""

CONNECT_S = 20.0
POLL_S = 0.05
SESSION_S = 7 * 24 * 3600

RECEIVE_MAXIMUM = 65_535
"""What MQTT 5 means when nothing is said (3.1.2.11.3)."""

Address = tuple[str, int]


@dataclass(frozen=True)
class Incoming:
    """A message as it came, with the way to acknowledge it."""

    topic: str
    payload: bytes
    ack: Callable[[], None]


@dataclass(frozen=True)
class Subscriber:
    """Who connects as `client_id`, and what for: messages to `topic` go to `receive`.

    `receive` is called on a network thread and must only enqueue; it acknowledges by
    `Incoming.ack` when what it brought is safe. `window` is how many messages of ours may be on
    their way at once, `receive_maximum` how many of the others' may be unacknowledged: the broker
    holds back more, and for `session_s` seconds after a connection what comes meanwhile. One of
    ours that waits there longer than `expiry_s` seconds is dropped.
    """

    tls: PinnedContext
    client_id: str
    topic: str
    receive: Callable[[Incoming], None]
    keepalive_s: int
    window: int
    session_s: int = SESSION_S
    expiry_s: float = math.inf
    receive_maximum: int = RECEIVE_MAXIMUM


class Connection:
    """To one address, once.

    `trouble` is what went wrong; `forgotten` is whether the broker kept nothing for us.
    """

    def __init__(self, who: Subscriber, address: Address) -> None:
        self.address = address
        self.trouble = LinkFault.NONE
        self.forgotten = False
        self._welcome = False
        self._who = who
        self._ready = threading.Event()
        self._over = threading.Event()
        self._refused: dict[int, LinkFault] = {}
        self._sock: BoundedSocket | None = None
        self._client = self._new_client()

    @property
    def alive(self) -> bool:
        """Whether it is subscribed and neither side has ended it."""
        return self._ready.is_set() and not self._over.is_set()

    def open(self) -> bool:
        """Connect and subscribe; whether that came about within 20 seconds."""
        try:
            self._client.connect(
                *self.address,
                keepalive=self._who.keepalive_s,
                clean_start=False,
                properties=_connect_properties(self._who),
            )
        except (OSError, ValueError) as error:
            self._end(of_error(error))
            return False
        self._client.loop_start()
        deadline = time.monotonic() + CONNECT_S
        while not self._ready.wait(POLL_S):
            if self._over.is_set() or time.monotonic() > deadline:
                self._end(self._why_not())
                return False
        return self.alive

    def post(self, topic: str, payload: bytes) -> Any:
        """Send without waiting. Raises UplinkError for more than a cell, which is never sent."""
        if len(payload) > CELL:
            raise UplinkError("more than a cell may not be sent")
        return self._client.publish(
            topic, payload, qos=1, properties=_publish_properties(self._who.expiry_s)
        )

    def deliver(self, topic: str, payload: bytes, timeout_s: float) -> bool:
        """Send and wait until the broker has accepted; False when it did not.

        A broker that does not answer within `timeout_s` seconds is given up.
        """
        sent = self.post(topic, payload)
        deadline = time.monotonic() + timeout_s
        try:
            while not sent.is_published() and not self._over.is_set():
                if time.monotonic() > deadline:
                    self._end(LinkFault.UNACKNOWLEDGED)
                sent.wait_for_publish(POLL_S)
            arrived = bool(sent.is_published())
        except (RuntimeError, ValueError):
            arrived = False
        self.trouble = self._refused.get(sent.mid, self.trouble)
        return arrived and sent.mid not in self._refused

    def wait(self) -> None:
        """Wait until either side ends it."""
        self._over.wait()

    def close(self) -> None:
        """End it; nothing happens when it is over already."""
        self._over.set()
        self._client.disconnect()
        self._client.loop_stop()

    def _end(self, trouble: LinkFault) -> None:
        if self.trouble is LinkFault.NONE:
            self.trouble = trouble
        self._over.set()

    def _why_not(self) -> LinkFault:
        if not self._over.is_set():
            return LinkFault.UNREACHABLE
        return LinkFault.CUT if self._welcome else LinkFault.REFUSED

    def _new_client(self) -> Client:
        client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=self._who.client_id,
            protocol=MQTTv5,
            reconnect_on_failure=False,
            manual_ack=True,
        )
        client.tls_set_context(self._who.tls)
        client.connect_timeout = CONNECT_S
        client.max_inflight_messages = self._who.window
        client.on_socket_open = self._on_socket_open
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_disconnect = self._on_disconnect
        client.on_publish = self._on_publish
        client.on_message = self._on_message
        return client

    def _on_socket_open(self, _: Client, __: Any, sock: Any) -> None:
        sock.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
        self._sock = sock

    def _on_connect(
        self,
        client: Client,
        _: Any,
        flags: ConnectFlags,
        reason: ReasonCode,
        limits: Properties | None,
    ) -> None:
        self.forgotten = not flags.session_present
        if reason.is_failure:
            self._end(LinkFault.REFUSED)
        elif getattr(limits, "MaximumPacketSize", CELL_PACKET) < CELL_PACKET:
            self._end(LinkFault.OVERSIZE)
        else:
            self._welcome = True
            client.subscribe(self._who.topic, qos=1)

    def _on_subscribe(
        self, _: Client, __: Any, ___: int, reasons: list[ReasonCode], ____: Properties | None
    ) -> None:
        if any(reason.is_failure for reason in reasons):
            self._end(LinkFault.FORBIDDEN)
            return
        if self._sock is not None:
            self._who.tls.keep_ticket(self._sock)
        self._ready.set()

    def _on_disconnect(
        self,
        _: Client,
        __: Any,
        ___: DisconnectFlags,
        reason: ReasonCode,
        ____: Properties | None,
    ) -> None:
        if self.alive:
            hung_up = self._sock is not None and self._sock.hung_up
            self._end(of_goodbye(reason.value, hung_up))
        self._over.set()

    def _on_publish(
        self, _: Client, __: Any, mid: int, reason: ReasonCode, ___: Properties
    ) -> None:
        if reason.is_failure:
            self._refused[mid] = LinkFault.FORBIDDEN

    def _on_message(self, client: Client, _: Any, message: MQTTMessage) -> None:
        def ack() -> None:
            client.ack(message.mid, message.qos)

        if message.retain:
            ack()
        else:
            self._who.receive(Incoming(message.topic, bytes(message.payload), ack))


def _connect_properties(who: Subscriber) -> Properties:
    properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
    properties.SessionExpiryInterval = who.session_s
    properties.MaximumPacketSize = MAX_PACKET
    properties.ReceiveMaximum = who.receive_maximum
    return properties


def _publish_properties(expiry_s: float) -> Properties | None:
    if expiry_s == math.inf:
        return None
    properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
    properties.MessageExpiryInterval = math.ceil(expiry_s)
    return properties

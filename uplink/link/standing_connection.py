"""A connection that is kept up for ever: the station's, which has no slots to wait for."""

import logging
import threading
import time
from collections.abc import Callable
from itertools import cycle
from random import SystemRandom

from kiosk.common.event_codes import EventCode
from kiosk.settings.access import Access
from uplink.link.connection import RECEIVE_MAXIMUM, SESSION_S, Connection, Incoming, Subscriber
from uplink.link.link_faults import LinkFault, TwinWatch
from uplink.link.tls import pinned_context

__all__ = ["Broker", "Incoming"]

BACKOFF_S = (0.1, 5.0)
"""Short, because receivers are few: kiosks, which are many, connect in their slots alone."""
SHORT_S = 10.0

log = logging.getLogger(__name__)
_random = SystemRandom()


class Broker:
    """Stays connected as `client_id`, subscribed to `topic`; see `Subscriber`.

    `receive_maximum` is how many of the others' messages may be unacknowledged: the broker holds
    back more. `told` hears of every trouble, and of its end by NONE. Raises UplinkError when the
    TLS files are unusable.
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
        told: Callable[[LinkFault], None] = lambda _: None,
    ) -> None:
        tls = pinned_context(access)
        self._who = Subscriber(
            tls,
            client_id,
            topic,
            receive,
            keepalive_s,
            window,
            session_s,
            receive_maximum=receive_maximum,
        )
        self._addresses = cycle(access.brokers)
        self._told = told
        self._connection: Connection | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="broker", daemon=True)

    def start(self) -> None:
        """Begin to connect, in the background."""
        self._thread.start()

    def stop(self) -> None:
        """Disconnect and end."""
        self._stopping.set()
        connection = self._connection
        if connection is not None:
            connection.close()
        self._thread.join()

    def post(self, topic: str, payload: bytes) -> bool:
        """Send without waiting; False when there is no connection."""
        connection = self._connection
        if connection is None:
            return False
        connection.post(topic, payload)
        return True

    def deliver(self, topic: str, payload: bytes, timeout_s: float) -> bool:
        """Send and wait until the broker has accepted; False when it did not.

        A broker that does not answer within `timeout_s` seconds is given up.
        """
        connection = self._connection
        return connection is not None and connection.deliver(topic, payload, timeout_s)

    def _run(self) -> None:
        backoff = BACKOFF_S[0]
        twin = TwinWatch()
        for address in self._addresses:
            connection = Connection(self._who, address)
            began = time.monotonic()
            connected = connection.open()
            if connected:
                self._hold(connection)
            connection.close()
            if self._stopping.is_set():
                return
            lived = time.monotonic() - began
            log.warning(EventCode.BROKER_UNREACHABLE)
            self._told(twin.judged(connection.trouble, connected and lived < SHORT_S))
            backoff = BACKOFF_S[0] if connected and lived > backoff else backoff
            self._stopping.wait(backoff * _random.uniform(0.5, 1.0))
            backoff = min(2 * backoff, BACKOFF_S[1])

    def _hold(self, connection: Connection) -> None:
        self._connection = connection
        if not self._stopping.is_set():
            self._told(connection.trouble)
            connection.wait()
        self._connection = None

"""The kiosk's way to its brokers: whatever it does, it does in a slot, and at most once.

A connection that is lost is made again in the next slot, never before: attempts then come at the
same times whatever waits, and a broker that is down is not hammered.
"""

import logging
from collections.abc import Sequence
from ipaddress import ip_address
from threading import Timer

from kiosk.common.event_codes import EventCode
from uplink.link.connection import Address, Connection, Subscriber
from uplink.link.link_faults import LinkFault, TwinWatch

RETURN_AFTER = 12
"""Slots with another broker before the first is tried again: an hour at five minutes."""

LINGER_S = 20.0
"""How long a connection that is made for each slot waits for its answer, come what may."""

log = logging.getLogger(__name__)


class BrokerRotation:
    """Which broker a slot uses: fixed addresses before names, else in the order given.

    A slot that failed moves on to the next broker; the first is tried again after twelve slots.
    """

    def __init__(self, brokers: Sequence[Address]) -> None:
        self._brokers = sorted(brokers, key=_is_name)
        self._place = self._used = 0

    @property
    def address(self) -> Address:
        """The broker of this slot."""
        return self._brokers[self._place]

    def used(self, sent: bool) -> None:
        """Tell whether a cell left in this slot."""
        self._used = self._used + 1 if sent else 0
        if not sent:
            self._place = (self._place + 1) % len(self._brokers)
        elif self._used >= RETURN_AFTER:
            self._place = self._used = 0


class SlotLink:
    """Connects as `who` to one of `brokers`, for each slot again or, while `kept`, for ever.

    `trouble` is what last went wrong; whoever reads it may set it back. `kept` may change.
    """

    def __init__(
        self, who: Subscriber, brokers: Sequence[Address], *, kept: bool, linger_s: float = LINGER_S
    ) -> None:
        self.trouble = LinkFault.NONE
        self._who = who
        self._rota = BrokerRotation(brokers)
        self.kept = kept
        self._linger_s = linger_s
        self._twin = TwinWatch()
        self._connection: Connection | None = None
        self._known: set[Address] = set()

    def deliver(self, topic: str, cell: bytes, timeout_s: float) -> bool:
        """Use the slot: connect if need be, send, wait at most `timeout_s` for the broker."""
        connection = self._standing() or self._connected()
        sent = connection is not None and connection.deliver(topic, cell, timeout_s)
        if connection is None or not sent:
            log.warning(EventCode.BROKER_UNREACHABLE)
            self.close()
        elif not self.kept:
            self._close_later(connection)
        self._rota.used(sent)
        return sent

    def close(self) -> None:
        """Disconnect, and learn how the connection had fared."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
            self._blame(self._twin.judged(connection.trouble))

    def _standing(self) -> Connection | None:
        """The connection of the slot before, while it serves."""
        before = self._connection
        if before is not None and before.alive and before.address == self._rota.address:
            self._blame(self._twin.judged(LinkFault.NONE))
            return before
        self.close()
        return None

    def _connected(self) -> Connection | None:
        self._connection = connection = Connection(self._who, self._rota.address)
        if not connection.open():
            return None
        known = connection.address in self._known
        if connection.forgotten and known and self.trouble in (LinkFault.NONE, LinkFault.CUT):
            self.trouble = LinkFault.FORGOTTEN
        self._known.add(connection.address)
        return connection

    def _close_later(self, connection: Connection) -> None:
        timer = Timer(self._linger_s, connection.close)
        timer.daemon = True
        timer.start()

    def _blame(self, trouble: LinkFault) -> None:
        if trouble is not LinkFault.NONE:
            self.trouble = trouble


def _is_name(address: Address) -> bool:
    try:
        ip_address(address[0])
    except ValueError:
        return True
    return False

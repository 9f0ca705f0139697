"""What a slot, a ping and a connection cost on the wire, between a real broker and station."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from queue import SimpleQueue

from kiosk.protocol.cells import COVER, seal_up
from tests.uplink.counting_proxy import CountingProxy
from tests.uplink.village import Village
from tests.waiting import DEADLINE, wait_until
from uplink.link.connection import Connection, Incoming, Subscriber
from uplink.link.data_cost import Wire
from uplink.link.tls import PinnedContext, pinned_context

SLOTS = 10
PINGS = 2
SETTLED_S = 0.3


@dataclass(frozen=True)
class Costs:
    """Means of what was measured; a connection counts from its first segment to its last."""

    full: Wire
    resumed: Wire
    slot: Wire
    ping: Wire


@contextmanager
def counted(village: Village) -> Iterator[CountingProxy]:
    """A proxy before the broker of a village whose station listens."""
    with (village.folder / "broker" / "mosquitto.conf").open("a") as settings:
        settings.write("log_type all\n")
    village.start_broker()
    village.start_station()
    wait_until(lambda: "/k/+/up" in (village.folder / "broker.log").read_text())
    proxy = CountingProxy(village.port)
    try:
        yield proxy
    finally:
        proxy.stop()


def measure(village: Village, name: str) -> Costs:
    """Costs of the kiosk `name`."""
    with counted(village) as proxy:
        access = replace(village.access(name), brokers=(("127.0.0.1", proxy.port),))
        tls = pinned_context(access)
        return Costs(
            full=_connection(village, name, proxy, tls),
            resumed=_connection(village, name, proxy, tls),
            slot=_slots(village, name, proxy, tls),
            ping=_pings(village, name, proxy, tls),
        )


def _connection(village: Village, name: str, proxy: CountingProxy, tls: PinnedContext) -> Wire:
    before, ended = proxy.total(), proxy.ended
    connection = _open(village, name, proxy, tls)
    connection.close()
    wait_until(lambda: proxy.ended > ended)
    return proxy.total() - before


def _slots(village: Village, name: str, proxy: CountingProxy, tls: PinnedContext) -> Wire:
    topic, keys = f"k/{village.kiosks[name]}/up", village.keys_of(name)
    answers: SimpleQueue[Incoming] = SimpleQueue()
    connection = _open(village, name, proxy, tls, answers)
    before = proxy.total()
    for _ in range(SLOTS):
        assert connection.deliver(topic, seal_up(keys, COVER), DEADLINE)
        answers.get(timeout=DEADLINE).ack()
    _settle(proxy)
    cost = (proxy.total() - before) / SLOTS
    connection.close()
    return cost


def _pings(village: Village, name: str, proxy: CountingProxy, tls: PinnedContext) -> Wire:
    connection = _open(village, name, proxy, tls, keepalive_s=1)
    _settle(proxy)
    before = proxy.total()
    for _ in range(PINGS):
        wait_until(partial(_has_more, proxy, proxy.up))
        _settle(proxy)
    cost = (proxy.total() - before) / PINGS
    connection.close()
    return cost


def _has_more(proxy: CountingProxy, than: int) -> bool:
    return proxy.up > than


def _settle(proxy: CountingProxy) -> None:
    """Return when nothing has passed for SETTLED_S."""
    seen: Wire | None = None
    while seen != (seen := proxy.total()):
        time.sleep(SETTLED_S)


def _open(
    village: Village,
    name: str,
    proxy: CountingProxy,
    tls: PinnedContext,
    answers: "SimpleQueue[Incoming] | None" = None,
    keepalive_s: int = 240,
) -> Connection:
    topic = f"k/{village.kiosks[name]}/down"
    receive = (answers or SimpleQueue[Incoming]()).put
    who = Subscriber(tls, village.kiosks[name], topic, receive, keepalive_s, 1, expiry_s=2400)
    connection = Connection(who, ("127.0.0.1", proxy.port))
    assert connection.open()
    return connection

"""The kiosk's way to its brokers, slot by slot, with honest brokers and with others."""

import http.server
import secrets
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from kiosk.common.errors import UplinkError
from kiosk.device.outbox import Outbox
from kiosk.protocol.cells import CELL, COVER, Chunk, Header, LinkKeys, open_up, seal_up
from tests.uplink.counting_proxy import CountingProxy
from tests.uplink.scripted_broker import (
    NOT_AUTHORISED,
    SMALL_PACKETS,
    TAKEN_OVER,
    ScriptedBroker,
)
from tests.uplink.village import SERVER_NAME, Authority, Village
from tests.waiting import DEADLINE, wait_until
from uplink.courier.courier import Courier
from uplink.courier.slot_link import RETURN_AFTER, BrokerRotation, SlotLink
from uplink.link.connection import Address, Subscriber
from uplink.link.link_faults import LinkFault
from uplink.link.standing_connection import Broker, Incoming
from uplink.link.tls import pinned_context

LOCAL = "127.0.0.1"
SHORT_S = 0.3
KEYS = LinkKeys(secrets.token_bytes(32), secrets.token_bytes(32))


class Kiosk:
    """A link to `brokers`, and what came down it."""

    def __init__(
        self, village: Village, *brokers: Address, kept: bool = True, expiry_s: int = 60
    ) -> None:
        topic_id = village.kiosks["kiosk"]
        self.down: list[Incoming] = []
        tls = pinned_context(village.access("kiosk"))
        topic = f"k/{topic_id}/down"
        who = Subscriber(tls, topic_id, topic, self.down.append, 60, 1, expiry_s=expiry_s)
        self.link = SlotLink(who, brokers, kept=kept, linger_s=SHORT_S)
        self.up = f"k/{topic_id}/up"

    def slot(self, timeout_s: float = DEADLINE) -> tuple[bool, LinkFault]:
        """Whether a cell left, and what went wrong since the slot before."""
        self.link.trouble = LinkFault.NONE
        sent = self.link.deliver(self.up, seal_up(KEYS, COVER), timeout_s)
        return sent, self.link.trouble


def has_come(kiosk: Kiosk, count: int) -> bool:
    return len(kiosk.down) == count


def has_ended(proxy: CountingProxy, count: int) -> bool:
    return proxy.ended == count


@pytest.fixture
def home(village: Village) -> Village:
    """A village with a kiosk."""
    village.add_kiosk("kiosk").close()
    return village


@pytest.fixture
def scripted(home: Village) -> Iterator[ScriptedBroker]:
    broker = ScriptedBroker(home)
    yield broker
    broker.stop()


def cells_at(village: Village, port: int) -> tuple[Broker, list[bytes]]:
    """A station at the broker on `port`, and the cells that it gets."""
    cells: list[bytes] = []
    access = village.access("station")
    at = type(access)(((LOCAL, port),), SERVER_NAME, access.tls_ca, access.tls_cert, access.tls_key)

    def receive(message: Incoming) -> None:
        cells.append(message.payload)
        message.ack()

    station = Broker(at, "station", "k/+/up", receive, keepalive_s=60, window=20)
    station.start()
    wait_until(lambda: station.post(f"k/{'0' * 32}/down", b""))
    return station, cells


GOOD = (True, LinkFault.NONE)


def test_a_dead_broker_is_left_in_the_next_slot_and_tried_again_later(home: Village) -> None:
    """Two real brokers; while the first is down each slot uses one of the two, never both."""
    second = home.add_broker("second")
    home.start_broker("second", second)
    there, at_second = cells_at(home, second)
    kiosk = Kiosk(home, (LOCAL, home.port), (LOCAL, second))
    assert kiosk.slot() == (False, LinkFault.CLOSED)
    for _ in range(RETURN_AFTER):
        assert kiosk.slot() == GOOD
    wait_until(lambda: len(at_second) == RETURN_AFTER)
    assert kiosk.slot() == (False, LinkFault.CLOSED), "the first is tried again"
    for _ in range(RETURN_AFTER):
        assert kiosk.slot() == GOOD
    home.start_broker()
    here, at_first = cells_at(home, home.port)
    for _ in range(3):
        assert kiosk.slot() == GOOD
    wait_until(lambda: len(at_first) == 3)
    assert len(at_second) == 2 * RETURN_AFTER
    for side in (kiosk.link, there, here):
        side.close() if isinstance(side, SlotLink) else side.stop()


def test_a_hostile_broker_gets_one_attempt_and_no_cell(home: Village) -> None:
    """The next slot goes to the next broker, which proves the same authority."""
    second = home.add_broker("second")
    home.start_broker("second", second)
    Authority().issue(home.folder / "broker", SERVER_NAME)
    hostile = ScriptedBroker(home)
    kiosk = Kiosk(home, (LOCAL, hostile.port), (LOCAL, second))
    assert kiosk.slot() == (False, LinkFault.WRONG_CA)
    assert kiosk.slot() == GOOD
    home.kill("second")
    assert kiosk.slot()[0] is False
    assert kiosk.slot() == (False, LinkFault.WRONG_CA)
    wait_until(lambda: hostile.ended == 2)
    assert (hostile.connections, hostile.cells) == (2, [])
    kiosk.link.close()
    hostile.stop()


def test_fixed_addresses_come_before_names() -> None:
    rota = BrokerRotation(
        [("broker.invalid", 1), ("10.0.0.1", 2), ("other.invalid", 3), ("fd00::1", 4)]
    )
    used = []
    for _ in range(4):
        used.append(rota.address[1])
        rota.used(False)
    assert used == [2, 4, 1, 3]


def test_no_name_server_and_a_poisoned_one(home: Village, scripted: ScriptedBroker) -> None:
    """A fixed address needs no name; a false answer meets the pin."""
    kiosk = Kiosk(home, ("broker.invalid", scripted.port), (LOCAL, scripted.port))
    assert kiosk.slot() == GOOD
    kiosk.link.close()
    nameless = Kiosk(home, ("broker.invalid", scripted.port))
    assert nameless.slot() == (False, LinkFault.NO_NAME)
    Authority().issue(home.folder / "broker", SERVER_NAME)
    poisoned = ScriptedBroker(home)
    assert Kiosk(home, ("localhost", poisoned.port)).slot() == (False, LinkFault.WRONG_CA)
    assert poisoned.cells == []
    poisoned.stop()


def test_no_network_at_all(home: Village) -> None:
    assert Kiosk(home, ("255.255.255.255", 8883)).slot() == (False, LinkFault.NO_ROUTE)


def test_an_operators_page_is_told_from_a_broker(home: Village) -> None:
    """A captive page answers in plain text."""

    class Page(http.server.BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    page = http.server.HTTPServer((LOCAL, 0), Page)
    serving = threading.Thread(target=page.serve_forever, args=(0.05,))
    serving.start()
    assert Kiosk(home, (LOCAL, page.server_port)).slot() == (False, LinkFault.NO_TLS)
    page.shutdown()
    serving.join()
    page.server_close()


def test_without_an_acknowledgement_the_chunk_goes_again_in_other_bytes(
    home: Village, scripted: ScriptedBroker, tmp_path: Path
) -> None:
    kiosk = Kiosk(home, (LOCAL, scripted.port))
    row_key = secrets.token_bytes(32)
    Outbox.create(tmp_path / "a.db", row_key, 64)
    outbox = Outbox(tmp_path / "a.db", row_key)
    outbox.put([Chunk(Header(1, False, secrets.token_bytes(16), 0, 1), bytes(4046))])
    courier = Courier([outbox], KEYS, lambda cell: kiosk.link.deliver(kiosk.up, cell, SHORT_S))
    scripted.puback = None
    assert not courier.use_slot()
    assert kiosk.link.trouble is LinkFault.UNACKNOWLEDGED
    scripted.puback = 0
    wait_until(lambda: scripted.connections == 1)
    assert courier.use_slot()
    first, second = scripted.cells
    assert first != second
    assert open_up(KEYS, first) == open_up(KEYS, second)
    assert (scripted.connections, outbox.counts().real) == (2, 1)
    kiosk.link.close()
    outbox.close()


def test_a_broker_that_forgot_us_is_told_and_subscribed_to_again(home: Village) -> None:
    home.start_broker()
    kiosk = Kiosk(home, (LOCAL, home.port))
    assert kiosk.slot() == GOOD
    home.kill("broker")
    home.start_broker()
    assert kiosk.slot() == (True, LinkFault.FORGOTTEN)
    station, _ = cells_at(home, home.port)
    assert station.deliver(kiosk.up.replace("/up", "/down"), bytes(CELL), DEADLINE)
    wait_until(lambda: len(kiosk.down) == 1)
    station.stop()
    kiosk.link.close()


def test_a_broker_that_forbids_is_told(home: Village, scripted: ScriptedBroker) -> None:
    """On publishing, on subscribing, on connecting."""
    kiosk = Kiosk(home, (LOCAL, scripted.port))
    scripted.puback = NOT_AUTHORISED
    assert kiosk.slot() == (False, LinkFault.FORBIDDEN)
    scripted.puback, scripted.suback = 0, NOT_AUTHORISED
    assert kiosk.slot() == (False, LinkFault.FORBIDDEN)
    scripted.suback, scripted.connack = 0, NOT_AUTHORISED
    assert kiosk.slot() == (False, LinkFault.REFUSED)
    scripted.connack = 0
    assert kiosk.slot() == GOOD
    kiosk.link.close()


def test_no_cell_goes_to_a_broker_that_takes_less(home: Village, scripted: ScriptedBroker) -> None:
    """What would be refused is never sent."""
    kiosk = Kiosk(home, (LOCAL, scripted.port))
    scripted.limits = SMALL_PACKETS
    assert kiosk.slot() == (False, LinkFault.OVERSIZE)
    assert scripted.cells == []
    scripted.limits = b""
    with pytest.raises(UplinkError):
        kiosk.link.deliver(kiosk.up, bytes(CELL + 1), SHORT_S)
    assert scripted.cells == []
    kiosk.link.close()


def test_a_huge_packet_ends_the_connection(home: Village, scripted: ScriptedBroker) -> None:
    """A packet that claims 256 MB."""
    kiosk = Kiosk(home, (LOCAL, scripted.port))
    scripted.last_words = b"\x30\xff\xff\xff\x7f" + bytes(100)
    assert kiosk.slot()[0]
    wait_until(lambda: scripted.ended == 1)
    scripted.last_words = b""
    assert kiosk.slot()[0]
    assert (scripted.connections, kiosk.down) == (2, [])
    kiosk.link.close()


def test_a_takeover_is_told_and_three_are_an_alarm(home: Village, scripted: ScriptedBroker) -> None:
    """The broker names the reason."""
    kiosk = Kiosk(home, (LOCAL, scripted.port))
    scripted.last_words = bytes([0xE0, 2, TAKEN_OVER, 0])
    told = [kiosk.slot()[1]]
    while told[-1] is not LinkFault.TWIN:
        told.append(kiosk.slot()[1])
        assert len(told) < 100
    assert told.count(LinkFault.TAKEN_OVER) == 2
    scripted.last_words = b""
    wait_until(lambda: kiosk.slot() == GOOD)
    kiosk.link.close()


def test_a_connection_for_each_slot_ends_by_itself(home: Village) -> None:
    home.start_broker()
    station, cells = cells_at(home, home.port)
    proxy = CountingProxy(home.port)
    kiosk = Kiosk(home, (LOCAL, proxy.port), kept=False)
    for number in (1, 2, 3, 4, 5):
        assert kiosk.slot() == GOOD
        assert station.deliver(kiosk.up.replace("/up", "/down"), bytes(CELL), DEADLINE)
        wait_until(partial(has_come, kiosk, number))
        kiosk.down[-1].ack()
        wait_until(partial(has_ended, proxy, number))
    wait_until(lambda: len(cells) == 5)
    station.stop()
    proxy.stop()


def test_cells_do_not_heap_up_for_a_station_that_is_away(home: Village) -> None:
    """When it comes back nobody has to take a week's answers."""
    home.start_broker()
    station, cells = cells_at(home, home.port)
    station.stop()
    kiosk = Kiosk(home, (LOCAL, home.port), expiry_s=1)
    assert kiosk.slot() == GOOD
    kiosk.link.close()
    time.sleep(2.5)
    station, late = cells_at(home, home.port)
    patient = Kiosk(home, (LOCAL, home.port))
    assert patient.slot() == GOOD
    wait_until(lambda: len(late) == 1)
    assert cells == []
    station.stop()
    patient.link.close()

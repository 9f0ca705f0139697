"""What the station and the kiosk make of cells that nobody honest sent."""

import secrets
import subprocess
from pathlib import Path

import pytest

from kiosk.common.errors import CellError, UplinkError
from kiosk.device.outbox import Outbox
from kiosk.protocol.cells import (
    CELL,
    COVER,
    Chunk,
    DownCell,
    Header,
    LinkKeys,
    Receipt,
    Status,
    nonce_of,
    open_up,
    seal_down,
    seal_up,
)
from tests.uplink.village import Village, icon_chunks, make_report
from tests.waiting import DEADLINE, wait_until
from uplink.courier.courier import Courier
from uplink.link.standing_connection import Broker, Incoming
from uplink.station.receive.store import Store

KEYS = LinkKeys(secrets.token_bytes(32), secrets.token_bytes(32))
ROW_KEY = secrets.token_bytes(32)


def quarantined(village: Village) -> dict[str, int]:
    store = Store(f"sqlite:///{village.station / 'station.db'}")
    try:
        return store.quarantined()
    finally:
        store.close()


def test_bad_cells_are_quarantined_and_the_kiosk_goes_on(village: Village) -> None:
    """Another kiosk's topic is refused."""
    outbox = village.add_kiosk("kiosk")
    village.start_broker()
    village.start_station()
    (chunk,) = icon_chunks(make_report(what=("first:1",)), village.report_key.public)
    good = seal_up(village.keys_of("kiosk"), chunk)
    flipped = bytearray(good)
    flipped[100] ^= 1
    topic = f"k/{village.kiosks['kiosk']}/up"
    answers: list[Incoming] = []
    kiosk = Broker(
        village.access("kiosk"),
        village.kiosks["kiosk"],
        f"k/{village.kiosks['kiosk']}/down",
        answers.append,
        keepalive_s=60,
        window=1,
    )
    kiosk.start()
    wait_until(lambda: kiosk.deliver(topic, good, 5) and len(answers) > 0)
    for cell in (good[:-1], b"", bytes(flipped), good, good, seal_up(KEYS, chunk)):
        assert kiosk.deliver(topic, cell, DEADLINE)
    malformed = Chunk(Header(1, False, secrets.token_bytes(16), 5, 2), chunk.body)
    other_body = Chunk(chunk.header, bytes(len(chunk.body)))
    for bad in (malformed, other_body):
        assert kiosk.deliver(topic, seal_up(village.keys_of("kiosk"), bad), DEADLINE)
    with pytest.raises(UplinkError):
        kiosk.deliver(topic, good + b"x", 5)
    assert not kiosk.deliver("k/" + "0" * 32 + "/up", good, 5), "another kiosk's topic"
    kiosk.stop()

    wait_until(lambda: quarantined(village) == {"E02": 2, "E03": 2, "E06": 1, "E10": 1})
    village.start_courier("kiosk")
    outbox.put(icon_chunks(make_report(what=("second:1",)), village.report_key.public))
    wait_until(lambda: outbox.counts().real == 0)
    assert sorted(item["what"][0] for item in village.inbox()) == ["first:1", "second:1"]


def test_a_refused_chunk_is_parked_and_blocks_nothing(village: Village) -> None:
    outbox = village.add_kiosk("kiosk")
    village.start_broker()
    village.start_station()
    village.start_courier("kiosk")
    report = make_report(urgent=True)
    outbox.put(icon_chunks(report, village.report_key.public))
    wait_until(lambda: outbox.counts().real == 0)
    _forget_the_receipts(village)
    outbox.put(icon_chunks(report, village.report_key.public))
    outbox.put(icon_chunks(make_report(), village.report_key.public))
    village.start_station()
    village.start_courier("kiosk")
    wait_until(lambda: outbox.counts().real == 0)
    assert outbox.counts().parked == 1
    assert len(village.inbox()) == 2
    assert quarantined(village)["E06"] >= 1


def _forget_the_receipts(village: Village) -> None:
    """The station repeats receipts in later cells while it runs; no new process does."""
    village.kill("kiosk")
    village.kill("station")


def test_an_undecodable_report_is_flagged_and_hides_nothing(village: Village) -> None:
    outbox = village.add_kiosk("kiosk")
    village.start_broker()
    village.start_station()
    village.start_courier("kiosk")
    stranger = village.authority.sealing.public
    outbox.put(icon_chunks(make_report(), stranger))
    outbox.put(icon_chunks(make_report(), village.report_key.public))
    wait_until(lambda: outbox.counts().real == 0)
    assert sorted(item.get("problem", "") for item in village.inbox()) == ["", "E04"]


@pytest.mark.fresh
def test_neither_wildcards_nor_retained_messages_reach_a_kiosk(village: Village) -> None:
    village.add_kiosk("kiosk").close()
    village.add_kiosk("nosy").close()
    village.start_broker()
    topic = f"k/{village.kiosks['kiosk']}/down"
    seen: dict[str, list[bytes]] = {"kiosk": [], "nosy": []}
    station = broker(village, "station", "none", [])
    wait_until(lambda: station.deliver(topic, b"first", 5))
    config = [f"-h 127.0.0.1 -p {village.port} -V 5 -q 1 -r -m kept -i other -t {topic}"]
    for option, name in (("cafile", "ca.pem"), ("cert", "tls.pem"), ("key", "tls.key")):
        config.append(f"--{option} {village.station / name}")
    publish = ["mosquitto_pub", "--insecure", *" ".join(config).split()]
    subprocess.run(publish, check=True, timeout=DEADLINE)
    nosy = broker(village, "nosy", "k/#", seen["nosy"])
    kiosk = broker(village, "kiosk", topic, seen["kiosk"])
    wait_until(lambda: nosy.post(f"k/{village.kiosks['nosy']}/up", b""))
    wait_until(lambda: station.deliver(topic, b"last", 5) and b"last" in seen["kiosk"])
    for each in (station, nosy, kiosk):
        each.stop()
    assert b"kept" not in seen["kiosk"]
    assert seen["nosy"] == []


def broker(village: Village, name: str, topic: str, seen: list[bytes]) -> Broker:
    def receive(message: Incoming) -> None:
        seen.append(message.payload)
        message.ack()

    client_id = village.kiosks.get(name, name)
    made = Broker(village.access(name), client_id, topic, receive, keepalive_s=60, window=1)
    made.start()
    return made


def test_a_kiosk_that_poses_as_another_is_quarantined(village: Village) -> None:
    """With the other's certificate but its own link key."""
    village.add_kiosk("kiosk").close()
    village.add_kiosk("rogue").close()
    village.start_broker()
    village.start_station()
    answers: list[bytes] = []
    topic = f"k/{village.kiosks['kiosk']}"
    thief = broker(village, "kiosk", f"{topic}/down", answers)
    own = seal_up(village.keys_of("kiosk"), COVER)
    wait_until(lambda: thief.deliver(f"{topic}/up", own, 5) and len(answers) > 0)
    (chunk,) = icon_chunks(make_report(), village.report_key.public)
    assert thief.deliver(f"{topic}/up", seal_up(village.keys_of("rogue"), chunk), DEADLINE)
    wait_until(lambda: quarantined(village) == {"E03": 1})
    thief.stop()
    assert village.inbox() == []


class Kiosk:
    """A courier over a real outbox whose cells go into a list."""

    def __init__(self, folder: Path) -> None:
        Outbox.create(folder / "touch.db", ROW_KEY, 64)
        self.outbox = Outbox(folder / "touch.db", ROW_KEY)
        self.cells: list[bytes] = []
        self.courier = Courier([self.outbox], KEYS, self.send)

    def send(self, cell: bytes) -> bool:
        self.cells.append(cell)
        return True

    def put(self, urgent: bool = False, kind: int = 1) -> Header:
        header = Header(kind, urgent, secrets.token_bytes(16), 0, 1)
        self.outbox.put([Chunk(header, secrets.token_bytes(4046))])
        return header

    def next_header(self) -> Header:
        assert self.courier.use_slot()
        return open_up(KEYS, self.cells[-1]).header

    def answer(self, header: Header, status: Status = Status.STORED, cell: int = -1) -> bytes:
        down = DownCell((Receipt.of(header, status),), 1_800_000_000)
        return seal_down(KEYS, nonce_of(self.cells[cell]), down)


@pytest.fixture
def kiosk(tmp_path: Path) -> Kiosk:
    return Kiosk(tmp_path)


def test_only_a_true_receipt_frees_a_row(kiosk: Kiosk) -> None:
    header = kiosk.put()
    assert kiosk.next_header() == header
    true = kiosk.answer(header)
    foreign_keys = LinkKeys(secrets.token_bytes(32), secrets.token_bytes(32))
    forged = seal_down(
        foreign_keys,
        nonce_of(kiosk.cells[-1]),
        DownCell((Receipt.of(header, Status.STORED),), 0),
    )
    unasked = seal_down(
        KEYS, secrets.token_bytes(12), DownCell((Receipt.of(header, Status.STORED),), 0)
    )
    flipped = bytes([*true[:-1], true[-1] ^ 1])
    for cell in (forged, unasked, flipped, true[:-1], b"", bytes(CELL), kiosk.cells[-1]):
        assert kiosk.courier.hear(cell) is None
        assert kiosk.outbox.counts().real == 1
    assert kiosk.courier.hear(true) is not None
    assert kiosk.outbox.counts().real == 0
    assert kiosk.courier.hear(true) is None, "an answer counts once"


def test_a_receipt_for_a_chunk_never_sent_changes_nothing(kiosk: Kiosk) -> None:
    header = kiosk.put()
    kiosk.next_header()
    stranger = Header(1, False, secrets.token_bytes(16), 0, 1)
    other_index = Header(1, False, header.report_id, 1, 2)
    other_kind = Header(2, False, header.report_id, 0, 1)
    for wrong in (stranger, other_index, other_kind):
        kiosk.courier.use_slot()
        assert kiosk.courier.hear(kiosk.answer(wrong)) is not None
    assert kiosk.outbox.counts().real == 1


def test_an_unanswered_chunk_goes_again_under_a_fresh_outer_layer(kiosk: Kiosk) -> None:
    header = kiosk.put()
    assert [kiosk.next_header() for _ in range(3)] == [header] * 3
    assert len(set(kiosk.cells)) == 3
    assert len({open_up(KEYS, cell) for cell in kiosk.cells}) == 1


def test_answers_to_the_last_eight_cells_are_taken(kiosk: Kiosk) -> None:
    header = kiosk.put()
    for _ in range(9):
        kiosk.next_header()
    assert kiosk.courier.hear(kiosk.answer(header, cell=-9)) is None
    assert kiosk.courier.hear(kiosk.answer(header, cell=-8)) is not None


def test_answers_do_not_lengthen_the_memory(kiosk: Kiosk) -> None:
    header = kiosk.put()
    kiosk.next_header()
    for _ in range(8):
        assert kiosk.next_header() == header
        assert kiosk.courier.hear(seal_down(KEYS, nonce_of(kiosk.cells[-1]), DownCell((), 0)))
    assert kiosk.courier.hear(kiosk.answer(header, cell=-9)) is None


def test_urgent_then_icons_then_attachments_then_least_recently_tried(kiosk: Kiosk) -> None:
    photo, icon, urgent = kiosk.put(kind=3), kiosk.put(), kiosk.put(urgent=True)
    other = kiosk.put()
    assert kiosk.next_header() == urgent
    kiosk.courier.hear(kiosk.answer(urgent, Status.REFUSED))
    first, second, third = (kiosk.next_header() for _ in range(3))
    assert {first, second} == {icon, other}
    assert third == first
    for header in (icon, other):
        kiosk.courier.use_slot()
        kiosk.courier.hear(kiosk.answer(header))
    assert kiosk.next_header() == photo
    kiosk.courier.hear(kiosk.answer(photo))
    assert kiosk.next_header().kind == 0, "cover"
    assert kiosk.outbox.counts().parked == 1


def test_every_slot_rewrites_one_free_row(kiosk: Kiosk, tmp_path: Path) -> None:
    before = (tmp_path / "touch.db").read_bytes()
    kiosk.courier.use_slot()
    after = (tmp_path / "touch.db").read_bytes()
    pages = [i for i in range(0, len(before), 8192) if before[i : i + 8192] != after[i : i + 8192]]
    assert len([page for page in pages if page]) == 1


def test_two_stations_may_answer_but_not_one_of_an_older_generation(kiosk: Kiosk) -> None:
    master, kiosk_id = secrets.token_bytes(32), secrets.token_bytes(16)
    old, new = (LinkKeys.derive(master, kiosk_id, generation) for generation in (1, 2))
    courier = Courier([kiosk.outbox], new, kiosk.send)
    header = kiosk.put()
    assert courier.use_slot()
    down = DownCell((Receipt.of(header, Status.STORED),), 0)
    nonce = nonce_of(kiosk.cells[-1])
    with pytest.raises(CellError):
        open_up(old, kiosk.cells[-1])
    assert courier.hear(seal_down(old, nonce, down)) is None
    assert kiosk.outbox.counts().real == 1
    assert courier.hear(seal_down(new, nonce, down)) is not None
    assert courier.hear(seal_down(new, nonce, down)) is None
    assert kiosk.outbox.counts().real == 0

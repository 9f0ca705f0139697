"""Several receivers on one database and one shared subscription: nothing lost, nothing twice."""

import secrets
import signal
import threading
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from queue import SimpleQueue

import pytest

from kiosk.device.outbox import Outbox
from kiosk.protocol.cells import (
    BODY,
    Chunk,
    Header,
    Kind,
    LinkKeys,
    Receipt,
    Status,
    nonce_of,
    open_down,
    seal_up,
)
from tests.uplink.postgres import Postgres
from tests.uplink.traffic import arrived, put, sent
from tests.uplink.village import Village
from tests.waiting import DEADLINE, wait_until
from uplink.link.standing_connection import Broker, Incoming
from uplink.station.receive.receiver import Links, Receiver
from uplink.station.receive.store import Arrival, Store

KIOSK = "a" * 32


def voice(report_id: bytes, index: int = 0, count: int = 1, fill: int = 0) -> Chunk:
    return Chunk(Header(Kind.VOICE, False, report_id, index, count), bytes([fill]) * BODY)


def at_once(*actions: Callable[[], None]) -> None:
    """Run all of them from the same moment on."""
    barrier = threading.Barrier(len(actions))

    def run(action: Callable[[], None]) -> None:
        barrier.wait()
        action()

    threads = [threading.Thread(target=run, args=(action,)) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def race(database: str, rounds: list[tuple[Chunk, Chunk]]) -> list[list[Status]]:
    """Two receivers each store one chunk of every round at the same time; their verdicts."""
    stores = Store(database), Store(database)
    verdicts: list[list[Status]] = []
    for both in rounds:
        found: dict[int, Status] = {}

        def keep(
            number: int, both: tuple[Chunk, Chunk] = both, found: dict[int, Status] = found
        ) -> None:
            (found[number],) = stores[number].store_batch(
                [Arrival(KIOSK, both[number])], [], [KIOSK], 10
            )

        at_once(partial(keep, 0), partial(keep, 1))
        verdicts.append([found[0], found[1]])
    for store in stores:
        store.close()
    return verdicts


def test_the_same_chunk_at_two_receivers_is_one_chunk(database: str) -> None:
    chunks = [voice(secrets.token_bytes(16)) for _ in range(20)]
    verdicts = race(database, [(chunk, chunk) for chunk in chunks])
    assert verdicts == [[Status.STORED, Status.STORED]] * 20
    store = Store(database)
    assert len(list(store.complete_parts(Kind.VOICE))) == 20
    assert store.quarantined() == {}
    store.close()


def test_of_two_bodies_at_two_receivers_one_wins(database: str) -> None:
    ids = [secrets.token_bytes(16) for _ in range(20)]
    verdicts = race(database, [(voice(each, fill=1), voice(each, fill=2)) for each in ids])
    assert all(sorted(both) == [Status.STORED, Status.REFUSED] for both in verdicts)
    store = Store(database)
    winners = {part.report_id: part.sealed[0] - 1 for part in store.complete_parts(Kind.VOICE)}
    assert [both.index(Status.STORED) for both in verdicts] == [winners[each] for each in ids]
    assert store.quarantined() == {"E06": 20}
    store.close()


def test_receivers_that_meet_many_kiosks_in_any_order_never_lock_each_other_out(
    database: str,
) -> None:
    stores = Store(database), Store(database)
    kiosks = [secrets.token_hex(16) for _ in range(30)]

    def serve(store: Store, order: list[str]) -> None:
        for _ in range(10):
            arrivals = [Arrival(kiosk, voice(secrets.token_bytes(16))) for kiosk in order]
            store.store_batch(arrivals, [], order, 10)

    at_once(lambda: serve(stores[0], kiosks), lambda: serve(stores[1], kiosks[::-1]))
    assert len(list(stores[0].complete_parts(Kind.VOICE))) == 2 * 10 * 30
    for store in stores:
        store.close()


def test_chunks_come_in_any_order_at_any_receiver_weeks_apart(database: str) -> None:
    stores = Store(database), Store(database)
    report_id, stranger = secrets.token_bytes(16), secrets.token_bytes(16)
    for at, index, hour in ((0, 7, 10), (1, 2, 11), (0, 0, 12), (1, 5, 13)):
        stores[at].store_batch([Arrival(KIOSK, voice(report_id, index, 8, index))], [], [], hour)
    stores[0].store_batch([Arrival(KIOSK, voice(stranger, 1, 8, 9))], [], [], 14)
    assert list(stores[0].complete_parts(Kind.VOICE)) == []
    late = 10 + 30 * 24
    rest = [Arrival(KIOSK, voice(report_id, index, 8, index)) for index in (6, 1, 3, 4)]
    stores[1].store_batch(rest, [], [], late)
    stores[1].purge_quarantine(late)
    (part,) = stores[0].complete_parts(Kind.VOICE)
    assert part.sealed == b"".join(bytes([index]) * BODY for index in range(8))
    assert part.hour == late
    for store in stores:
        store.close()


def test_any_receiver_repeats_the_last_word_that_another_gave(
    database: str, village: Village
) -> None:
    village.add_kiosk("kiosk").close()
    keys, topic = village.keys_of("kiosk"), f"k/{village.kiosks['kiosk']}/up"
    links = Links(village.master, village.station / "kiosks.toml")
    stores = Store(database), Store(database)
    first, second = (Receiver(store, links) for store in stores)
    chunk, cover = voice(b"r" * 16), Chunk(Header(0, False, bytes(16), 0, 1), bytes(BODY))

    def receipts(receiver: Receiver, *chunks: Chunk) -> list[tuple[Receipt, ...]]:
        cells = [seal_up(keys, each) for each in chunks]
        answers = receiver.take([(topic, cell) for cell in cells])
        return [
            open_down(keys, nonce_of(cell), answer).receipts
            for cell, (_, answer) in zip(cells, answers, strict=True)
        ]

    stored, refused = (Receipt.of(chunk.header, status) for status in Status)
    assert receipts(first, chunk) == [(stored,)]
    assert receipts(second, cover) == [(stored,)]
    assert receipts(second, voice(b"r" * 16, fill=1)) == [(refused,)]
    assert receipts(first, cover) == [(refused,)]
    many = [voice(secrets.token_bytes(16)) for _ in range(20)]
    answers = receipts(first, *many)
    assert [each[0].report_id for each in answers] == [each.header.report_id for each in many]
    assert [r.report_id for r in receipts(second, cover)[0]] == [
        each.header.report_id for each in reversed(many[-8:])
    ]
    for store in stores:
        store.close()


@pytest.mark.parametrize("moment", ["commit", "answer", "ack"])
def test_a_receiver_killed_at_the_worst_moment_loses_and_repeats_nothing(
    village: Village, postgres: Postgres, moment: str
) -> None:
    village.use_database(postgres.database())
    outbox = village.add_kiosk("kiosk")
    village.start_broker()
    village.start_dying_station(moment)
    village.start_courier("kiosk")
    put(outbox, village, 12)
    assert village.wait_for_death("station") == -signal.SIGKILL
    assert outbox.counts().real > 0
    village.start_station()
    wait_until(lambda: outbox.counts().real == 0)
    assert arrived(village) == sent(12)


def test_of_two_receivers_either_may_be_killed_again_and_again(
    village: Village, postgres: Postgres
) -> None:
    village.use_database(postgres.database())
    names = ("first", "second", "third")
    outboxes = {name: village.add_kiosk(name) for name in names}
    village.start_broker()
    for number in (1, 2):
        village.start_station(number)
    for name, outbox in outboxes.items():
        put(outbox, village, 20, name)
        village.start_courier(name)
    for turn in range(4):
        number = 1 + turn % 2
        before = sum(outbox.counts().real for outbox in outboxes.values())
        wait_until(partial(has_less, outboxes, max(1, before)))
        village.kill("station" if number == 1 else "station-2")
        village.start_station(number)
    wait_until(lambda: left(outboxes) == 0)
    assert arrived(village) == sorted(tag for name in names for tag in sent(20, name))


def has_less(outboxes: dict[str, Outbox], than: int) -> bool:
    return left(outboxes) < than


def left(outboxes: dict[str, Outbox]) -> int:
    return sum(outbox.counts().real for outbox in outboxes.values())


def test_two_stations_both_keep_and_answer(village: Village) -> None:
    outbox = village.add_kiosk("kiosk")
    village.start_broker()
    village.start_station()
    village.start_old_station()
    databases = [folder / "station.db" for folder in (village.station, village.old_station)]
    wait_until(lambda: all(path.exists() for path in databases))
    village.start_courier("kiosk")
    wait_until(lambda: all(heard(path) for path in databases))
    put(outbox, village, 5)
    wait_until(lambda: outbox.counts().real == 0)
    wait_until(lambda: arrived(village) == sent(5))
    wait_until(lambda: len(village.inbox(village.old_station)) == 5)
    village.kill("old-station")
    put(outbox, village, 2, "alone")
    wait_until(lambda: outbox.counts().real == 0)
    assert len(village.inbox()) == 7


def heard(database: Path) -> bool:
    store = Store(f"sqlite:///{database}")
    kiosks = store.last_heard()
    store.close()
    return bool(kiosks)


def test_a_station_of_a_lower_generation_opens_nothing(village: Village, tmp_path: Path) -> None:
    village.add_kiosk("kiosk").close()
    listing = village.station / "kiosks.toml"
    (tmp_path / "kiosks.toml").write_text(listing.read_text())
    listing.write_text(listing.read_text().replace("generation = 1", "generation = 2"))
    kiosk = village.kiosks["kiosk"]
    keys = LinkKeys.derive(village.master, bytes.fromhex(kiosk), 2)
    cell = seal_up(keys, voice(b"r" * 16))
    for folder, answers, held in ((tmp_path, 0, {"E03": 1}), (village.station, 1, {})):
        store = Store(f"sqlite:///{folder / 'one.db'}")
        receiver = Receiver(store, Links(village.master, folder / "kiosks.toml"))
        assert len(receiver.take([(f"k/{kiosk}/up", cell)])) == answers
        assert store.quarantined() == held
        store.close()


def receiver(
    village: Village, number: int, receive: Callable[[Incoming], None], session_s: int
) -> Broker:
    broker = Broker(
        village.access("station"),
        f"station-abcd-{number}",
        "$share/abcd/k/+/up",
        receive,
        keepalive_s=60,
        window=20,
        receive_maximum=20,
        session_s=session_s,
    )
    broker.start()
    return broker


def flood(village: Village, count: int) -> set[bytes]:
    """That many cells of one kiosk, as fast as the broker takes them."""
    kiosk = village.kiosks["kiosk"]
    broker = Broker(
        village.access("kiosk"),
        kiosk,
        f"k/{kiosk}/down",
        lambda _: None,
        keepalive_s=60,
        window=100,
    )
    broker.start()
    first, *others, last = (number.to_bytes(4, "big") * 1024 for number in range(count))
    wait_until(lambda: broker.deliver(f"k/{kiosk}/up", first, 5))
    for cell in others:
        broker.post(f"k/{kiosk}/up", cell)
    assert broker.deliver(f"k/{kiosk}/up", last, DEADLINE)
    broker.stop()
    return {first, *others, last}


def test_a_receiver_that_falls_behind_sheds_no_cell(village: Village) -> None:
    village.add_kiosk("kiosk").close()
    village.start_broker()
    waiting: SimpleQueue[Incoming] = SimpleQueue()
    quick: list[bytes] = []

    def take(message: Incoming) -> None:
        quick.append(message.payload)
        message.ack()

    slow = receiver(village, 1, waiting.put, session_s=60)
    other = receiver(village, 2, take, session_s=60)
    wait_until(lambda: slow.post("k/0/down", b"") and other.post("k/0/down", b""))
    cells = flood(village, 1500)
    wait_until(lambda: len(quick) >= len(cells) // 2)
    wait_until(lambda: waiting.qsize() == 20)
    behind: list[bytes] = []
    while len(behind) + len(quick) < len(cells):
        message = waiting.get(timeout=DEADLINE)
        behind.append(message.payload)
        message.ack()
    assert Counter(behind) + Counter(quick) == Counter(cells)
    slow.stop()
    other.stop()


def test_a_receiver_that_is_gone_leaves_its_share_to_the_others(village: Village) -> None:
    village.add_kiosk("kiosk").close()
    village.start_broker()
    taken: list[bytes] = []

    def take(message: Incoming) -> None:
        taken.append(message.payload)
        message.ack()

    gone = receiver(village, 1, lambda _: None, session_s=1)
    stays = receiver(village, 2, take, session_s=1)
    wait_until(lambda: gone.post("k/0/down", b"") and stays.post("k/0/down", b""))
    gone.stop()

    def all_of_ten_arrive() -> bool:
        taken.clear()
        cells = flood(village, 10)
        return set(taken) == cells

    wait_until(all_of_ten_arrive)
    stays.stop()

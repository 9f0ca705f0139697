"""What the outbox and the receiver cost beside the barest code that makes the same promise."""

import secrets
import sqlite3
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import NamedTuple

from kiosk.cells import (
    CELL,
    COVER,
    Chunk,
    DownCell,
    Header,
    Kind,
    Receipt,
    Status,
    nonce_of,
    open_up,
    seal_down,
    seal_up,
)
from kiosk.outbox import TOUCH_ROWS, Outbox
from kiosk.report import ICON_PLAINTEXT
from kiosk.sealing import StationPrivateKey, seal
from tests.uplink.village import Village, icon_chunks, make_report, until
from uplink.broker import Broker, Incoming
from uplink.station.receiver import Links, Receiver
from uplink.station.serving import MAX_BATCH, serve
from uplink.station.store import Store

PUTS = 200
CELLS = 4000
OUTSTANDING = 500


class Row(NamedTuple):
    """One line of the table; `ratio` is ours to the baseline."""

    name: str
    ours: float
    baseline: float
    ratio: float


def main() -> None:
    """Print every row."""
    for bench in (bench_put, bench_flat, bench_receipts):
        for row in bench():
            print(f"{row.name:55} {row.ours:10.3f} {row.baseline:10.3f} {row.ratio:6.2f}")


def bench_put() -> list[Row]:
    """Milliseconds to seal and keep a report, against bare HPKE and a bare durable insert.

    Logs are emptied in between, outside the time taken, as the product does.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        key = StationPrivateKey.generate().public
        outbox = _outbox(folder)
        bare = _bare_database(folder / "bare.db")
        report, padded, cell = make_report(urgent=True), bytes(ICON_PLAINTEXT), bytes(CELL)
        (chunk,) = icon_chunks(report, key)

        def insert(body: bytes) -> None:
            bare.execute("INSERT INTO cells (body) VALUES (?)", (body,))

        def empty_logs() -> None:
            outbox.settle()
            bare.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

        keep = _interleaved(lambda: outbox.put([chunk]), lambda: insert(cell), empty_logs)
        both = _interleaved(
            lambda: outbox.put(icon_chunks(report, key)),
            lambda: insert(seal(Kind.ICON, padded, key)),
            empty_logs,
        )
        bare_only = both[0], keep[1]
        names = (
            "keep / insert, ms",
            "seal + keep / HPKE + insert, ms",
            "seal + keep / insert alone, ms",
        )
        return [
            Row(name, ours, baseline, ours / baseline)
            for name, (ours, baseline) in zip(names, (keep, both, bare_only), strict=True)
        ]


def bench_flat() -> list[Row]:
    """Milliseconds of a put into a nearly full outbox, against one into an empty outbox."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        empty, full = _outbox(folder / "empty"), _outbox(folder / "full")
        full.put([_chunk() for _ in range(TOUCH_ROWS - PUTS - 40)])
        full_ms, empty_ms = _interleaved(
            lambda: full.put([_chunk()]),
            lambda: empty.put([_chunk()]),
            lambda: (full.settle(), empty.settle()),
        )
        return [Row("put, nearly full / empty, ms", full_ms, empty_ms, full_ms / empty_ms)]


def bench_receipts() -> list[Row]:
    """Receipts a second through Mosquitto, against bare paho and SQLite, both with group commit."""
    with tempfile.TemporaryDirectory() as name:
        village = Village(Path(name))
        village.add_kiosk("kiosk").close()
        village.start_broker()
        try:
            ours, baseline = [], []
            for _ in range(3):
                baseline.append(_rate(village, _bare_serve))
                ours.append(_rate(village, _our_serve))
        finally:
            village.stop()
    rates = statistics.median(ours), statistics.median(baseline)
    return [Row("receipts a second", *rates, rates[0] / rates[1])]


Serve = Callable[[Village, Broker, "SimpleQueue[Incoming | int]"], None]


def _our_serve(village: Village, broker: Broker, events: "SimpleQueue[Incoming | int]") -> None:
    store = Store(f"sqlite:///{village.folder / secrets.token_hex(4)}.db")
    links = Links(village.master, village.station / "kiosks.toml")
    serve(Receiver(store, links), broker, events)
    store.close()


def _bare_serve(village: Village, broker: Broker, events: "SimpleQueue[Incoming | int]") -> None:
    """Opens, keeps and answers cells and does nothing else: no list of kiosks, no repeats."""
    db = _bare_database(village.folder / f"{secrets.token_hex(4)}.db")
    keys = village.keys_of("kiosk")
    while True:
        batch = [events.get()]
        try:
            while len(batch) < MAX_BATCH:
                batch.append(events.get_nowait())
        except Empty:
            pass
        messages = [event for event in batch if isinstance(event, Incoming)]
        chunks = [open_up(keys, message.payload) for message in messages]
        db.execute("BEGIN IMMEDIATE")
        db.executemany("INSERT INTO cells (body) VALUES (?)", [(c.body,) for c in chunks])
        db.execute("COMMIT")
        for message, chunk in zip(messages, chunks, strict=True):
            receipts = (Receipt.of(chunk.header, Status.STORED),)
            cell = seal_down(keys, nonce_of(message.payload), DownCell(receipts, 0))
            broker.post(message.topic.replace("/up", "/down"), cell)
            message.ack()
        if len(messages) < len(batch):
            return


def _rate(village: Village, run: Serve) -> float:
    """Receipts a second for cells that a kiosk sends as fast as the broker takes them."""
    topic = village.kiosks["kiosk"]
    keys = village.keys_of("kiosk")
    cells = [seal_up(keys, _chunk()) for _ in range(CELLS)]
    events: SimpleQueue[Incoming | int] = SimpleQueue()
    station = Broker(
        village.access("station"), "station", "k/+/up", events.put, keepalive_s=60, window=1000
    )
    answered, window = threading.Semaphore(0), threading.Semaphore(OUTSTANDING)

    def heard(message: Incoming) -> None:
        message.ack()
        answered.release()
        window.release()

    kiosk = Broker(
        village.access("kiosk"), topic, f"k/{topic}/down", heard, keepalive_s=60, window=200
    )
    station.start()
    kiosk.start()
    worker = threading.Thread(target=run, args=(village, station, events))
    worker.start()
    until(lambda: kiosk.deliver(f"k/{topic}/up", cells[0], 5) and answered.acquire(timeout=0.2))
    while answered.acquire(timeout=0.2):
        pass
    began = time.perf_counter()
    for cell in cells:
        assert window.acquire(timeout=20)
        kiosk.post(f"k/{topic}/up", cell)
    for _ in cells:
        assert answered.acquire(timeout=20)
    took = time.perf_counter() - began
    events.put(0)
    worker.join()
    kiosk.stop()
    station.stop()
    return CELLS / took


def _interleaved(
    ours: Callable[[], None], baseline: Callable[[], None], between: Callable[[], object]
) -> tuple[float, float]:
    """Medians in milliseconds, each going first in turn so that noise meets both alike."""
    times: dict[Callable[[], None], list[float]] = {ours: [], baseline: []}
    for turn in range(PUTS):
        for action in (ours, baseline) if turn % 2 else (baseline, ours):
            began = time.perf_counter()
            action()
            times[action].append(time.perf_counter() - began)
            between()
    return statistics.median(times[ours]) * 1000, statistics.median(times[baseline]) * 1000


def _outbox(folder: Path) -> Outbox:
    folder.mkdir(exist_ok=True)
    row_key = secrets.token_bytes(32)
    Outbox.create(folder / "touch.db", row_key, TOUCH_ROWS)
    return Outbox(folder / "touch.db", row_key)


def _bare_database(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA synchronous = FULL")
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("CREATE TABLE cells (number INTEGER PRIMARY KEY, body BLOB)")
    return db


def _chunk() -> Chunk:
    return Chunk(Header(1, True, secrets.token_bytes(16), 0, 1), COVER.body)


if __name__ == "__main__":
    main()

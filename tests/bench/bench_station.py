"""How many receipts a second the station gives, beside bare code, and whether size slows it."""

import os
import secrets
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path
from queue import Empty, SimpleQueue

import psutil

from kiosk.common import schema
from kiosk.protocol.cells import (
    BODY,
    Chunk,
    DownCell,
    Header,
    Kind,
    LinkKeys,
    Receipt,
    Status,
    nonce_of,
    open_up,
    seal_down,
    seal_up,
)
from kiosk.settings.kiosk_list import Kiosk as Listed
from kiosk.settings.kiosk_list import KioskList
from tests.bench.bench_uplink import Row, bare_database, in_ms, interleaved
from tests.uplink.postgres import Postgres
from tests.uplink.village import Village
from tests.waiting import wait_until
from uplink.link.standing_connection import Broker, Incoming
from uplink.station.receive.receiver import Links, Receiver
from uplink.station.receive.serving import MAX_BATCH, serve
from uplink.station.receive.store import Arrival, Store

CELLS = 4000
ONE_BY_ONE = 400
OUTSTANDING = 500
KIOSKS = 50
STORED = 100_000
TURNS = 3

Events = SimpleQueue[Incoming | int]
Serve = Callable[["Load", Broker, Events], None]


def rows() -> Iterator[Row]:
    """All measurements of the station."""
    with tempfile.TemporaryDirectory() as name:
        village = Village(Path(name))
        load = Load(village)
        try:
            yield from bench_receipts(load)
            yield from bench_receivers(load)
        finally:
            load.stop()
            village.stop()
    yield from bench_size()


def bench_receipts(load: "Load") -> Iterator[Row]:
    """One cell after the other and with group commit, against bare code and mosquitto_pub."""
    for words, cells, outstanding in (
        ("receipts, window 1", ONE_BY_ONE, 1),
        ("receipts, group commit", CELLS, OUTSTANDING),
    ):
        ours: list[float] = []
        bare: list[float] = []
        ceiling: list[float] = []
        for _ in range(TURNS):
            for serve_with, rates in ((_bare_serve, bare), (_our_serve, ours)):
                with _serving(load, serve_with):
                    rates.append(load.rate(cells, outstanding))
            ceiling.append(load.ceiling())
        yield _per_second(f"{words} / bare paho + SQLite", ours, bare, "at least 0.8")
        yield _per_second(f"{words} / mosquitto_pub's cells", ours, ceiling, "")


def bench_receivers(load: "Load") -> Iterator[Row]:
    """Receiver processes on PostgreSQL: one against SQLite, two against one."""
    sqlite, one, two = [], [], []
    server = Postgres()
    try:
        for _ in range(TURNS):
            sqlite.append(load.rate_of_processes(None, 1))
            one.append(load.rate_of_processes(server.database(), 1))
            two.append(load.rate_of_processes(server.database(), 2))
    finally:
        server.stop()
    yield _per_second("1 receiver on PostgreSQL / on SQLite", one, sqlite, "")
    yield _per_second("2 receivers / 1 receiver on PostgreSQL", two, one, "more than 1")


def bench_size() -> Iterator[Row]:
    """Milliseconds to take in a new and a repeated cell, with 100,000 chunks stored and none."""
    with tempfile.TemporaryDirectory() as name:
        stations = [_Alone(Path(name) / size) for size in ("large", "small")]
        large, small = stations
        large.fill(STORED)
        new = interleaved(large.take_new, small.take_new, lambda: None)
        yield in_ms("a new cell at the station, 100,000 stored / none", *new, "flat")
        again = interleaved(large.take_again, small.take_again, lambda: None)
        yield in_ms("a repeated cell, 100,000 stored / none", *again, "flat")


class Load:
    """Sends cells of fifty kiosks and counts what is answered."""

    def __init__(self, village: Village) -> None:
        self.village = village
        self.kiosks = [secrets.token_hex(16) for _ in range(KIOSKS)]
        self.keys = {
            kiosk: LinkKeys.derive(village.master, bytes.fromhex(kiosk), 1) for kiosk in self.kiosks
        }
        (village.station / "kiosks.toml").write_text(
            schema.dump(KioskList({each: Listed("x", 1) for each in self.kiosks}))
        )
        acl = village.folder / "broker" / "acl"
        acl.write_text(f"user load\ntopic readwrite k/#\n\n{acl.read_text()}")
        village.authority.issue(village.folder / "load", "load")
        village.start_broker()
        self._answered, self._window = threading.Semaphore(0), threading.Semaphore(0)
        self._broker = Broker(
            village.access("load"), "load", "k/+/down", self._heard, keepalive_s=60, window=1000
        )
        self._broker.start()

    def stop(self) -> None:
        """Disconnect."""
        self._broker.stop()

    def rate(self, count: int, outstanding: int) -> float:
        """Answers a second, with so many cells on their way at once."""
        wait_until(lambda: self._send(*self._cell(self.kiosks[0])) and self._hears_soon())
        while self._hears_soon():
            pass
        cells = [self._cell(kiosk) for kiosk in islice(cycle(self.kiosks), count)]
        self._window = threading.Semaphore(outstanding)
        began = time.perf_counter()
        for topic, cell in cells:
            assert self._window.acquire(timeout=20)
            self._send(topic, cell)
        for _ in cells:
            assert self._answered.acquire(timeout=20)
        return count / (time.perf_counter() - began)

    def rate_of_processes(self, url: str | None, receivers: int) -> float:
        """The same with whole receiver processes on one database."""
        village = self.village
        village.use_database(url or f"sqlite:///{village.folder}/{secrets.token_hex(4)}.db")
        names = ["station", "station-2"][:receivers]
        for number in range(receivers):
            village.start_station(number + 1)
        wait_until(lambda: all(self._is_connected(name) for name in names))
        try:
            return self.rate(CELLS, OUTSTANDING)
        finally:
            for name in names:
                village.terminate(name)

    def ceiling(self) -> float:
        """Payloads of a cell's size a second from mosquitto_pub, nobody being there to answer."""
        folder = self.village.folder / "load"
        lines = "".join(f"{number:04095d}\n" for number in range(CELLS))
        command = ["mosquitto_pub", "-l", "-q", "1", "-V", "mqttv5", "-h", "127.0.0.1"]
        command += ["-p", str(self.village.port), "-t", f"k/{self.kiosks[0]}/aside"]
        command += ["--cafile", str(folder / "ca.pem"), "--cert", str(folder / "tls.pem")]
        command += ["--key", str(folder / "tls.key")]
        began = time.perf_counter()
        subprocess.run(command, input=lines, text=True, check=True, timeout=60)
        return CELLS / (time.perf_counter() - began)

    def _cell(self, kiosk: str) -> tuple[str, bytes]:
        return f"k/{kiosk}/up", seal_up(self.keys[kiosk], _chunk())

    def _send(self, topic: str, cell: bytes) -> bool:
        return self._broker.post(topic, cell)

    def _hears_soon(self) -> bool:
        return self._answered.acquire(timeout=0.3)

    def _heard(self, message: Incoming) -> None:
        message.ack()
        self._answered.release()
        self._window.release()

    def _is_connected(self, name: str) -> bool:
        sockets = psutil.Process(self.village.processes[name].pid).net_connections("tcp")
        return any(each.raddr and each.raddr.port == self.village.port for each in sockets)


class _Alone:
    """A receiver on a SQLite database of its own, without a broker."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._kiosk, master = secrets.token_hex(16), secrets.token_bytes(32)
        (folder / "kiosks.toml").write_text(schema.dump(KioskList({self._kiosk: Listed("x", 1)})))
        self._keys = LinkKeys.derive(master, bytes.fromhex(self._kiosk), 1)
        self._store = Store(f"sqlite:///{folder / 'station.db'}")
        self._receiver = Receiver(self._store, Links(master, folder / "kiosks.toml"))
        self._again = _chunk()

    def fill(self, count: int) -> None:
        for _ in range(count // MAX_BATCH):
            arrivals = [Arrival(self._kiosk, _chunk()) for _ in range(MAX_BATCH)]
            self._store.store_batch(arrivals, [], [], 10)

    def take_new(self) -> None:
        self._take(_chunk())

    def take_again(self) -> None:
        self._take(self._again)

    def _take(self, chunk: Chunk) -> None:
        self._receiver.take([(f"k/{self._kiosk}/up", seal_up(self._keys, chunk))])


@contextmanager
def _serving(load: Load, run: Serve) -> Iterator[None]:
    events: Events = SimpleQueue()
    station = Broker(
        load.village.access("station"), "station", "k/+/up", events.put, keepalive_s=60, window=1000
    )
    station.start()
    worker = threading.Thread(target=run, args=(load, station, events))
    worker.start()
    try:
        yield
    finally:
        events.put(0)
        worker.join()
        station.stop()


def _our_serve(load: Load, broker: Broker, events: Events) -> None:
    store = Store(f"sqlite:///{load.village.folder / secrets.token_hex(4)}.db")
    links = Links(load.village.master, load.village.station / "kiosks.toml")
    serve(Receiver(store, links), broker, events, pause=lambda _: None)
    store.close()


def _bare_serve(load: Load, broker: Broker, events: Events) -> None:
    """Opens, keeps and answers cells and does nothing else: no repeats, no quarantine."""
    db = bare_database(load.village.folder / f"{secrets.token_hex(4)}.db")
    while True:
        batch = [events.get()]
        try:
            while len(batch) < MAX_BATCH:
                batch.append(events.get_nowait())
        except Empty:
            pass
        messages = [event for event in batch if isinstance(event, Incoming)]
        keys = [load.keys[message.topic.split("/")[1]] for message in messages]
        chunks = [open_up(k, m.payload) for k, m in zip(keys, messages, strict=True)]
        db.execute("BEGIN IMMEDIATE")
        db.executemany("INSERT INTO cells (body) VALUES (?)", [(c.body,) for c in chunks])
        db.execute("COMMIT")
        for message, key, chunk in zip(messages, keys, chunks, strict=True):
            receipts = (Receipt.of(chunk.header, Status.STORED),)
            cell = seal_down(key, nonce_of(message.payload), DownCell(receipts, 0))
            broker.post(message.topic.replace("/up", "/down"), cell)
            message.ack()
        if len(messages) < len(batch):
            return


def _per_second(name: str, ours: list[float], baseline: list[float], aim: str) -> Row:
    rate, bare = statistics.median(ours), statistics.median(baseline)
    return name, f"{rate:.0f}/s", f"{bare:.0f}/s", rate / bare, aim


def _chunk() -> Chunk:
    header = Header(Kind.ICON, False, secrets.token_bytes(16), 0, 1)
    return Chunk(header, os.urandom(BODY))

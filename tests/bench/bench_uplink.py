"""What the outbox costs beside the barest code that makes the same promise."""

import secrets
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from kiosk.device.outbox import TOUCH_ROWS, Outbox
from kiosk.protocol.cells import CELL, COVER, Chunk, Header, Kind, LinkKeys
from kiosk.protocol.report import ICON_PLAINTEXT
from kiosk.protocol.sealing import StationPrivateKey, seal
from tests.uplink.village import icon_chunks, make_report
from uplink.courier.courier import Courier

PUTS = 200

Row = tuple[str, str, str, float, str]


def rows() -> list[Row]:
    """All measurements of the outbox."""
    return [*bench_put(), bench_flat(), bench_slot()]


def in_ms(name: str, ours: float, baseline: float, aim: str) -> Row:
    return name, f"{ours:.2f} ms", f"{baseline:.2f} ms", ours / baseline, aim


def bench_put() -> list[Row]:
    """Milliseconds to seal and keep a report, against bare HPKE and a bare durable insert.

    Logs are emptied in between, outside the time taken, as the product does.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        key = StationPrivateKey.generate().public
        outbox = _outbox(folder)
        bare = bare_database(folder / "bare.db")
        report, padded, cell = make_report(urgent=True), bytes(ICON_PLAINTEXT), bytes(CELL)
        (chunk,) = icon_chunks(report, key)

        def insert(body: bytes) -> None:
            bare.execute("INSERT INTO cells (body) VALUES (?)", (body,))

        def empty_logs() -> None:
            outbox.settle()
            bare.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

        keep = interleaved(lambda: outbox.put([chunk]), lambda: insert(cell), empty_logs)
        both = interleaved(
            lambda: outbox.put(icon_chunks(report, key)),
            lambda: insert(seal(Kind.ICON, padded, key)),
            empty_logs,
        )
        bare_only = both[0], keep[1]
        return [
            in_ms("keep a sealed report / bare durable insert", *keep, "at most 1.5"),
            in_ms("seal + keep / HPKE + bare insert", *both, "at most 1.5"),
            in_ms("seal + keep / bare insert alone", *bare_only, "at most 1.5"),
        ]


def bench_flat() -> Row:
    """Milliseconds of a put into a nearly full outbox, against one into an empty outbox."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        empty, full = _outbox(folder / "empty"), _outbox(folder / "full")
        full.put([_chunk() for _ in range(TOUCH_ROWS - PUTS - 40)])

        def settle() -> None:
            full.settle()
            empty.settle()

        full_ms, empty_ms = interleaved(
            lambda: full.put([_chunk()]), lambda: empty.put([_chunk()]), settle
        )
        return in_ms("put into a nearly full / an empty outbox", full_ms, empty_ms, "flat")


def bench_slot() -> Row:
    """Milliseconds of a slot with a full outbox, against one with an empty outbox."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        empty, full = _outbox(folder / "empty"), _outbox(folder / "full")
        full.put([_chunk() for _ in range(TOUCH_ROWS)])
        keys = LinkKeys(secrets.token_bytes(32), secrets.token_bytes(32))
        couriers = [Courier([each], keys, lambda cell: True) for each in (full, empty)]
        full_ms, empty_ms = interleaved(couriers[0].use_slot, couriers[1].use_slot, lambda: None)
        return in_ms("a slot with a full / an empty outbox", full_ms, empty_ms, "flat")


def interleaved(
    ours: Callable[[], object], baseline: Callable[[], object], between: Callable[[], object]
) -> tuple[float, float]:
    """Medians in milliseconds, each going first in turn so that noise meets both alike."""
    times: dict[Callable[[], object], list[float]] = {ours: [], baseline: []}
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


def bare_database(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA synchronous = FULL")
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("CREATE TABLE cells (number INTEGER PRIMARY KEY, body BLOB)")
    return db


def _chunk() -> Chunk:
    return Chunk(Header(1, True, secrets.token_bytes(16), 0, 1), COVER.body)

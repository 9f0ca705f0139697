import resource
import secrets
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.common.errors import OutboxError, OutboxFull
from kiosk.device.outbox import PHONE_ROWS, TOUCH_ROWS, URGENT_RESERVE, Counts, Outbox
from kiosk.protocol.cells import BODY, Chunk, Header, Receipt, Status
from tests.waiting import DEADLINE

KEY = secrets.token_bytes(32)
ROWS = 64
PAGE = 8192


def chunk(urgent: bool = False, kind: int = 1) -> Chunk:
    return Chunk(Header(kind, urgent, secrets.token_bytes(16), 0, 1), secrets.token_bytes(BODY))


def stored(sent: Chunk) -> Receipt:
    return Receipt.of(sent.header, Status.STORED)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "touch.db"
    Outbox.create(path, KEY, ROWS)
    return path


@pytest.fixture
def outbox(path: Path) -> Outbox:
    return Outbox(path, KEY)


def taken(outbox: Outbox) -> set[Chunk]:
    return {found for row, _ in outbox.waiting() if (found := outbox.take(row))}


def test_what_is_put_is_there_after_opening_again(path: Path, outbox: Outbox) -> None:
    chunks = [chunk(), chunk(urgent=True), chunk(kind=3)]
    outbox.put(chunks)
    outbox.settle()
    outbox.close()
    again = Outbox(path, KEY)
    assert taken(again) == set(chunks)
    assert again.counts() == Counts(free=ROWS - 3, real=3, parked=0, damaged=0)


def test_a_put_is_safe_before_settling(path: Path, outbox: Outbox) -> None:
    sent = chunk()
    outbox.put([sent])
    assert taken(Outbox(path, KEY)) == {sent}


def test_the_file_shows_nothing(path: Path, outbox: Outbox) -> None:
    size = path.stat().st_size
    sent = [chunk() for _ in range(20)]
    outbox.put(sent)
    outbox.settle()
    data = path.read_bytes()
    assert len(data) == size
    assert not path.with_name("touch.db-wal").stat().st_size
    assert not any(c.header.report_id in data or c.body[:32] in data for c in sent)
    db = sqlite3.connect(path)
    assert db.execute("SELECT DISTINCT length(sealed) FROM rows").fetchall() == [(4097,)]
    assert db.execute("PRAGMA page_size").fetchone() == (PAGE,)
    columns = [row[1] for row in db.execute("PRAGMA table_info(rows)")]
    assert columns == ["row", "sealed"]
    assert size // PAGE - ROWS <= 3, "one row a page"


def test_rows_are_chosen_at_random(path: Path) -> None:
    chosen = set()
    for _ in range(6):
        path.unlink()
        Outbox.create(path, KEY, ROWS)
        outbox = Outbox(path, KEY)
        outbox.put([chunk()])
        chosen.add(outbox.waiting()[0][0])
        outbox.close()
    assert len(chosen) > 1


def test_a_receipt_frees_only_its_row(outbox: Outbox) -> None:
    first, second = chunk(), chunk()
    outbox.put([first, second])
    assert not outbox.free(stored(chunk()))
    assert outbox.free(stored(first))
    assert not outbox.free(stored(first))
    assert taken(outbox) == {second}


def test_a_parked_chunk_does_not_wait_but_is_kept(outbox: Outbox) -> None:
    sent = chunk()
    outbox.put([sent])
    assert outbox.park(stored(sent))
    assert outbox.waiting() == []
    assert outbox.counts() == Counts(free=ROWS - 1, real=0, parked=1, damaged=0)


def test_the_reserve_is_for_urgent_reports(outbox: Outbox) -> None:
    assert outbox.room(urgent=False) == ROWS - URGENT_RESERVE
    outbox.put([chunk() for _ in range(ROWS - URGENT_RESERVE)])
    assert outbox.room(urgent=False) == 0
    with pytest.raises(OutboxFull):
        outbox.put([chunk()])
    outbox.put([chunk(urgent=True) for _ in range(URGENT_RESERVE)])
    assert outbox.room(urgent=True) == 0
    with pytest.raises(OutboxFull):
        outbox.put([chunk(urgent=True)])
    assert outbox.counts() == Counts(free=0, real=ROWS, parked=0, damaged=0)
    outbox.refresh_one_free()
    assert outbox.counts().real == ROWS


def test_all_chunks_are_put_or_none(outbox: Outbox) -> None:
    with pytest.raises(OutboxFull):
        outbox.put([chunk() for _ in range(ROWS - URGENT_RESERVE + 1)])
    assert outbox.counts().real == 0


def test_two_processes_see_each_other(path: Path, outbox: Outbox) -> None:
    courier = Outbox(path, KEY)
    sent = [chunk() for _ in range(10)]
    for each in sent:
        outbox.put([each])
        outbox.settle()
        courier.refresh_one_free()
    assert taken(courier) == set(sent)
    for each in sent:
        assert courier.free(stored(each))
        assert each not in taken(outbox)
    assert outbox.counts().free == courier.counts().free == ROWS


def test_refreshing_changes_one_free_row_and_no_state(path: Path, outbox: Outbox) -> None:
    outbox.put([chunk()])
    outbox.settle()
    rows = _blobs(path)
    outbox.refresh_one_free()
    outbox.settle()
    changed = [row for row, blob in _blobs(path).items() if rows[row] != blob]
    assert len(changed) == 1
    assert changed[0] != outbox.waiting()[0][0]


def test_a_damaged_row_is_set_aside_and_the_others_go_on(path: Path, outbox: Outbox) -> None:
    sent = [chunk() for _ in range(5)]
    outbox.put(sent)
    (hurt, header), *_ = outbox.waiting()
    _overwrite(path, hurt, lambda blob: blob[:-1] + bytes([blob[-1] ^ 1]))
    _overwrite(path, _free_row(outbox), lambda _: b"short")
    again = Outbox(path, KEY)
    assert again.counts() == Counts(free=ROWS - 6, real=4, parked=0, damaged=2)
    assert taken(again) == {each for each in sent if each.header != header}
    again.put([chunk() for _ in range(ROWS - 6 - URGENT_RESERVE)])
    assert again.counts().damaged == 2, "never taken for free"


def test_a_row_moved_to_another_place_is_damaged(path: Path, outbox: Outbox) -> None:
    outbox.put([chunk()])
    row = outbox.waiting()[0][0]
    blob = _blobs(path)[row]
    _overwrite(path, _free_row(outbox), lambda _: blob)
    assert Outbox(path, KEY).counts().damaged == 1
    assert len(Outbox(path, KEY).waiting()) == 1


def test_a_bad_block_costs_one_row(path: Path, outbox: Outbox) -> None:
    sent = [chunk() for _ in range(30)]
    outbox.put(sent)
    outbox.settle()
    outbox.close()
    data = bytearray(path.read_bytes())
    page = _page_of_row(path, 17)
    data[page * PAGE : (page + 1) * PAGE] = b"\xa5" * PAGE
    path.write_bytes(data)
    again = Outbox(path, KEY)
    counts = again.counts()
    assert counts.damaged == 1
    assert counts.free + counts.real == ROWS - 1
    assert len(taken(again)) == counts.real >= 29
    again.put([chunk()])


def test_missing_foreign_and_broken_files_are_refused(path: Path, tmp_path: Path) -> None:
    with pytest.raises(OutboxError):
        Outbox(tmp_path / "none.db", KEY)
    assert not (tmp_path / "none.db").exists()
    with pytest.raises(OutboxError):
        Outbox(path, secrets.token_bytes(32))
    with pytest.raises(OutboxError):
        Outbox.create(path, KEY, ROWS)
    path.write_bytes(b"not a database" * 1000)
    with pytest.raises(OutboxError):
        Outbox(path, KEY)


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from kiosk.protocol.cells import COVER, BODY, Chunk, Header
from kiosk.common.errors import OutboxError, OutboxFull
from kiosk.device.outbox import Outbox
outbox = Outbox(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]))
before = len(outbox.waiting())
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024))
for _ in range(3):
    try:
        outbox.put([Chunk(Header(1, False, bytes(16), 0, 1), bytes(BODY))])
    except OutboxFull:
        sys.exit("called full")
    except OutboxError:
        assert len(outbox.waiting()) == before == 2
        assert all(outbox.take(row) for row, _ in outbox.waiting())
    else:
        sys.exit("the put was said to be kept")
"""


def test_a_disk_that_refuses_is_told_and_reading_goes_on(path: Path, outbox: Outbox) -> None:
    outbox.put([chunk(), chunk()])
    outbox.settle()
    command = [sys.executable, "-c", FULL_DISK, str(path), KEY.hex()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE, check=False)
    assert done.returncode == 0, done.stderr
    assert outbox.counts().real == 2


PUTTER = """
import secrets, sys
from pathlib import Path
from kiosk.protocol.cells import BODY, Chunk, Header
from kiosk.device.outbox import Outbox
outbox = Outbox(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]))
while True:
    report_id = secrets.token_bytes(16)
    outbox.put([Chunk(Header(1, True, report_id, 0, 1), bytes(BODY))])
    print(report_id.hex(), flush=True)
    outbox.settle()
"""


def test_a_killed_writer_loses_nothing_it_called_kept(path: Path) -> None:
    kept: set[str] = set()
    command = [sys.executable, "-c", PUTTER, str(path), KEY.hex()]
    for _ in range(10):
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout
            kept |= {writer.stdout.readline().strip() for _ in range(5)}
            writer.kill()
            kept |= {line.strip() for line in writer.stdout if line.endswith("\n")}
        outbox = Outbox(path, KEY)
        found = {header.report_id.hex() for _, header in outbox.waiting()}
        assert kept <= found
        assert outbox.counts().damaged == 0
        for each in taken(outbox):
            outbox.free(stored(each))
        outbox.close()
        kept.clear()


def test_sizes_at_provisioning() -> None:
    assert (TOUCH_ROWS, PHONE_ROWS, URGENT_RESERVE) == (768, 256, 32)
    assert resource.getpagesize() <= PAGE


def _blobs(path: Path) -> dict[int, bytes]:
    db = sqlite3.connect(path)
    found = dict(db.execute("SELECT row, sealed FROM rows").fetchall())
    db.close()
    return found


def _overwrite(path: Path, row: int, change: object) -> None:
    db = sqlite3.connect(path)
    blob = change(_blobs(path)[row])  # type: ignore[operator]
    with db:
        db.execute("UPDATE rows SET sealed = ? WHERE row = ?", (blob, row))
    db.close()


def _free_row(outbox: Outbox) -> int:
    real = {row for row, _ in outbox.waiting()}
    return next(row for row in range(ROWS) if row not in real)


def _page_of_row(path: Path, row: int) -> int:
    blob = _blobs(path)[row]
    return path.read_bytes().index(blob) // PAGE

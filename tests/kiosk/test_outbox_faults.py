"""The outbox on cards that fail: what can be read is still read, and nothing is kept in vain."""

import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from random import Random

import apsw
import pytest

from kiosk.common.errors import OutboxError
from kiosk.device.outbox import Outbox
from kiosk.protocol.cells import BODY, Chunk, Header, Receipt, Status
from tests.cards import Card
from tests.sim.disk import Disk, Process
from tests.sim.faults import Sickness

KEY = bytes(range(32))
ROWS = 64
PUT_AND_END = """
import os, sys
from pathlib import Path
from kiosk.protocol.cells import BODY, Chunk, Header
from kiosk.device.outbox import Outbox
outbox = Outbox(Path(sys.argv[1]), bytes(range(32)))
outbox.put([Chunk(Header(1, False, bytes(16), 0, 1), bytes(BODY))])
outbox.close() if sys.argv[2] == "closed" else os._exit(0)
"""


def chunk() -> Chunk:
    return Chunk(Header(1, False, secrets.token_bytes(16), 0, 1), secrets.token_bytes(BODY))


def readable(outbox: Outbox) -> set[Chunk]:
    return {found for row, _ in outbox.waiting() if (found := outbox.take(row))}


def refuses_everything(outbox: Outbox, waiting: Header) -> None:
    for write in (
        lambda: outbox.put([chunk()]),
        lambda: outbox.free(Receipt.of(waiting, Status.STORED)),
        outbox.refresh_one_free,
    ):
        with pytest.raises(OutboxError):
            write()


@pytest.fixture
def card(tmp_path: Path) -> Iterator[Card]:
    card = Card(tmp_path / "card")
    yield card
    card.pull()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    Outbox.create(tmp_path / "touch.db", KEY, ROWS)
    disk = Disk(tmp_path, Random(1))
    yield disk
    disk.close()


def opened(disk: Disk) -> Outbox:
    return Outbox(disk.folder / "touch.db", KEY, Process(disk).connect)


@pytest.mark.parametrize("before", ["closed", "killed"])
def test_a_read_only_card_closes_filing_and_is_read(card: Card, before: str) -> None:
    path = card.folder / "touch.db"
    Outbox.create(path, KEY, ROWS)
    subprocess.run([sys.executable, "-c", PUT_AND_END, str(path), before], check=True)
    card.make_read_only()
    outbox = Outbox(path, KEY)
    (sent,) = readable(outbox)
    with pytest.raises(OutboxError, match="read-only"):
        outbox.room(urgent=True)
    refuses_everything(outbox, sent.header)
    assert readable(outbox) == {sent}

    card.make_writable()
    assert readable(outbox) == {sent}
    other = Outbox(path, KEY)
    other.put([late := chunk()])
    assert readable(outbox) == {sent, late}
    assert outbox.free(Receipt.of(sent.header, Status.STORED))
    assert readable(other) == {late}
    for each in (outbox, other):
        each.close()


def test_a_card_that_turns_read_only_while_open_is_read(disk: Disk) -> None:
    outbox, sent = opened(disk), chunk()
    outbox.put([sent])
    disk.sickness = Sickness.READ_ONLY
    for _ in range(2):
        refuses_everything(outbox, sent.header)
        assert readable(outbox) == {sent}
    disk.sickness = None
    outbox.put([late := chunk()])
    assert readable(outbox) == {sent, late}


def test_a_card_that_fails_wholly_while_open_keeps_nothing_more(disk: Disk) -> None:
    outbox, sent = opened(disk), chunk()
    outbox.put([sent])
    disk.sickness = Sickness.GONE
    for _ in range(2):
        with pytest.raises(OutboxError):
            outbox.put([chunk()])
    disk.sickness = None
    outbox.put([late := chunk()])
    assert readable(outbox) == {sent, late}


def test_a_full_card_closes_filing_before_anybody_begins(card: Card) -> None:
    path = card.folder / "touch.db"
    Outbox.create(path, KEY, ROWS)
    outbox, sent = Outbox(path, KEY), chunk()
    outbox.put([sent])
    outbox.settle()
    assert outbox.room(urgent=False) > 0
    card.fill()
    with pytest.raises(OutboxError, match="full"):
        outbox.room(urgent=True)
    refuses_everything(outbox, sent.header)
    assert readable(outbox) == readable(Outbox(path, KEY)) == {sent}
    card.empty()
    assert outbox.room(urgent=False) > 0
    assert outbox.free(Receipt.of(sent.header, Status.STORED))
    outbox.close()


def test_an_unreadable_row_is_tried_again_when_the_card_has_recovered(tmp_path: Path) -> None:
    """For whichever row: it is damaged as long as it cannot be read, and no longer."""
    Outbox.create(tmp_path / "touch.db", KEY, ROWS)
    damaged = 0
    for first in range(60, 90, 5):
        disk = _BadSpot(tmp_path, first)
        writer, courier = opened(disk), opened(disk)
        writer.put([chunk()])
        disk.reads = 0
        with suppress(OutboxError):
            damaged = max(damaged, courier.counts().damaged)
        disk.reads = disk.NEVER
        assert courier.counts().damaged == 0
        assert readable(courier) == readable(writer)
        disk.close()
    assert damaged > 0


class _BadSpot(Disk):
    """Some reads fail in a row."""

    NEVER, LENGTH = -1_000_000, 80

    def __init__(self, folder: Path, first: int) -> None:
        super().__init__(folder, Random(1))
        self.reads, self._first = self.NEVER, first

    def reading(self) -> None:
        self.reads += 1
        if self._first <= self.reads < self._first + self.LENGTH:
            raise apsw.IOError


def test_a_refused_chunk_that_cannot_be_read_is_not_parked_as_an_empty_one(disk: Disk) -> None:
    outbox, sent = opened(disk), chunk()
    outbox.put([sent])
    other = opened(disk)
    disk.sickness = Sickness.GONE
    with pytest.raises(OutboxError):
        other.park(Receipt.of(sent.header, Status.REFUSED))
    disk.sickness = None
    assert readable(outbox) == readable(opened(disk)) == {sent}


def test_a_file_that_disappears_while_open_keeps_nothing_in_vain(tmp_path: Path) -> None:
    path = tmp_path / "touch.db"
    Outbox.create(path, KEY, ROWS)
    outbox, sent = Outbox(path, KEY), chunk()
    outbox.put([sent])
    for file in tmp_path.iterdir():
        file.unlink()
    with pytest.raises(OutboxError, match="gone"):
        outbox.room(urgent=True)
    refuses_everything(outbox, sent.header)
    Outbox.create(path, KEY, ROWS)
    refuses_everything(outbox, sent.header)
    assert readable(Outbox(path, KEY)) == set()


def test_a_card_that_is_pulled_out_closes_filing(card: Card) -> None:
    path = card.folder / "touch.db"
    Outbox.create(path, KEY, ROWS)
    outbox, sent = Outbox(path, KEY), chunk()
    outbox.put([sent])
    card.pull()
    with pytest.raises(OutboxError, match="gone"):
        outbox.room(urgent=True)
    refuses_everything(outbox, sent.header)
    outbox.close()
    Card.__init__(card, card.folder.with_name("next"))

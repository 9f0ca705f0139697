"""Cells by stick, by the real commands: nothing is lost, whatever happens to the stick."""

import hashlib
import os
import re
import secrets
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import click
import pytest
from click.testing import CliRunner

import uplink.main
import uplink.station.main
from kiosk import files
from kiosk.cells import CELL, Kind, Receipt, Status, cut, open_up
from kiosk.outbox import Outbox
from tests.uplink.village import ROOT, Village, icon_chunks, make_report
from uplink import carry_file
from uplink.carry_file import CELLS, SIZE, Batch, Way


class Done(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    stick = tmp_path / "stick"
    stick.mkdir()
    return stick


def courier(village: Village, command: str, stick: Path, name: str = "kiosk") -> Done:
    config = str(village.folder / name / "courier.toml")
    return run(uplink.main.main, command, "--config", config, str(stick))


def station(village: Village, stick: Path) -> Done:
    config = str(village.station / "station.toml")
    return run(uplink.station.main.main, "import", "--config", config, str(stick))


def run(command: click.Command, *arguments: str) -> Done:
    result = CliRunner().invoke(command, arguments)
    assert isinstance(result.exception, SystemExit | None), result.exception
    return Done(result.exit_code, result.stdout, result.stderr)


def stored(village: Village, table: str = "chunks") -> int:
    """How many rows the station's database has; none before it was first opened."""
    path = village.station / "station.db"
    if not path.exists():
        return 0
    with closing(sqlite3.connect(path)) as db:
        number: int = db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        return number


def process(module: str, *arguments: str) -> None:
    subprocess.run([sys.executable, "-m", module, *arguments], cwd=ROOT, check=True, timeout=60)


def good(done: Done) -> None:
    assert (done.returncode, done.stderr) == (0, "")


def refused(done: Done, words: str) -> None:
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def put(outbox: Outbox, village: Village, number: int, **changes: object) -> None:
    for index in range(number):
        report = make_report(what=(f"m:{index}",), **changes)
        outbox.put(icon_chunks(report, village.report_key.public))
    outbox.settle()


def up_file(stick: Path) -> Path:
    (path,) = stick.glob("*.up")
    return path


def down_file(stick: Path) -> Path:
    (path,) = stick.glob("*.down")
    return path


def carried(village: Village, stick: Path, name: str = "kiosk") -> list[int]:
    """The kinds of the cells on the stick, in their order."""
    batch = carry_file.read(up_file(stick), Way.UP)
    return [open_up(village.keys_of(name), cell).header.kind for cell in batch.cells]


def test_a_report_goes_and_its_row_is_freed_by_what_comes_back(
    village: Village, stick: Path
) -> None:
    outbox = village.add_kiosk("kiosk")
    put(outbox, village, 3)
    kiosk = ["--config", str(village.folder / "kiosk" / "courier.toml"), str(stick)]
    process("uplink.main", "export", *kiosk)
    assert outbox.counts().real == 3
    process(
        "uplink.station.main",
        "import",
        "--config",
        str(village.station / "station.toml"),
        str(stick),
    )
    assert len(village.inbox()) == 3
    assert outbox.counts().real == 3
    process("uplink.main", "collect", *kiosk)
    assert outbox.counts().free == 128


def test_every_file_looks_alike_whatever_waits(village: Village, stick: Path) -> None:
    outbox = village.add_kiosk("kiosk", rows=384)
    seen = []
    sealed = village.folder / "kiosk" / "carry.sealed"
    for number in (0, 1, 299):
        put(outbox, village, number)
        done = courier(village, "export", stick)
        good(done)
        kinds = carried(village, stick)
        seen.append((done.stdout, up_file(stick).stat().st_size, sealed.stat().st_size))
        assert kinds.count(Kind.ICON) == min(CELLS, outbox.counts().real)
        if number == 1:
            assert up_file(stick).name == f"homthu-{village.kiosks['kiosk']}.up"
    assert len(set(seen)) == 1
    assert seen[0][1] == SIZE


def test_no_two_exports_share_a_cell_and_real_ones_have_no_place_of_their_own(
    village: Village, stick: Path
) -> None:
    put(village.add_kiosk("kiosk"), village, 1)
    places, cells = [], []
    for _ in range(6):
        good(courier(village, "export", stick))
        places.append(carried(village, stick).index(Kind.ICON))
        cells += carry_file.read(up_file(stick), Way.UP).cells
    assert len(set(places)) > 1
    assert len(set(cells)) == len(cells)


def test_urgent_reports_go_first_and_attachments_last(village: Village, stick: Path) -> None:
    outbox = village.add_kiosk("kiosk", rows=384)
    for _ in range(10):
        sealed = secrets.token_bytes(32 * 4046)
        outbox.put(cut(Kind.PHOTO, False, secrets.token_bytes(16), sealed))
    put(outbox, village, 5)
    put(outbox, village, 2, urgent=True)
    good(courier(village, "export", stick))
    batch = carry_file.read(up_file(stick), Way.UP)
    headers = [open_up(village.keys_of("kiosk"), cell).header for cell in batch.cells]
    assert sum(header.urgent for header in headers) == 2
    assert sum(header.kind == Kind.ICON for header in headers) == 7
    assert sum(header.kind == Kind.PHOTO for header in headers) == CELLS - 7


def test_more_than_a_stick_holds_goes_in_several_journeys(village: Village, stick: Path) -> None:
    outbox = village.add_kiosk("kiosk", rows=384)
    put(outbox, village, 300)
    for _ in range(2):
        good(courier(village, "export", stick))
        good(station(village, stick))
    good(courier(village, "export", stick))
    assert outbox.counts().real == 0
    assert stored(village) == 300


def test_a_lost_stick_loses_nothing_and_an_old_one_still_frees(
    village: Village, stick: Path, tmp_path: Path
) -> None:
    outbox = village.add_kiosk("kiosk")
    put(outbox, village, 2)
    good(courier(village, "export", stick))
    second = tmp_path / "second"
    second.mkdir()
    good(courier(village, "export", second))
    good(station(village, second))
    good(courier(village, "collect", second))
    assert outbox.counts().real == 0
    put(outbox, village, 1)
    good(station(village, stick))
    good(courier(village, "collect", stick))
    assert outbox.counts().real == 1
    assert stored(village) == 2


def test_everything_may_be_done_twice(village: Village, stick: Path) -> None:
    outbox = village.add_kiosk("kiosk")
    put(outbox, village, 2)
    good(courier(village, "export", stick))
    for _ in range(2):
        good(station(village, stick))
    for _ in range(2):
        good(courier(village, "collect", stick))
    assert outbox.counts().free == 128
    assert stored(village) == 2


def test_network_and_stick_together_lose_and_repeat_nothing(village: Village, stick: Path) -> None:
    outbox = village.add_kiosk("kiosk", slot_s=0.02)
    put(outbox, village, 60)
    village.start_broker()
    village.start_station()
    village.start_courier("kiosk")
    for _ in range(3):
        good(courier(village, "export", stick))
        good(station(village, stick))
        good(courier(village, "collect", stick))
    assert outbox.counts().real == 0
    assert stored(village) == 60


def test_a_refused_chunk_is_parked(village: Village, stick: Path) -> None:
    outbox = village.add_kiosk("kiosk")
    first = icon_chunks(make_report(), village.report_key.public)
    outbox.put(first)
    good(courier(village, "export", stick))
    good(station(village, stick))
    down_file(stick).unlink()
    outbox.free(Receipt.of(first[0].header, Status.STORED))
    other = cut(Kind.ICON, False, first[0].header.report_id, secrets.token_bytes(4046))
    outbox.put(other)
    good(courier(village, "export", stick))
    good(station(village, stick))
    good(courier(village, "collect", stick))
    assert outbox.counts().parked == 1
    assert stored(village) == 1


def test_several_kiosks_on_one_stick_and_one_bad_file(village: Village, stick: Path) -> None:
    outboxes = {name: village.add_kiosk(name) for name in ("a", "b", "c")}
    for name, outbox in outboxes.items():
        put(outbox, village, 1)
        good(courier(village, "export", stick, name))
    bad = stick / f"homthu-{village.kiosks['b']}.up"
    bad.write_bytes(bad.read_bytes()[:-1])
    refused(station(village, stick), bad.name)
    assert stored(village) == 2
    good(courier(village, "collect", stick, "a"))
    good(courier(village, "collect", stick, "c"))
    refused(courier(village, "collect", stick, "b"), "carry it to the station first")
    assert [outbox.counts().real for outbox in outboxes.values()] == [0, 1, 0]


def flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


DAMAGE = {
    "empty": lambda path: path.write_bytes(b""),
    "head only": lambda path: path.write_bytes(path.read_bytes()[:8]),
    "cut": lambda path: os.truncate(path, SIZE // 2),
    "longer": lambda path: path.open("ab").write(b"x"),
    "foreign": lambda path: path.write_bytes(b"PK\x03\x04" * 999),
    "magic": lambda path: flip(path, 0),
    "id": lambda path: flip(path, 9),
    "number": lambda path: flip(path, 30),
    "cell": lambda path: flip(path, SIZE // 2),
    "digest": lambda path: flip(path, SIZE - 1),
    "folder": lambda path: (path.unlink(), path.mkdir()),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_file_is_refused_and_nothing_is_lost(
    village: Village, stick: Path, damage: str
) -> None:
    outbox = village.add_kiosk("kiosk")
    put(outbox, village, 1)
    good(courier(village, "export", stick))
    whole = up_file(stick).read_bytes()
    DAMAGE[damage](up_file(stick))
    done = station(village, stick)
    refused(done, "")
    assert re.search(r"\(.+\)", done.stderr)
    assert list(stick.glob("*.down")) == []
    assert stored(village) == 0
    name = f"homthu-{village.kiosks['kiosk']}.up"
    if damage == "folder":
        (stick / name).rmdir()
    (stick / name).write_bytes(whole)
    good(station(village, stick))
    answered = down_file(stick).read_bytes()
    DAMAGE[damage](down_file(stick))
    refused(courier(village, "collect", stick), "")
    assert outbox.counts().real == 1
    path = carry_file.path_of(stick, Way.DOWN, bytes.fromhex(village.kiosks["kiosk"]))
    if damage == "folder":
        path.rmdir()
    path.write_bytes(answered)
    good(courier(village, "collect", stick))
    assert outbox.counts().real == 0


def reseal(path: Path, way: Way, **changes: object) -> None:
    """Change a file as somebody would who can compute a digest but has no key."""
    batch = carry_file.read(path, way)
    values = {"kiosk": batch.kiosk, "number": batch.number, "cells": batch.cells} | changes
    path.write_bytes(Batch(**values).pack(way))  # type: ignore[arg-type]


def test_cells_of_another_kiosk_or_of_nobody_are_refused_whole(
    village: Village, stick: Path
) -> None:
    village.add_kiosk("other")
    outbox = village.add_kiosk("kiosk")
    put(outbox, village, 1)
    good(courier(village, "export", stick))
    whole = up_file(stick).read_bytes()
    reseal(up_file(stick), Way.UP, kiosk=bytes.fromhex(village.kiosks["other"]))
    refused(station(village, stick), "generation")
    reseal(up_file(stick), Way.UP, kiosk=bytes(16))
    refused(station(village, stick), "kiosks.toml")
    up_file(stick).write_bytes(whole)
    cells = carry_file.read(up_file(stick), Way.UP).cells
    reseal(up_file(stick), Way.UP, cells=(*cells[:-1], bytes(CELL)))
    refused(station(village, stick), "do not open")
    assert stored(village) == 0
    assert stored(village, "quarantine") == 0


def test_forged_answers_free_nothing(village: Village, stick: Path) -> None:
    outbox = village.add_kiosk("kiosk")
    put(outbox, village, 1)
    good(courier(village, "export", stick))
    good(station(village, stick))
    cells = carry_file.read(down_file(stick), Way.DOWN).cells
    reseal(down_file(stick), Way.DOWN, cells=cells[1:] + cells[:1])
    refused(courier(village, "collect", stick), "nothing is lost")
    reseal(down_file(stick), Way.DOWN, cells=cells, number=bytes(16))
    refused(courier(village, "collect", stick), "too old")
    assert outbox.counts().real == 1


def test_answers_to_one_of_the_last_four_batches_open(village: Village, stick: Path) -> None:
    outbox = village.add_kiosk("kiosk")
    put(outbox, village, 1)
    sticks = []
    for index in range(5):
        sticks.append(stick / str(index))
        sticks[-1].mkdir()
        good(courier(village, "export", sticks[-1]))
        good(station(village, sticks[-1]))
    refused(courier(village, "collect", sticks[0]), "too old")
    assert outbox.counts().real == 1
    good(courier(village, "collect", sticks[1]))
    assert outbox.counts().real == 0


def test_a_lost_or_damaged_memory_costs_a_journey_and_no_report(
    village: Village, stick: Path
) -> None:
    outbox = village.add_kiosk("kiosk")
    put(outbox, village, 1)
    good(courier(village, "export", stick))
    good(station(village, stick))
    flip(village.folder / "kiosk" / "carry.sealed", 50)
    refused(courier(village, "collect", stick), "too old")
    done = courier(village, "export", stick)
    assert (done.returncode, "too old" in done.stderr) == (0, True)
    good(station(village, stick))
    good(courier(village, "collect", stick))
    assert (outbox.counts().real, stored(village)) == (0, 1)


@pytest.mark.parametrize("moment", ["write", "fsync", "replace"])
def test_a_stick_pulled_while_written_keeps_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    cells = tuple(secrets.token_bytes(CELL) for _ in range(CELLS))
    old = Batch(bytes(16), bytes(16), cells)
    carry_file.write(tmp_path, Way.UP, old)

    def pulled(*_: object) -> None:
        raise OSError(5, "Input/output error")

    if moment == "write":
        monkeypatch.setattr(files.os, "fdopen", pulled)
    else:
        monkeypatch.setattr(files.os, moment, pulled)
    with pytest.raises(carry_file.CarryError, match="Input/output error"):
        carry_file.write(tmp_path, Way.UP, Batch(bytes(16), b"n" * 16, cells))
    monkeypatch.undo()
    path = carry_file.path_of(tmp_path, Way.UP, bytes(16))
    assert carry_file.read(path, Way.UP) == old
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_a_full_stick_and_none_at_all_are_explained(village: Village, tmp_path: Path) -> None:
    put(village.add_kiosk("kiosk"), village, 1)
    refused(courier(village, "export", tmp_path / "none"), "does not exist")
    empty = tmp_path / "empty"
    empty.mkdir()
    refused(station(village, empty), "export at a kiosk first")
    refused(courier(village, "collect", empty), "carry it to the station first")
    blocked = tmp_path / "blocked"
    shutil.rmtree(empty)
    (blocked / f"homthu-{village.kiosks['kiosk']}.up" / "in the way").mkdir(parents=True)
    refused(courier(village, "export", blocked), "cannot be written")


def test_the_format_is_what_the_protocol_says(village: Village, stick: Path) -> None:
    village.add_kiosk("kiosk")
    good(courier(village, "export", stick))
    data = up_file(stick).read_bytes()
    assert len(data) == 8 + 16 + 16 + 256 * 4096 + 32 == 1_048_648
    assert data[:8] == b"HTCARRYU"
    assert data[8:24] == bytes.fromhex(village.kiosks["kiosk"])
    assert data[-32:] == hashlib.sha256(data[:-32]).digest()
    good(station(village, stick))
    answer = down_file(stick).read_bytes()
    assert answer[:8] == b"HTCARRYD"
    assert answer[8:40] == data[8:40]
    assert len(answer) == len(data)

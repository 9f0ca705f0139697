"""Sticks that are damaged, forged, full, pulled or lost: a clear refusal, nothing lost."""

import os
import re
import secrets
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from kiosk.common.errors import CarryError
from kiosk.protocol.cells import CELL
from tests.uplink.stick import courier, down_file, good, put, refused, station, stored, up_file
from tests.uplink.village import ROOT, Village
from tests.waiting import DEADLINE, wait_until
from uplink.link import carry_file
from uplink.link.carry_file import CELLS, SIZE, Batch, Way
from uplink.station.receive.store import Store


def flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


def make_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGE: dict[str, Callable[[Path], object]] = {
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
    "folder": make_folder,
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
        monkeypatch.setattr(os, "fdopen", pulled)
    else:
        monkeypatch.setattr(os, moment, pulled)
    with pytest.raises(CarryError, match="Input/output error"):
        carry_file.write(tmp_path, Way.UP, Batch(bytes(16), b"n" * 16, cells))
    monkeypatch.undo()
    path = carry_file.path_of(tmp_path, Way.UP, bytes(16))
    assert carry_file.read(path, Way.UP) == old
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_an_export_killed_at_any_moment_leaves_a_whole_file_or_none(
    village: Village, stick: Path
) -> None:
    outbox = village.add_kiosk("kiosk")
    put(outbox, village, 1)
    arguments = ["export", "--config", str(village.folder / "kiosk" / "courier.toml"), str(stick)]
    for tenth in range(1, 13):
        export = subprocess.Popen(
            [sys.executable, "-m", "uplink.courier.main", *arguments],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
        )
        with suppress(subprocess.TimeoutExpired):
            export.wait(timeout=tenth / 10)
        export.kill()
        export.wait()
        for path in stick.glob("*.up"):
            assert len(carry_file.read(path, Way.UP).cells) == CELLS
    assert outbox.counts().real == 1
    good(courier(village, "export", stick))
    good(station(village, stick))
    good(courier(village, "collect", stick))
    assert outbox.counts().real == 0


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


def test_an_interrupted_import_answers_nothing_and_may_be_repeated(
    village: Village, stick: Path
) -> None:
    outbox = village.add_kiosk("kiosk")
    put(outbox, village, 1)
    good(courier(village, "export", stick))
    Store(f"sqlite:///{village.station / 'station.db'}").close()
    lock = sqlite3.connect(village.station / "station.db", isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    config = str(village.station / "station.toml")
    command = ["-m", "uplink.station.commands.main", "import", "--config", config, str(stick)]
    importing = subprocess.Popen([sys.executable, *command], cwd=ROOT, stderr=subprocess.PIPE)
    wait_until(lambda: str(village.station / "station.db") in _opened_by(importing.pid))
    importing.send_signal(signal.SIGINT)
    _, words = importing.communicate(timeout=DEADLINE)
    assert importing.returncode == 130, words
    assert b"Traceback" not in words
    assert list(stick.glob("*.down")) == []
    lock.execute("ROLLBACK")
    good(station(village, stick))
    assert stored(village) == 1


def _opened_by(process: int) -> set[str]:
    return {file.path for file in psutil.Process(process).open_files()}

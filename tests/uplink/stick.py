"""What the tests of cells by stick do with a stick."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import click
from click.testing import CliRunner

import uplink.courier.main
import uplink.station.commands.main
from kiosk.device.outbox import Outbox
from kiosk.protocol.cells import open_up
from tests.uplink.village import ROOT, Village, icon_chunks, make_report
from tests.waiting import DEADLINE
from uplink.link import carry_file
from uplink.link.carry_file import Way


class Done(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


def courier(village: Village, command: str, stick: Path, name: str = "kiosk") -> Done:
    config = str(village.folder / name / "courier.toml")
    return run(uplink.courier.main.main, command, "--config", config, str(stick))


def station(village: Village, stick: Path) -> Done:
    config = str(village.station / "station.toml")
    return run(uplink.station.commands.main.main, "import", "--config", config, str(stick))


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
    subprocess.run(
        [sys.executable, "-m", module, *arguments], cwd=ROOT, check=True, timeout=DEADLINE
    )


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

"""`make bench`: one table of ratios, printed and written to docs/benchmarks.md.

    python -m tests.bench [uplink] [bytes] [station] [touch] [voice] [sound] [spoken] [phone] [desk]
        [card] [fleet] [image]

With names only those parts are measured, and printed only; `image` needs `make image`, and a name.
"""

import os
import platform
import sys
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

PAGE = Path(__file__).parent.parent.parent / "docs" / "benchmarks.md"
PREFIX = "tests.bench.bench_"
PARTS = ("uplink", "bytes", "station", "touch", "voice", "sound", "spoken", "phone", "desk", "card",
         "fleet")  # fmt: skip


class Row(NamedTuple):
    """One measurement beside its yardstick; `ratio` is ours to theirs, `aim` in words."""

    name: str
    ours: str
    baseline: str
    ratio: float
    aim: str


def main(names: list[str]) -> None:
    """Measure the named parts, or everything and write it down, part by part."""
    parts = [import_module(f"{PREFIX}{name}") for name in names or PARTS]
    rows: list[Row] = []
    for part in parts:
        told = _told(part.rows)
        Console().print(_table(told))
        rows += told
        if not names:
            PAGE.write_text(_page(rows), "utf-8")


def _told(measure: Callable[[], Iterable[tuple[str, str, str, float, str]]]) -> list[Row]:
    return [Row(*row) for row in measure()]


def _table(rows: list[Row]) -> Table:
    table = Table("measured", "ours", "beside", "ratio", "aim")
    for row in rows:
        table.add_row(row.name, row.ours, row.baseline, f"{row.ratio:.2f}", row.aim)
    return table


def _page(rows: list[Row]) -> str:
    lines = "".join(
        f"| {row.name} | {row.ours} | {row.baseline} | {row.ratio:.2f} | {row.aim} |\n"
        for row in rows
    )
    return f"""# Benchmarks

Written by `make bench`: both sides of each ratio come from the same run, so that the machine's
speed falls out. This run: {platform.machine()}, {os.cpu_count()} cores,
Python {platform.python_version()}, no GPU (software rendering
under Xvfb). Nothing here was measured on a Raspberry Pi.

| measured | ours | beside | ratio | aim |
|---|---|---|---|---|
{lines}"""


if __name__ == "__main__":
    main(sys.argv[1:])

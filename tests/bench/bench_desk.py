"""The desk: whether many reports slow its inbox, and what it costs to see and to open one."""

import copy
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from itertools import cycle
from pathlib import Path

from tests.bench.bench_uplink import Row, in_ms, interleaved
from tests.uplink.station.desk.place import (
    CHIEF,
    Client,
    Reply,
    crime,
    deliver,
    make_station,
    office_served,
)
from tests.uplink.village import Village

SIZES = (100, 10_000, 100_000)
TURN = 1000


def rows() -> Iterator[Row]:
    """All measurements of the desk, each size beside the smallest."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        pattern = make_station(Path(name) / "pattern")
        desks = [_Filled(pattern, Path(name), size, stack) for size in SIZES]
        small = desks[0]
        for desk in desks[1:]:
            size = f"{desk.size:,} / {small.size:,} reports"
            for words, aim, deed in (
                ("the inbox's page", "", _Filled.inbox),
                ("search for three words", "", _Filled.search),
                ("nothing new: the list asks again", "", _Filled.ask),
                ("a report stored, until its line is in the list", "", _Filled.arrive),
                ("a report opened and logged", "flat", _Filled.open),
            ):
                both = interleaved(partial(deed, desk), partial(deed, small), lambda: None)
                yield in_ms(f"{words}, {size}", *both, aim)


class _Filled:
    """A desk with so many reports, all opened, and a chief who is signed in."""

    def __init__(self, pattern: Village, folder: Path, size: int, stack: ExitStack) -> None:
        self.size = size
        self._village = copy.copy(pattern)
        self._village.station = folder / f"station-{size}"
        shutil.copytree(pattern.station, self._village.station)
        for start in range(0, size, TURN):
            made = [crime(what=("noise",), box="order") for _ in range(min(TURN, size - start))]
            deliver(self._village, *made, hour=int(time.time()) // 3600 - 300 - start // 10)
        _, port = stack.enter_context(office_served(self._village))
        self._client = Client(port)
        self._client.sign_in(CHIEF)
        while f"<b>{size}</b>" not in self._client.get("/?view=all").text:
            pass
        self._seen = ""
        self._paths = cycle(self._client.cases("/?view=unread"))

    def inbox(self) -> None:
        assert self._client.get("/").status == 200

    def search(self) -> None:
        assert self._client.get("/?words=on+ao+khong+co+dau").status == 200

    def ask(self) -> None:
        answer = self._client.get(f"/inbox?seen={self._seen}")
        self._learn(answer)

    def arrive(self) -> None:
        deliver(self._village, crime())
        answer = self._client.get(f"/inbox?seen={self._seen}")
        assert answer.status == 200
        self._learn(answer)

    def _learn(self, answer: Reply) -> None:
        found = re.search(r"seen=(\d+)", answer.text)
        self._seen = found[1] if found else self._seen

    def open(self) -> None:
        assert self._client.get(next(self._paths)).status == 200

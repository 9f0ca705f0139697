"""Provisioning: ten kiosks of one file beside a durable copy of the same folders.

python -m tests.bench.bench_fleet
"""

import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from kiosk.common import files
from tests.provisioning.district import District

KIOSKS = tuple(f"Bản {number}" for number in range(1, 11))

Row = tuple[str, str, str, float, str]


def rows() -> list[Row]:
    """Ten kiosks with hotspot and modem, from the file to all that is written."""
    with tempfile.TemporaryDirectory() as name:
        district = District(Path(name))
        district.admit()
        ours = _seconds(lambda: district.add(*KIOSKS, ssid="HomThu", apn="v-internet"))
        copied = _seconds(lambda: _copy(district.kiosks, Path(name) / "copy"))
    return [
        (
            "provision ten kiosks / copy of their folders, synced",
            f"{ours:.1f} s", f"{copied:.1f} s", ours / copied, "an afternoon",
        )
    ]  # fmt: skip


def _copy(folder: Path, target: Path) -> None:
    shutil.copytree(folder, target)
    files.sync_tree(target)


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    print(rows())

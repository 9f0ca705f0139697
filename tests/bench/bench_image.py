"""The card: from power to its start screen, beside the same kernel to a bare login, both emulated.

It needs `make image` and is measured when it is named.
"""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.bench.bench_uplink import Row
from tests.images.card import Card
from tests.images.glass import shows
from tests.images.guest import add_arguments, add_units
from tests.images.hall import Hall
from tests.images.machine import Machine
from tests.images.qemu import ROOT
from tests.waiting import wait_until

IMAGE = ROOT / "build" / "image"
UP_S = 900.0
BARE = {
    "bare.target": "[Unit]\nRequires=sysinit.target bare.service\n",
    "bare.service": """\
[Unit]
After=sysinit.target
[Service]
StandardInput=tty
StandardOutput=tty
TTYPath=/dev/ttyAMA0
ExecStart=/usr/sbin/agetty ttyAMA0
""",
}


def rows() -> Iterator[Row]:
    """One after the other, on the same machine."""
    with tempfile.TemporaryDirectory(prefix="homthu-bench-") as name:
        hall = Hall(Path(name))
        ours = _seconds(hall, _as_it_is, lambda machine: shows(machine, hall.start_screen))
        bare = _seconds(hall, _to_a_login, lambda machine: "login:" in machine.console())
    yield (
        "from power to the start screen, emulated / to a bare login on the same kernel",
        f"{ours:.0f} s",
        f"{bare:.0f} s",
        ours / bare,
        "below 2",
    )
    packed, whole = ((IMAGE / name).stat().st_size for name in ("homthu.img.zst", "homthu.img"))
    yield (
        "the image compressed / as it is written, both slots filled",
        f"{packed / 1e6:.0f} MB",
        f"{whole / 1e6:.0f} MB",
        packed / whole,
        "below 0.5",
    )


def _seconds(hall: Hall, prepare: Callable[[Card], None], up: Callable[[Machine], bool]) -> float:
    with tempfile.TemporaryDirectory(dir=hall.folder) as name:
        card = hall.card(IMAGE / "homthu.img", Path(name) / "card.img")
        prepare(card)
        machine = Machine(Path(name), card.path)
        machine.start()
        try:
            return wait_until(lambda: up(machine), UP_S, "it does not come up")
        finally:
            machine.pull_the_plug()


def _as_it_is(card: Card) -> None:
    pass


def _to_a_login(card: Card) -> None:
    add_units(card, BARE)
    add_arguments(card, "systemd.unit=bare.target")

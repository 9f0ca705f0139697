"""The touch app against plain Kivy and a Chromium kiosk: start, tap, idling, memory.

    python -m tests.bench.bench_touch

Everything runs on virtual displays of this machine with software drawing, one after the other in
one run. A start is from the process's birth to its first painted frame, the disk cache being warm;
a tap is from the finger to the changed pixel; memory is the proportional set of the whole family
of processes. Chromium and plain Kivy show six tiles with the same pictures and a pressed colour.
"""

import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.bench.glass import Glass
from tests.ui.touch.place import PANELS, TILES, app, display, provision
from ui.touch.layout import screens
from ui.touch.layout.geometry import Panel

GROUND = 0xFAF5E9
STARTS, TAPS, QUIET_S, IDLE_S = 5, 30, 25.0, 20.0
CORNER = (6, 240)
NAMES = ("box_crime", "box_border", "box_order", "box_opinion", "box_ask", "box_listen")

PAGE = """<!doctype html><meta charset="utf-8"><style>
html, body {{ margin: 0; background: #faf5e9; height: 100%; overflow: hidden }}
main {{ display: grid; grid-template: 1fr 1fr / 1fr 1fr 1fr; gap: 20px; padding: 20px;
        height: 440px }}
div {{ background: #fff; display: grid; place-items: center; user-select: none }}
div:active {{ background: #b3202e }} img {{ pointer-events: none }}
</style><main>{tiles}</main>"""

Row = tuple[str, str, str, float, str]
Running = AbstractContextManager[subprocess.Popen[bytes]]
Start = Callable[[str], Running]


@dataclass(frozen=True)
class Subject:
    """One program: how to start it, where to tap it and where the answer shows."""

    name: str
    start: Start
    button: tuple[int, int]
    answer: tuple[int, int]
    before: Callable[[Glass], None] = lambda glass: None


@dataclass(frozen=True)
class Figures:
    """What was measured, as medians."""

    start_ms: float
    tap_ms: float
    idle_percent: float
    pss_mb: float


def measure(subject: Subject) -> Figures:
    """All figures of one program."""
    starts = []
    for number in range(STARTS):
        with display(800, 480) as on:
            glass = Glass(on)
            began = time.perf_counter()
            with subject.start(on) as process:
                starts.append(glass.wait_for(CORNER, lambda c: c == GROUND) - began)
                if number == STARTS - 1:
                    time.sleep(2)
                    subject.before(glass)
                    taps = [_tap(glass, subject) for _ in range(TAPS)]
                    time.sleep(QUIET_S)
                    idle, memory = _idle(process), _pss(process)
            glass.close()
    return Figures(statistics.median(starts) * 1000, statistics.median(taps) * 1000, idle, memory)


def _tap(glass: Glass, subject: Subject) -> float:
    rest = glass.pixel(subject.answer)
    began = glass.press(subject.button)
    took = glass.wait_for(subject.answer, lambda c: c != rest, 3) - began
    glass.release()
    glass.wait_for(subject.answer, lambda c: c == rest, 3)
    time.sleep(0.3)
    return took


def _family(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    parent = psutil.Process(process.pid)
    return [parent, *parent.children(recursive=True)]


def _idle(process: subprocess.Popen[bytes]) -> float:
    def used() -> float:
        return sum(sum(p.cpu_times()[:2]) for p in _family(process))

    before = used()
    time.sleep(IDLE_S)
    return (used() - before) / IDLE_S * 100


def _pss(process: subprocess.Popen[bytes]) -> float:
    total = 0
    for member in _family(process):
        with suppress(psutil.Error):
            total += member.memory_full_info().pss
    return total / 1e6


def ours(folder: Path) -> Subject:
    """The touch app; its menu's "listen again" is tapped, its halo watched."""
    panel = Panel(*PANELS[0])
    again = screens.rail_slot(panel, "again")
    language = screens.start(panel, 2, phone=True).languages[0].centre

    def to_menu(glass: Glass) -> None:
        quick_exit = screens.header(panel).quick_exit
        glass.press(language)
        glass.release()
        glass.wait_for((quick_exit.x + 8, quick_exit.centre[1]), lambda c: c == 0xFFFFFF, 5)
        time.sleep(1)

    def start(on: str) -> Running:
        home = folder / f"ours{len(list(folder.iterdir()))}"
        return app(provision(home / "kiosk"), on, home / "log")

    beside = (again.right + panel.px(1.0), again.centre[1])
    return Subject("touch app", start, again.centre, beside, to_menu)


def plain_kivy(folder: Path) -> Subject:
    """Kivy as it comes."""

    def start(on: str) -> Running:
        home = folder / f"plain{len(list(folder.iterdir()))}"
        config = home / "kiosk" / "kiosk.toml"
        config.parent.mkdir(parents=True)
        command = ("tests.bench.plain_kivy", str(TILES / "240"))
        return app(config, on, home / "log", *command)

    return Subject("plain Kivy", start, (140, 130), (30, 30))


def chromium(folder: Path) -> Subject:
    """A Chromium kiosk with a page of tiles."""
    page = folder / "page.html"
    images = "".join(f'<div><img src="{TILES / "240" / name}.png"></div>' for name in NAMES)
    page.write_text(PAGE.format(tiles=images), "utf-8")

    @contextmanager
    def start(on: str) -> Iterator[subprocess.Popen[bytes]]:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
            process = subprocess.Popen(
                [
                    "chromium", "--kiosk", "--no-sandbox", "--no-first-run", "--disable-gpu",
                    "--window-size=800,480", "--window-position=0,0", "--password-store=basic",
                    f"--user-data-dir={profile}", page.as_uri(),
                ],
                env={"DISPLAY": on, "PATH": "/usr/bin:/bin", "HOME": profile},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )  # fmt: skip
            try:
                yield process
            finally:
                process.terminate()
                process.wait(10)

    return Subject("Chromium kiosk", start, (140, 130), (30, 30))


MEASURED = (
    ("start to first frame", "start_ms", "ms", {"Chromium kiosk": "at most 1.0"}),
    ("tap to changed pixel", "tap_ms", "ms", {"plain Kivy": "at most 0.4"}),
    ("idle, of one core", "idle_percent", "%", {"plain Kivy": "at most 0.1"}),
    ("memory (PSS)", "pss_mb", "MB", {"Chromium kiosk": "at most 0.3"}),
)


def compare(mine: Figures, name: str, other: Figures) -> list[Row]:
    """(what, ours, baseline, ratio, aim) for every figure."""
    found = []
    for what, field, unit, aims in MEASURED:
        own, theirs = getattr(mine, field), getattr(other, field)
        ratio = own / theirs if theirs else float("nan")
        cells = (f"{own:.2f} {unit}", f"{theirs:.2f} {unit}")
        found.append((f"touch app, {what}, beside {name}", *cells, ratio, aims.get(name, "")))
    return found


def rows() -> list[Row]:
    """Measure everything that is installed."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        mine = measure(ours(folder))
        others = [plain_kivy(folder)]
        if shutil.which("chromium"):
            others.append(chromium(folder))
        return [row for other in others for row in compare(mine, other.name, measure(other))]


if __name__ == "__main__":
    for row in rows():
        print("  ".join(map(str, row)))

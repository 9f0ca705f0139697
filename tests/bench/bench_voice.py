"""The Hmong voice: how long it takes to build, and how much faster than speech it speaks.

python -m tests.bench.bench_voice
"""

import atexit
import functools
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from audio.hmong import stock
from audio.hmong.build import build
from audio.speech.espeak import BYTES_PER_SECOND, HEADER_BYTES, Engine
from kiosk.content import catalog

TIMES = 5

Row = tuple[str, str, str, float, str]


def rows() -> list[Row]:
    """All measurements of the voices."""
    with tempfile.TemporaryDirectory() as name:
        return [bench_build(Path(name)), bench_speech(voice())]


@functools.cache
def voice() -> Path:
    """The Hmong voice, there until the process ends: eSpeak NG looks for its data only once."""
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder)
    build(folder)
    return folder


def bench_build(folder: Path) -> Row:
    """Building the voice against copying the installed data, which is the least a copy costs."""
    installed = stock.installed()
    ours = _median_s(lambda: build(folder / "voice"))
    copied = _median_s(lambda: shutil.copytree(installed, folder / "copy", dirs_exist_ok=True))
    return (
        "build the Hmong voice / copy of the speech data",
        f"{ours:.2f} s", f"{copied:.2f} s", ours / copied, "seconds",
    )  # fmt: skip


def bench_speech(data: Path) -> Row:
    """Every string of the catalogue through pyttsx3, in seconds of sound a second."""
    engine = Engine(data)
    hmong, vietnamese = (_times_real_time(engine, language) for language in ("hmn", "vi"))
    return (
        "Hmong speech, x real time / Vietnamese",
        f"{hmong:.0f} x", f"{vietnamese:.0f} x", hmong / vietnamese, "at least 0.8",
    )  # fmt: skip


def _times_real_time(engine: Engine, language: str) -> float:
    words = catalog.load()
    texts = [words.words(string_id, language).speak for string_id in sorted(words.ids())]
    engine.synthesise(texts[0], language)
    began = time.perf_counter()
    clips = [engine.synthesise(text, language) for text in texts]
    taken = time.perf_counter() - began
    sound = sum((len(clip) - HEADER_BYTES) / BYTES_PER_SECOND for clip in clips)
    return sound / taken


def _median_s(work: Callable[[], object]) -> float:
    taken = []
    for _ in range(TIMES):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


if __name__ == "__main__":
    for row in rows():
        print(*row, sep=" | ")

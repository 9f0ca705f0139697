"""The voice: how soon a clip sounds beside aplay, what quiet costs, how long rendering takes.

    python -m tests.bench.bench_sound

On a sound server of the bench's own. A start is from the wish to the first sample that the sink
plays, as a recorder of 5 ms latency sees it; both sides of a ratio play the same clip in turn.
Over running speech, the clip is told from what is cut by its sign.
"""

import os
import shutil
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import psutil

from audio.clips.render import render
from audio.playback.aplay import Aplay
from audio.playback.output import Devices, Output
from audio.playback.player import AHEAD_S, BLOCK, Player
from audio.speech.sound import RATE, Sound, from_wav, seconds, to_wav
from kiosk.content import catalog as catalogues
from kiosk.content.assets import Clips
from tests.audio.hall import AUDIBLE, Ear, Hall, babble, hall, play
from tests.bench.bench_voice import voice
from tests.waiting import wait_until

STARTS, QUIET_S = 20, 10.0
FRAME_MS = 1000 / 60
PHASE_S = 0.737
CLIP = babble(0.5, 1)
ABOVE: Sound = np.full(60 * RATE, 0.2, np.float32)
BELOW: Sound = -ABOVE[: RATE // 4]

Row = tuple[str, str, str, float, str]


def _starts(ear: Ear, start: Callable[[], object]) -> float:
    """The median time in ms from `start` to the first sample."""
    took = []
    for _ in range(STARTS):
        wait_until(lambda: ear.is_silent(0.2))
        ear.forget()
        began = time.perf_counter()
        thread = threading.Thread(target=start)
        thread.start()
        while not np.any(np.abs(ear.heard[-RATE:]) > AUDIBLE):
            time.sleep(0.0005)
        took.append(time.perf_counter() - began)
        thread.join()
    return statistics.median(took) * 1000


def _cuts(ear: Ear, output: Output) -> float:
    """The median time in ms from the wish for a clip over running speech to its first sample."""
    took = []
    for _ in range(STARTS):
        cancelled = threading.Event()
        speech = threading.Thread(target=output.play, args=(ABOVE, False, cancelled))
        ear.forget()
        speech.start()
        wait_until(lambda: bool(np.any(ear.heard > AUDIBLE)))
        time.sleep(PHASE_S)
        ear.forget()
        began = time.perf_counter()
        cancelled.set()
        speech.join()
        clip = threading.Thread(target=output.play, args=(BELOW, False, threading.Event()))
        clip.start()
        while not np.any(ear.heard[-RATE:] < -AUDIBLE):
            time.sleep(0.0005)
        took.append(time.perf_counter() - began)
        clip.join()
        output.rest()
    return statistics.median(took) * 1000


def _played(player: Player) -> None:
    play(player, CLIP)
    player.rest()


def _used(seconds_long: float) -> float:
    """Percent of one core that this process takes meanwhile."""
    process = psutil.Process()
    before = sum(process.cpu_times()[:2])
    time.sleep(seconds_long)
    return (sum(process.cpu_times()[:2]) - before) / seconds_long * 100


def _running() -> float:
    """What a stream costs that runs all the time and plays silence."""
    import sounddevice

    settings = {"samplerate": RATE, "blocksize": BLOCK, "latency": AHEAD_S, "channels": 1}
    silence = lambda out, *_: out.fill(0)  # noqa: E731
    with sounddevice.OutputStream(device="speaker", callback=silence, **settings):
        return _used(QUIET_S)


def _playing(here: Hall, folder: Path) -> Iterator[Row]:
    wav = folder / "clip.wav"
    wav.write_bytes(to_wav(CLIP))
    aplay = ["aplay", "-q", "-D", "speaker", str(wav)]
    player, ear = Player(Devices("speaker")), here.ear("speaker")
    _played(player)
    ours = _starts(ear, lambda: _played(player))
    theirs = _starts(ear, lambda: subprocess.run(aplay, check=True))
    cells = (f"{ours:.1f} ms", f"{theirs:.1f} ms")
    yield ("clip, wish to first sample, beside aplay", *cells, ours / theirs, "at most 1.0")
    for name, output in (("clip", player), ("clip by aplay", Aplay(Devices("speaker")))):
        cut = _cuts(ear, output)
        cells = (f"{cut:.1f} ms", f"{FRAME_MS:.1f} ms")
        yield (
            f"{name} over running speech, wish to first sample, beside a screen frame",
            *cells, cut / FRAME_MS, "at most 1.0" if output is player else "",
        )  # fmt: skip
    ear.close()
    quiet, running = _used(QUIET_S), _running()
    player.close()
    cells = (f"{quiet:.2f} %", f"{running:.2f} %")
    yield ("quiet player, of one core, beside a stream that runs", *cells, quiet / running, "")


def _rendering(folder: Path) -> Iterator[Row]:
    data, catalog = voice(), catalogues.load()
    began = time.perf_counter()
    made = render(folder / "hmn", "hmn", catalog, data, lambda _: None)
    took = time.perf_counter() - began
    spoken = sum(seconds(from_wav(clip.read("wav"))) for clip in Clips([folder / "hmn"]))
    cells = (f"{took:.1f} s for {made} clips", f"{spoken:.0f} s of speech")
    yield ("rendering a language, beside its speech", *cells, took / spoken, "at most 0.2")


def rows() -> list[Row]:
    """Measure everything that is installed."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        found = list(_rendering(folder))
        if all(map(shutil.which, ("pulseaudio", "parec", "aplay"))):
            with hall() as here:
                os.environ.update(here.environment)
                found += _playing(here, folder)
        return found


if __name__ == "__main__":
    for row in rows():
        print("  ".join(map(str, row)))

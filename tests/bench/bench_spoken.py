"""A spoken report: how long half a minute takes to disguise and to pack, and how large it becomes.

python -m tests.bench.bench_spoken
"""

import statistics
import time
from collections.abc import Callable

import numpy as np

from audio.capture.disguise import disguised
from audio.speech.sound import RATE, seconds
from kiosk.flow.model import Rules
from kiosk.protocol.opus_packets import MOST_BYTES, encoded
from tests.audio.utterances import utterances

TIMES = 5
LENGTH_S = 30
SLOWER = 6
"""A Raspberry Pi 4 beside the machine of the first measurements, at worst; an estimate."""

Row = tuple[str, str, str, float, str]


def rows() -> list[Row]:
    """Processor time and bytes of the longest recording there can be."""
    said = np.resize(np.concatenate(list(utterances("vi"))), LENGTH_S * RATE)
    masked = disguised(said)
    disguise, pack = _median_s(lambda: disguised(said)), _median_s(lambda: encoded(masked, RATE))
    limit = Rules.mask_within_s / SLOWER
    size = len(encoded(masked, RATE))
    return [
        (
            f"disguise and pack {LENGTH_S} s / a sixth of the time limit",
            f"{disguise + pack:.1f} s ({LENGTH_S / disguise:.0f} x, {LENGTH_S / pack:.0f} x)",
            f"{limit:.1f} s", (disguise + pack) / limit, "below 1",
        ),
        (
            f"bytes of {seconds(masked):.0f} s of voice / the room in an attachment",
            f"{size}", f"{MOST_BYTES}", size / MOST_BYTES, "below 1",
        ),
    ]  # fmt: skip


def _median_s(work: Callable[[], object]) -> float:
    taken = []
    for _ in range(TIMES):
        began = time.thread_time()
        work()
        taken.append(time.thread_time() - began)
    return statistics.median(taken)


if __name__ == "__main__":
    for row in rows():
        print(*row, sep=" | ")

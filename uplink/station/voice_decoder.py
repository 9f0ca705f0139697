"""Decodes one voice in a process of its own that can do nothing else: packets in, a WAV out.

A voice comes from an unknown hand and is decoded by a large library in C. So the process has a
minute, a gigabyte, and may open no file and no socket.
"""

import io
import os
import resource
import subprocess
import sys
import wave

from kiosk.errors import AudioError, StationError
from kiosk.opus import decoded

RATE = 16_000
CPU_S = 60
MEMORY = 1 << 30
STREAMS = 3
REFUSED = 3
CURE = "nhờ kỹ thuật viên; các hình vẫn đọc được / the pictures can be read all the same"


def to_wav(packets: bytes) -> bytes:
    """The voice as a WAV; raises StationError when it is damaged or takes too much."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", __name__],
            input=packets,
            capture_output=True,
            timeout=2 * CPU_S,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise StationError("tiếng nói bị hỏng / the voice is damaged", CURE) from error
    if done.returncode:
        raise StationError("tiếng nói bị hỏng / the voice is damaged", CURE)
    return done.stdout


def main() -> None:
    """Standard input to standard output."""
    _give_up_everything()
    try:
        samples = decoded(sys.stdin.buffer.read(), RATE)
    except AudioError:
        sys.exit(REFUSED)
    whole = io.BytesIO()
    with wave.open(whole, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(samples.itemsize)
        file.setframerate(RATE)
        file.writeframes(samples.astype("<i2").tobytes())
    sys.stdout.buffer.write(whole.getvalue())


def _give_up_everything() -> None:
    limits = {
        resource.RLIMIT_CPU: CPU_S,
        resource.RLIMIT_AS: MEMORY,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: STREAMS,
    }
    for kind, limit in limits.items():
        resource.setrlimit(kind, (limit, limit))


if __name__ == "__main__":
    main()

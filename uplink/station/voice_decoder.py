"""Decodes one voice, apart from everything else: packets in, a WAV out."""

import sys

from kiosk.errors import AudioError, StationError
from kiosk.opus import decoded
from uplink.station import confined, waves

RATE = 16_000


def to_wav(packets: bytes) -> bytes:
    """The voice as a WAV; raises StationError when it is damaged or takes too much."""
    wav = confined.run(__name__, packets)
    if wav is None:
        raise StationError("tiếng nói bị hỏng / the voice is damaged", confined.CURE)
    return wav


def main() -> None:
    """Standard input to standard output."""
    confined.give_up_everything()
    try:
        samples = decoded(sys.stdin.buffer.read(), RATE)
    except AudioError:
        sys.exit(confined.REFUSED)
    sys.stdout.buffer.write(waves.to_wav(samples.astype("<i2").tobytes(), RATE))


if __name__ == "__main__":
    main()

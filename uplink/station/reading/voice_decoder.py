"""Decodes one voice, apart from everything else: packets in, a WAV out."""

import sys

from kiosk.common.errors import AudioError, StationError
from kiosk.protocol.opus_packets import decoded
from uplink.station.reading import sandbox
from uplink.station.reading import wav as waves

RATE = 16_000


def to_wav(packets: bytes) -> bytes:
    """The voice as a WAV; raises StationError when it is damaged or takes too much."""
    wav = sandbox.run(__name__, packets)
    if wav is None:
        raise StationError("tiếng nói bị hỏng / the voice is damaged", sandbox.CURE)
    return wav


def main() -> None:
    """Standard input to standard output."""
    sandbox.give_up_everything()
    try:
        samples = decoded(sys.stdin.buffer.read(), RATE)
    except AudioError:
        sys.exit(sandbox.REFUSED)
    sys.stdout.buffer.write(waves.to_wav(samples.astype("<i2").tobytes(), RATE))


if __name__ == "__main__":
    main()

"""Program that decodes one voice in the sandbox: packets in, a WAV out."""

import sys

from kiosk.common.errors import AudioError
from kiosk.protocol.opus_packets import decoded
from uplink.station.reading import sandbox
from uplink.station.reading.wav import to_wav

RATE = 16_000


def main() -> None:
    """Standard input to standard output."""
    sandbox.give_up_everything()
    try:
        samples = decoded(sys.stdin.buffer.read(), RATE)
    except AudioError:
        sys.exit(sandbox.REFUSED)
    sys.stdout.buffer.write(to_wav(samples.astype("<i2").tobytes(), RATE))


if __name__ == "__main__":
    main()

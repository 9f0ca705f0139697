"""Program that decodes one photo in the sandbox: a JPEG in, a smaller JPEG of its pixels out.

What else the file held (place, time, camera, thumbnail) is gone.
"""

import sys
from fractions import Fraction

import av

from uplink.station.reading import sandbox

LONGEST = 1600
MAX_PIXELS = 24_000_000
_FORMAT = "yuvj420p"
_QUALITY = "4"


def main() -> None:
    """Standard input to standard output."""
    sandbox.give_up_everything()
    try:
        jpeg = made_again(sys.stdin.buffer.read())
    except (av.FFmpegError, ValueError, MemoryError):
        sys.exit(sandbox.REFUSED)
    sys.stdout.buffer.write(jpeg)


def made_again(photo: bytes) -> bytes:
    """A new JPEG of the first picture; ValueError when there is none."""
    decoder = av.CodecContext.create("mjpeg", "r")
    decoder.thread_count = 1
    decoder.options = {"max_pixels": str(MAX_PIXELS)}
    frames = [*decoder.decode(av.Packet(photo)), *decoder.decode(None)]
    if not frames:
        raise ValueError("no picture")
    frame = frames[0]
    scale = min(1.0, LONGEST / max(frame.width, frame.height))
    width, height = (max(1, round(side * scale)) for side in (frame.width, frame.height))
    small = frame.reformat(width, height, _FORMAT)
    encoder = av.CodecContext.create("mjpeg", "w")
    encoder.width, encoder.height, encoder.pix_fmt = width, height, _FORMAT
    encoder.time_base = Fraction(1)
    encoder.options = {"qmin": _QUALITY, "qmax": _QUALITY}
    small.pts = 0
    return b"".join(map(bytes, [*encoder.encode(small), *encoder.encode(None)]))


if __name__ == "__main__":
    main()

"""Recordings on their way down: any audio file in, Ogg Opus (RFC 7845) that is small enough out."""

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from kiosk.common.errors import MessageError

if TYPE_CHECKING:
    import av

MAX_SECONDS = 60
RATE = 48_000
BITS_S = 12_000
"""Speech stays clear, and half a minute is at a kiosk within an hour."""


def as_opus(audio: bytes, seconds: int = MAX_SECONDS) -> bytes:
    """The first audio track of a file as mono speech.

    Raises MessageError for anything else, and for more than so many `seconds`.
    """
    import av  # loaded when a recording is made: most of a station's work has none

    try:
        with av.open(io.BytesIO(audio), "r") as source:
            if not source.streams.audio:
                raise MessageError("tệp không có tiếng / no sound in it", _CURE)
            return _encoded(source.decode(source.streams.audio[0]), seconds)
    except (av.FFmpegError, ValueError, OSError) as error:
        raise MessageError("không đọc được tệp âm thanh / not an audio file", _CURE) from error


def _encoded(frames: Iterator["av.AudioFrame"], seconds: int) -> bytes:
    import av

    whole = io.BytesIO()
    left = seconds * RATE
    ours = av.AudioResampler("s16", "mono", RATE)
    with av.open(whole, "w", format="ogg") as container:
        stream = container.add_stream("libopus", rate=RATE, layout="mono", bit_rate=BITS_S)
        stream.options = {"application": "voip"}
        for frame in _with_the_rest(frames):
            for part in ours.resample(frame):
                left -= part.samples
                if left < 0:
                    raise MessageError(
                        "tiếng nói quá dài / the recording is too long",
                        f"tối đa {seconds} giây / at most {seconds} seconds",
                    )
                container.mux(stream.encode(part))
        container.mux(stream.encode(None))
    return whole.getvalue()


def _with_the_rest(frames: Iterator["av.AudioFrame"]) -> Iterator["av.AudioFrame | None"]:
    yield from frames
    yield None


_CURE = "dùng WAV, MP3, M4A hay OGG / use WAV, MP3, M4A or OGG"

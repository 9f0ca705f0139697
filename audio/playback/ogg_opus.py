"""Recordings that the station sends: Ogg Opus (RFC 7845) in, samples of ours out.

Nothing else is decoded, never more than MAX_SECONDS of it, and only in the thread that plays.
"""

import io
from collections.abc import Iterator

import av
import numpy as np

from audio.speech.levels import levelled
from audio.speech.sound import RATE, Samples
from kiosk.common.errors import AudioError

MAX_SECONDS = 120
CODECS = ("opus", "libopus")
_MAGIC = b"OggS"


def decoded(audio: bytes) -> Samples:
    """The samples of a recording, as loud as every clip. Raises AudioError for anything else."""
    if not audio.startswith(_MAGIC):
        raise AudioError("a recording that is not Ogg Opus")
    try:
        with av.open(io.BytesIO(audio), "r", format="ogg") as container:
            (stream,) = container.streams.audio
            if stream.codec_context.name not in CODECS:
                raise AudioError("a recording that is not Ogg Opus")
            parts = list(_parts(container.decode(stream)))
    except (av.FFmpegError, ValueError, OSError) as error:
        raise AudioError("a recording that is damaged") from error
    if not parts:
        raise AudioError("a recording that is empty")
    return levelled(np.concatenate(parts))


def _parts(frames: Iterator[av.AudioFrame]) -> Iterator[Samples]:
    """The frames at our rate, until there are too many of them."""
    ours = av.AudioResampler("s16", "mono", RATE)
    left = MAX_SECONDS * RATE
    for frame in frames:
        for part in ours.resample(frame):
            samples = part.to_ndarray()[0]
            left -= len(samples)
            if left < 0:
                raise AudioError("a recording that is too long")
            yield samples
    for part in ours.resample(None):
        yield part.to_ndarray()[0]

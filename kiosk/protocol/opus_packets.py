"""Speech as Opus packets of one size, without a container, and back.

version u8 = 1 || bytes a packet u8 || the packets (RFC 6716, 60 ms each), one after the other. A
constant rate, because the packet sizes of a variable one follow the words; no container, because
Ogg names the encoder and its options.
"""

from collections.abc import Iterator
from typing import TypeAlias

import av
import numpy as np
from numpy.typing import NDArray

from kiosk.common.errors import AudioError
from kiosk.protocol.report import ATTACHMENT_PLAINTEXTS

VERSION = 1
BIT_RATES = (8000, 6000)
MOST_BYTES = ATTACHMENT_PLAINTEXTS[0] - 1
"""One byte is for the padding."""

Samples: TypeAlias = NDArray[np.int16]

_CODED_RATE = 16_000
_DECODED_RATE = 48_000
_PACKET_MS = 60
_HEAD = 2


def encoded(samples: Samples, rate: int) -> bytes:
    """`samples`, `rate` a second, as packets; fewer bits when they would not fit an attachment.

    Raises AudioError when there is no encoder or the recording is too long for either rate.
    """
    for bit_rate in BIT_RATES:
        packets = list(_packets(samples, rate, bit_rate))
        size = bit_rate * _PACKET_MS // 8000
        if any(len(packet) != size for packet in packets):
            raise AudioError("the Opus encoder does not keep its rate")
        data = bytes((VERSION, size)) + b"".join(packets)
        if len(data) <= MOST_BYTES:
            return data
    raise AudioError("the recording is too long")


def decoded(data: bytes, rate: int) -> Samples:
    """What `encoded` has encoded, `rate` samples a second; raises AudioError for anything else."""
    if len(data) <= _HEAD or data[0] != VERSION or not data[1] or (len(data) - _HEAD) % data[1]:
        raise AudioError("a voice of an unknown form")
    try:
        decoder = av.CodecContext.create("libopus", "r")
        decoder.sample_rate, decoder.layout = _DECODED_RATE, "mono"
        resampler = av.AudioResampler("s16", "mono", rate)
        parts = [
            part.to_ndarray()[0]
            for at in range(_HEAD, len(data), data[1])
            for frame in decoder.decode(av.Packet(data[at : at + data[1]]))
            for part in resampler.resample(frame)
        ]
    except (av.FFmpegError, ValueError) as error:
        raise AudioError("a voice that is damaged") from error
    if not parts:
        raise AudioError("a voice without sound")
    return np.concatenate(parts)


def _packets(samples: Samples, rate: int, bit_rate: int) -> Iterator[bytes]:
    try:
        encoder = av.CodecContext.create("libopus", "w")
        encoder.sample_rate, encoder.bit_rate = _CODED_RATE, bit_rate
        encoder.format, encoder.layout = "s16", "mono"
        encoder.options = {"vbr": "off", "frame_duration": str(_PACKET_MS), "application": "voip"}
        encoder.open()
        coded = _resampled(samples, rate)
        whole = np.pad(coded, (0, -len(coded) % encoder.frame_size))
        for at in range(0, len(whole), encoder.frame_size):
            frame = _frame(whole[at : at + encoder.frame_size], _CODED_RATE)
            yield from map(bytes, encoder.encode(frame))
        yield from map(bytes, encoder.encode(None))
    except (av.FFmpegError, ValueError) as error:
        raise AudioError("no Opus encoder", "install the locked version of av") from error


def _resampled(samples: Samples, rate: int) -> Samples:
    resampler = av.AudioResampler("s16", "mono", _CODED_RATE)
    parts = [*resampler.resample(_frame(samples, rate)), *resampler.resample(None)]
    return np.concatenate([part.to_ndarray()[0] for part in parts])


def _frame(samples: Samples, rate: int) -> av.AudioFrame:
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples)[None, :], "s16", "mono")
    frame.sample_rate = rate
    return frame

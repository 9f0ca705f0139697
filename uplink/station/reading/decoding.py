"""Attachments as an officer sees and hears them, each decoded in a process of its own.

This process never loads the libraries that decode.
"""

from kiosk.common.errors import StationError
from uplink.station.reading import sandbox

PHOTO_DECODER = "uplink.station.reading.photo_decoder"
VOICE_DECODER = "uplink.station.reading.voice_decoder"
JPEG_MAGIC = b"\xff\xd8\xff"
CURE = "nhờ kỹ thuật viên; các hình vẫn đọc được / the pictures can be read all the same"


def photo_as_jpeg(photo: bytes) -> bytes:
    """Return a new, smaller JPEG of the photo's pixels; raises StationError when it is none."""
    jpeg = sandbox.run(PHOTO_DECODER, photo) if photo.startswith(JPEG_MAGIC) else None
    if jpeg is None:
        raise StationError("ảnh bị hỏng / the photo is damaged", CURE)
    return jpeg


def voice_as_wav(packets: bytes) -> bytes:
    """Return the voice as a WAV; raises StationError when it is damaged or takes too much."""
    wav = sandbox.run(VOICE_DECODER, packets)
    if wav is None:
        raise StationError("tiếng nói bị hỏng / the voice is damaged", CURE)
    return wav

"""The files of one clip, and what a manifest says of them.

WAV is for the kiosk, which then has nothing to decode; MP3 is for phones: all of them play it,
while older ones do not play Opus.
"""

import io
from pathlib import Path
from typing import Any

import av

from audio.speech.levels import level
from audio.speech.sound import RATE, Samples, seconds, to_wav
from kiosk.common import files
from kiosk.content.assets import CLIP_KINDS, digest

MP3_BIT_S = 32_000

Entry = dict[str, Any]


def write(path: Path, text: str, samples: Samples, voice: str) -> Entry:
    """Write the clip that says `text` beside `path`; returns its entry in the manifest."""
    made = {"wav": to_wav(samples), "mp3": mp3(samples)}
    for kind in CLIP_KINDS:
        files.write(path.with_name(f"{path.name}.{kind}"), made[kind])
    return {
        "text": digest(text),
        **{kind: digest(data) for kind, data in made.items()},
        "voice": voice,
        "seconds": round(seconds(samples), 3),
        "level": round(level(samples), 1),
    }


def mp3(samples: Samples) -> bytes:
    """The samples as an MP3 that every phone plays."""
    whole = io.BytesIO()
    with av.open(whole, "w", format="mp3") as container:
        stream = container.add_stream("libmp3lame", rate=RATE, layout="mono", bit_rate=MP3_BIT_S)
        frame = av.AudioFrame.from_ndarray(samples[None, :], format="s16", layout="mono")
        frame.sample_rate = RATE
        for part in (frame, None):
            container.mux(stream.encode(part))
    return whole.getvalue()

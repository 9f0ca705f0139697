"""Speech to try things on: the built clips, joined to pieces of some seconds."""

from collections.abc import Iterator

import numpy as np

from audio.speech.sound import RATE, Samples, from_wav
from tests.ui.touch.place import ROOT

CLIPS = ROOT / "build" / "clips"
UTTERANCE_S = 8


def utterances(language: str) -> Iterator[Samples]:
    """What this voice says, in pieces of some seconds."""
    held: list[Samples] = []
    for path in sorted((CLIPS / language).glob("*.wav")):
        held.append(from_wav(path.read_bytes()))
        if sum(map(len, held)) > UTTERANCE_S * RATE:
            yield np.concatenate(held)
            held = []

"""What Praat measures of the voice: pitch against the targets, breath, creak and releases."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import parselmouth
from parselmouth.praat import call

from audio.hmong.build import sounds
from audio.hmong.phonemes import BREATHY, CREAKY, tail, vowel
from audio.hmong.tones import hertz
from kiosk.rpa import WORD, Syllable, syllables

ROOT = Path(__file__).parent.parent.parent.parent
RATE = 125
FLOOR, CEILING = 58, 260
SETTLED_S = (0.02, 0.01)

Samples = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Utterance:
    """A text as it was spoken."""

    text: str
    sound: parselmouth.Sound
    events: list[tuple[float, str]]

    @property
    def samples(self) -> Samples:
        return np.asarray(self.sound.values[0])

    def rimes(self) -> list[tuple[float, float]]:
        """Begin and end in seconds of each syllable's rime."""
        names = rime_names()
        spans = []
        for at, (begin, name) in enumerate(self.events):
            if name in names:
                end = at + 1
                while self.events[end][1] in TAILS:
                    end += 1
                spans.append((begin, self.events[end][0]))
        return spans

    def syllables(self) -> Iterator[tuple[Syllable, float, float]]:
        """The written syllables with begin and end of their rimes."""
        written = [s for word in WORD.findall(self.text) for s in syllables(word)]
        yield from ((s, *span) for s, span in zip(written, self.rimes(), strict=True))


def rime_names() -> set[str]:
    rimes = sounds()["rimes"].values()
    return {vowel(rime, voice) for rime in rimes for voice in ("", BREATHY, CREAKY)}


TAILS = {"N", *(tail(rime) for rime in sounds()["rimes"].values())}


def speak(
    data: Path, folder: Path, texts: Sequence[str], rate: int = RATE, voice: str = "hmn"
) -> list[Utterance]:
    """All texts by the voice in `data`, each with its phonemes."""
    asked = {"data": str(data), "voice": voice, "rate": rate, "texts": list(texts)}
    told = subprocess.run(
        [sys.executable, "-m", "tests.audio.hmong.speaker", str(folder)],
        input=json.dumps(asked), capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    return [
        Utterance(text, parselmouth.Sound(entry["wav"]), [tuple(e) for e in entry["events"]])
        for text, entry in zip(texts, json.loads(told.stdout), strict=True)
    ]


def pitch_errors(utterance: Utterance) -> Iterator[tuple[str, float]]:
    """The tone of each syllable and how far it is from its target, RMS in semitones."""
    pitch = utterance.sound.to_pitch_ac(
        time_step=0.004, pitch_floor=FLOOR, pitch_ceiling=CEILING, voicing_threshold=0.25
    )
    times, found = pitch.xs(), pitch.selected_array["frequency"]
    tones = sounds()["tones"]
    for syllable, begin, end in utterance.syllables():
        inside = (times >= begin + SETTLED_S[0]) & (times <= end - SETTLED_S[1]) & (found > 0)
        assert inside.sum() >= 4, f"{syllable} is hardly voiced in {utterance.text!r}"
        levels = tones[syllable.tone]["levels"]
        aim = [hertz(levels, time) for time in (times[inside] - begin) / (end - begin)]
        semitones = 12 * np.log2(found[inside] / np.array(aim))
        yield syllable.tone, float(np.sqrt((semitones**2).mean()))


def harmonicity(sound: parselmouth.Sound) -> float:
    """Harmonics to noise in dB."""
    return float(call(call(sound, "To Harmonicity (cc)", 0.01, FLOOR, 0.1, 1.0), "Get mean", 0, 0))


def first_harmonics(sound: parselmouth.Sound, hz: float) -> float:
    """H1-H2 in dB: how much stronger the fundamental is than the second harmonic."""
    samples = np.asarray(sound.values[0])
    window = samples * np.hanning(len(samples))
    spectrum = np.abs(np.fft.rfft(window, 1 << 16))
    frequencies = np.fft.rfftfreq(1 << 16, 1 / sound.sampling_frequency)

    def peak(centre: float) -> float:
        near = np.abs(frequencies - centre) < hz / 4
        return float(20 * np.log10(spectrum[near].max()))

    return peak(hz) - peak(2 * hz)


def cepstral_peak(sound: parselmouth.Sound) -> float:
    """Smoothed cepstral peak prominence in dB; lower is breathier."""
    cepstrogram = call(sound, "To PowerCepstrogram", FLOOR, 0.002, 5000, 50)
    return float(
        call(cepstrogram, "Get CPPS", "yes", 0.02, 0.0005, FLOOR, 330, 0.05, "Parabolic",
             0.001, 0.05, "Exponential decay", "Robust")
    )  # fmt: skip


def shimmer(sound: parselmouth.Sound) -> float:
    """How much neighbouring pulses differ in loudness."""
    pulses = call(sound, "To PointProcess (periodic, cc)", FLOOR, CEILING)
    return float(call([sound, pulses], "Get shimmer (local)", 0, 0, 0.0001, 0.02, 1.3, 1.6))


def jitter(sound: parselmouth.Sound) -> float:
    """How much neighbouring periods differ."""
    pulses = call(sound, "To PointProcess (periodic, cc)", FLOOR, CEILING)
    return float(call(pulses, "Get jitter (local)", 0, 0, 0.0001, 0.03, 1.5))


def band(sound: parselmouth.Sound, low: float, high: float) -> float:
    """Energy between two frequencies in dB."""
    spectrum = sound.to_spectrum()
    return float(10 * np.log10(spectrum.get_band_energy(low, high) + 1e-20))


WORDS = re.compile(r"\S+")

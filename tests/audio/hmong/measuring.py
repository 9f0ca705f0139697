"""What Praat measures of the voice: pitch against the targets, breath, creak and releases."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import parselmouth
from parselmouth.praat import call

from audio.hmong.build import sounds
from audio.hmong.phonemes import BREATHY, CREAKY, tail, vowel
from audio.hmong.tones import hertz
from kiosk.content.hmong_orthography import WORD, Syllable, syllables

ROOT = Path(__file__).parent.parent.parent.parent
RATE = 125
FLOOR, CEILING = 58, 260
SETTLED_S = (0.02, 0.01)
PAUSE = "_"

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


Speaking = Callable[[Sequence[str]], list[Utterance]]
"""Speaks texts and returns how each came out."""


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
    pitch = _pitch(utterance.sound)
    times, found = pitch.xs(), pitch.selected_array["frequency"]
    tones = sounds()["tones"]
    for syllable, begin, end in utterance.syllables():
        inside = (times >= begin + SETTLED_S[0]) & (times <= end - SETTLED_S[1]) & (found > 0)
        assert inside.sum() >= 4, f"{syllable} is hardly voiced in {utterance.text!r}"
        levels = tones[syllable.tone]["levels"]
        aim = [hertz(levels, time) for time in (times[inside] - begin) / (end - begin)]
        semitones = 12 * np.log2(found[inside] / np.array(aim))
        yield syllable.tone, float(np.sqrt((semitones**2).mean()))


def late(utterance: Utterance) -> parselmouth.Sound:
    """The second half of an utterance's first rime, where the voice has its quality."""
    begin, end = utterance.rimes()[0]
    return utterance.sound.extract_part(begin + (end - begin) * 0.45, end - SETTLED_S[1])


def harmonicity(sound: parselmouth.Sound) -> float:
    """Harmonics to noise in dB."""
    return float(call(call(sound, "To Harmonicity (cc)", 0.01, FLOOR, 0.1, 1.0), "Get mean", 0, 0))


def lowest_harmonics(sound: parselmouth.Sound) -> float:
    """H1-H2 in dB: how much stronger the fundamental is than the second harmonic."""
    hz = _pitch(sound).selected_array["frequency"]
    fundamental = float(np.median(hz[hz > 0]))
    samples = np.asarray(sound.values[0])
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), 1 << 16))
    frequencies = np.fft.rfftfreq(1 << 16, 1 / sound.sampling_frequency)

    def peak(centre: float) -> float:
        near = np.abs(frequencies - centre) < fundamental / 4
        return float(20 * np.log10(spectrum[near].max()))

    return peak(fundamental) - peak(2 * fundamental)


def cepstral_peak(sound: parselmouth.Sound) -> float:
    """Smoothed cepstral peak prominence in dB; lower is breathier."""
    cepstrogram = call(sound, "To PowerCepstrogram", FLOOR, 0.002, 5000, 50)
    return float(
        call(cepstrogram, "Get CPPS", "yes", 0.02, 0.0005, FLOOR, 330, 0.05, "Parabolic",
             0.001, 0.05, "Exponential decay", "Robust")
    )  # fmt: skip


def jitter(sound: parselmouth.Sound) -> float:
    """How much neighbouring periods differ, as a share."""
    pulses = call(sound, "To PointProcess (periodic, cc)", FLOOR, CEILING)
    return float(call(pulses, "Get jitter (local)", 0, 0, 0.0001, 0.03, 1.5))


def voice_onset_ms(utterance: Utterance) -> float:
    """From the release of the last onset to the voicing that lasts through its vowel."""
    begin, end = utterance.rimes()[-1]
    released = max(at for at, _ in utterance.events if at < begin)
    pitch = utterance.sound.to_pitch_ac(
        time_step=0.002, pitch_floor=100, pitch_ceiling=CEILING, voicing_threshold=0.5
    )
    voiceless = pitch.xs()[pitch.selected_array["frequency"] == 0]
    return float(voiceless[voiceless < (begin + end) / 2].max() - released) * 1000


def release_centre(utterance: Utterance) -> float:
    """The centre of gravity in Hz, above 1 kHz, of the noise before the last vowel."""
    vowel_at = utterance.rimes()[-1][0]
    released = max(at for at, _ in utterance.events if at < vowel_at)
    samples = np.asarray(utterance.sound.extract_part(released, vowel_at).values[0])
    power = np.abs(np.fft.rfft(samples)) ** 2
    hertz = np.fft.rfftfreq(len(samples), 1 / utterance.sound.sampling_frequency)
    return float(np.average(hertz[hertz > 1000], weights=power[hertz > 1000]))


def first_formants(utterance: Utterance) -> tuple[float, float]:
    """The first and second formant in Hz in the middle of the first rime."""
    begin, end = utterance.rimes()[0]
    formants = utterance.sound.to_formant_burg(maximum_formant=5000)
    first, second = (formants.get_value_at_time(n, (begin + end) / 2) for n in (1, 2))
    return first, second


def _pitch(sound: parselmouth.Sound) -> parselmouth.Pitch:
    return sound.to_pitch_ac(
        time_step=0.004, pitch_floor=FLOOR, pitch_ceiling=CEILING, voicing_threshold=0.25
    )

"""The phoneme table `hmn`, appended to the installed tables.

A syllable of tone g ends in a breathy tail: a liquid with the vowel's own formants, because
eSpeak mixes noise into liquids, not into vowels. A syllable of tone m has a creaking vowel.
"""

import struct
from collections.abc import Mapping
from typing import Any

from audio.hmong import noises, program, spectra, tones
from audio.hmong.stock import TABLE_NAME, VERSION_CURE, Phoneme, Stock
from kiosk.common.errors import AudioError

NAME = "hmn"
BASE = "base1"
TONE, VOWEL, LIQUID, STOP, VOICED_STOP = 1, 2, 3, 4, 5
COLOURS = {"@": 28, "a": 29, "e": 30, "i": 31, "o": 32, "u": 33}
LAST_CODE = 254

BREATHY, CREAKY = "breathy", "creaky"
BREATHY_MARK, CREAKY_MARK = "\u0324", "\u0330"
TAIL_MS, TAIL_LOUDNESS = 120, 2300.0
TAIL_STRENGTHS = (0.1, 0.6, 1.0, 0.9, 0.6)
"""How much breath resounds in the first to the fifth formant: least in the first."""
TAIL_WIDTH = 250.0
TAIL_FOLLOWS_AS_PAUSE = 1
"""eSpeak's class of sounds before which a vowel keeps the length it has before a pause."""
ASPIRATION = ((1500.0, 500.0, 1.0), (2600.0, 600.0, 1.0), (3600.0, 800.0, 0.7))
ASPIRATION_LOUDNESS = 500.0

Sounds = Mapping[str, Mapping[str, Any]]


class Table:
    """The stock's files grown by one table."""

    def __init__(self, stock: Stock, sounds: Sounds) -> None:
        self._stock = stock
        self._index = bytearray(stock.phonindex)
        self._data = bytearray(stock.phondata)
        self._codes = {p.mnemonic: p.code for p in stock.table(BASE).values()}
        self._phonemes: list[Phoneme] = []
        for tone in sounds["tones"].values():
            self._add_tone(tone)
        for rime in sounds["rimes"].values():
            self._add_rime(rime)
        for mnemonic, consonant in sounds["consonants"].items():
            self._add_consonant(mnemonic, consonant)

    def files(self) -> dict[str, bytes]:
        """File name -> content. Raises AudioError when the format has no room left."""
        last = max(phoneme.code for phoneme in self._phonemes)
        if last > LAST_CODE or len(self._index) > 2 * 0xFFFF:
            raise AudioError("espeak-ng data have no room for another language", VERSION_CURE)
        grown = bytearray(self._stock.phontab)
        grown[0] += 1
        grown += bytes([len(self._phonemes), self._stock.number(BASE), 0, 0])
        grown += NAME.encode().ljust(TABLE_NAME, b"\0")
        grown += b"".join(phoneme.packed() for phoneme in self._phonemes)
        return {
            "phontab": bytes(grown),
            "phonindex": bytes(self._index),
            "phondata": bytes(self._data),
        }

    def _add_tone(self, tone: Mapping[str, Any]) -> None:
        low, high, contour = tones.pitch_envelope(tone["levels"])
        words = program.envelope(program.PITCH, self._store(contour))
        if "loudness" in tone:
            loudness = self._store(tones.loudness_envelope(tone["loudness"]))
            words += program.envelope(program.LOUDNESS, loudness)
        length = 0 if tone["length"] == 100 else tone["length"]
        self._add(tone["phoneme"], words + program.RETURN, TONE, low, high, length)

    def _add_rime(self, rime: Mapping[str, Any]) -> None:
        if "join" in rime:
            frames = spectra.glide(*(self._stock.frames(spectrum) for spectrum in rime["join"]))
        else:
            frames = self._stock.frames(rime["spectrum"])
        ms = rime["ms"]
        self._add_vowel(rime, "", frames, ms)
        self._add_vowel(rime, CREAKY, spectra.creaky(frames), ms)
        self._add_vowel(rime, BREATHY, spectra.breathy(frames), ms - TAIL_MS // 3)
        self._add_tail(rime, spectra.breathy(frames)[-2])

    def _add_vowel(
        self, rime: Mapping[str, Any], voice: str, frames: spectra.Frames, ms: int
    ) -> None:
        mark = {"": "", CREAKY: CREAKY_MARK, BREATHY: BREATHY_MARK}[voice]
        spectrum = self._store(spectra.packed(frames))
        words = program.name(rime["ipa"] + mark) + program.sound(program.FORMANTS, spectrum)
        starts, ends = COLOURS[rime["from"]], COLOURS[rime["to"]]
        self._add(vowel(rime, voice), words, VOWEL, starts, ends, ms // 2)

    def _add_tail(self, rime: Mapping[str, Any], frame: bytearray) -> None:
        spectrum = self._store(spectra.packed(spectra.held(frame, TAIL_MS)))
        heard = spectra.frequencies(frame)[1:]
        resonances = [
            (float(hertz), TAIL_WIDTH, strength)
            for hertz, strength in zip(heard, TAIL_STRENGTHS, strict=False)
        ]
        noise = self._store(noises.packed(noises.breath(resonances, 2 * TAIL_MS, TAIL_LOUDNESS)))
        words = (
            program.name("\u02b1")
            + program.sound(program.FORMANTS, spectrum)
            + program.sound(program.ADDED_NOISE, noise)
        )
        colour = COLOURS[rime["to"]]
        self._add(tail(rime), words, LIQUID, colour, colour, 0, TAIL_FOLLOWS_AS_PAUSE)

    def _add_consonant(self, mnemonic: str, consonant: Mapping[str, Any]) -> None:
        like = self._stock.phoneme(*consonant["like"])
        words: list[int] | int = like.program
        if "ipa" in consonant:
            release = self._store(noises.packed(self._release(consonant)))
            words = (
                program.name(consonant["ipa"])
                + self._stock.transitions(like)
                + program.sound(program.NOISE, release)
            )
        ends = 0 if like.kind in (STOP, VOICED_STOP) else like.ends
        self._add(
            mnemonic, words, like.kind, like.starts, ends,
            like.length, like.lengthening, like.flags,
        )  # fmt: skip

    def _release(self, consonant: Mapping[str, Any]) -> noises.Noise:
        """The burst of a stop, cut to its length, and its aspiration."""
        burst = noises.recorded(self._stock.phondata, self._stock.place(consonant["burst"]))
        parts = [noises.cut(burst * consonant["loudness"] / 100, consonant["ms"])]
        if "breath" in consonant:
            aspiration = noises.breath(ASPIRATION, consonant["breath"], ASPIRATION_LOUDNESS)
            parts.append(noises.cut(aspiration, consonant["breath"]))
        return noises.joined(parts)

    def _add(
        self, mnemonic: str, words: list[int] | int, kind: int, starts: int, ends: int,
        length: int, lengthening: int = 0, flags: int = 0,
    ) -> None:  # fmt: skip
        code = self._codes.setdefault(mnemonic, max(self._codes.values()) + 1)
        address = words if isinstance(words, int) else self._write(words)
        self._phonemes.append(
            Phoneme(mnemonic, flags, address, code, kind, starts, ends, length, lengthening)
        )

    def _write(self, words: list[int]) -> int:
        address = len(self._index) // 2
        self._index += struct.pack(f"<{len(words)}H", *words)
        return address

    def _store(self, data: bytes) -> int:
        self._data += bytes(-len(self._data) % 4)
        address = len(self._data)
        self._data += data
        return address


def vowel(rime: Mapping[str, Any], voice: str = "") -> str:
    """The mnemonic of a rime's vowel in a voice: plain, breathy or creaky."""
    mnemonic = str(rime["phoneme"])
    return mnemonic[:3] + {BREATHY: "h", CREAKY: "q"}[voice] if voice else mnemonic


def tail(rime: Mapping[str, Any]) -> str:
    """The mnemonic of a rime's breathy tail."""
    return f"{rime['phoneme'][:3]}H"


def spoken(rime: Mapping[str, Any], voice: str = "") -> str:
    """All phonemes of a rime in a voice."""
    if voice == BREATHY:
        return vowel(rime, BREATHY) + tail(rime)
    return vowel(rime, voice) + str(rime.get("nasal", ""))

"""The phoneme table `hmn`, appended to the installed tables.

Word formats of programs as in eSpeak NG's synthesize.h: 0x92 pitch envelope, 0x93 loudness
envelope, 0xB formants, 0xC noise, 0x0D the name in IPA, 1 return.
"""

import struct
from collections.abc import Mapping
from typing import Any

from audio.hmong import tones
from audio.hmong.stock import FRAME, IPA, TABLE_NAME, Phoneme, Stock
from kiosk.errors import AudioError

NAME = "hmn"
BASE = "base1"
TONE, VOWEL, STOP, VOICED_STOP = 1, 2, 4, 5
FORMANTS, NOISE = 0xB000, 0xC000
PITCH, LOUDNESS = 0x9200, 0x9300
RETURN = 1
COLOURS = {"@": 28, "a": 29, "e": 30, "i": 31, "o": 32, "u": 33}
LAST_CODE = 254
LENGTH, HEIGHTS = 16, slice(18, 26)
CENTRE = 0x02
BREATHY_TILT = (1.30, 0.66, 0.52, 0.40, 0.33, 0.30, 0.28, 0.28)
GLIDE_MS = (45, 60, 60, 60, 0)

Sounds = Mapping[str, Mapping[str, Any]]


class Table:
    """The stock's files grown by one table; `files` are the three to write."""

    def __init__(self, stock: Stock, sounds: Sounds) -> None:
        self._stock = stock
        self._index = bytearray(stock.phonindex)
        self._data = bytearray(stock.phondata)
        self._codes = {p.mnemonic: p.code for p in stock.table(BASE).values()}
        self._phonemes: list[Phoneme] = []
        for tone in sounds["tones"].values():
            self._add_tone(**tone)
        for rime in sounds["rimes"].values():
            self._add_rime(rime)
        for mnemonic, consonant in sounds["consonants"].items():
            self._add_consonant(mnemonic, **consonant)

    def files(self) -> dict[str, bytes]:
        """File name -> content. Raises AudioError when the format has no room left."""
        codes = [phoneme.code for phoneme in self._phonemes]
        if max(codes) > LAST_CODE or len(self._index) > 2 * 0xFFFF:
            raise AudioError("espeak-ng data have no room for another language")
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

    def _add_tone(
        self, phoneme: str, levels: tones.Levels, length: int, loudness: tones.Levels | None = None
    ) -> None:
        low, high, contour = tones.pitch_envelope(levels)
        program = _wide(PITCH, self._store(contour))
        if loudness:
            program += _wide(LOUDNESS, self._store(tones.loudness_envelope(loudness)))
        self._add(phoneme, 0, [*program, RETURN], TONE, low, high, 0 if length == 100 else length)

    def _add_rime(self, rime: Mapping[str, Any]) -> None:
        frames = (
            self._glide(*rime["join"]) if "join" in rime else self._stock.frames(rime["spectrum"])
        )
        starts, ends = COLOURS[rime["from"]], COLOURS[rime["to"]]
        for mnemonic, ipa, spectrum in (
            (rime["phoneme"], rime["ipa"], frames),
            (breathy_name(rime["phoneme"]), rime["ipa"] + "\u0324", _breathy(frames)),
        ):
            program = _ipa(ipa) + _sound(FORMANTS, self._store_frames(spectrum))
            self._add(mnemonic, 0, program, VOWEL, starts, ends, rime["ms"] // 2)

    def _add_consonant(
        self, mnemonic: str, like: list[str], noise: str = "", loudness: int = 0, ipa: str = ""
    ) -> None:
        stock = self._stock.phoneme(*like)
        program: list[int] | int = stock.program
        if noise:
            sound = _sound(NOISE, self._stock.place(noise), loudness)
            program = _ipa(ipa) + self._stock.transitions(stock) + sound
        ends = 0 if stock.kind in (STOP, VOICED_STOP) else stock.ends
        self._add(
            mnemonic, stock.flags, program, stock.kind, stock.starts, ends,
            stock.length, stock.lengthening,
        )  # fmt: skip

    def _glide(self, first: str, last: str) -> list[bytearray]:
        """A diphthong from the beginning of one spectrum to the end of another."""
        begin, end = self._stock.frames(first), self._stock.frames(last)
        frames = [bytearray(f) for f in (begin[0], begin[1], begin[-2], end[2], end[-1])]
        for number, (frame, ms) in enumerate(zip(frames, GLIDE_MS, strict=True)):
            frame[LENGTH] = ms
            if number >= 2:
                frame[0] &= ~CENTRE & 0xFF
        return frames

    def _add(
        self, mnemonic: str, flags: int, program: list[int] | int, kind: int,
        starts: int, ends: int, length: int, lengthening: int = 0,
    ) -> None:  # fmt: skip
        code = self._codes.setdefault(mnemonic, max(self._codes.values()) + 1)
        address = program if isinstance(program, int) else self._write(program)
        self._phonemes.append(
            Phoneme(mnemonic, flags, address, code, kind, starts, ends, length, lengthening)
        )

    def _write(self, program: list[int]) -> int:
        address = len(self._index) // 2
        self._index += b"".join(struct.pack("<H", word) for word in program)
        return address

    def _store(self, data: bytes) -> int:
        self._data += bytes(-len(self._data) % 4)
        address = len(self._data)
        self._data += data
        return address

    def _store_frames(self, frames: list[bytearray]) -> int:
        length = sum(frame[LENGTH] for frame in frames[:-1])
        assert all(len(frame) == FRAME for frame in frames)
        return self._store(struct.pack("<hBB", length, len(frames), 0) + b"".join(frames))


def breathy_name(phoneme: str) -> str:
    """The mnemonic of a vowel's breathy twin, at most four letters."""
    return phoneme[:3] + "h"


def _breathy(frames: list[bytearray]) -> list[bytearray]:
    made = []
    for frame in frames:
        soft = bytearray(frame)
        soft[HEIGHTS] = bytes(
            max(1, min(255, int(height * factor)))
            for height, factor in zip(frame[HEIGHTS], BREATHY_TILT, strict=True)
        )
        made.append(soft)
    return made


def _wide(instruction: int, address: int) -> list[int]:
    return [instruction + (address >> 16), address & 0xFFFF]


def _sound(instruction: int, address: int, loudness: int = 0) -> list[int]:
    """Formants or noise at a place in phondata, which is counted in four bytes."""
    return _wide(instruction + ((loudness & 0xFF) << 4), address // 4)


def _ipa(name: str) -> list[int]:
    letters = name.encode("utf-8")
    padded = letters + bytes(len(letters) % 2)
    pairs = (int.from_bytes(padded[i : i + 2], "big") for i in range(0, len(padded), 2))
    return [(IPA << 8) + len(letters), *pairs]

"""The speech data that eSpeak NG has installed on this machine, read and never changed.

Formats as in eSpeak NG 1.51 and 1.52 (src/libespeak-ng/synthdata.c and synthesize.h): `phontab`
holds tables of 16-byte phoneme records that inherit from one another, `phonindex` their programs
in 16-bit words, `phondata` spectra, noises and envelopes, `phondata-manifest` where those are.
"""

import hashlib
import os
import shutil
import struct
import subprocess
from dataclasses import dataclass
from pathlib import Path

from audio.hmong import program, spectra
from kiosk.common.errors import AudioError

PROGRAM = "espeak-ng"
DATA = "espeak-ng-data"
DATA_VARIABLE = "ESPEAK_DATA_PATH"
KNOWN_DATA = struct.pack("<II", 0x014801, 22_050)
INSTALL = "cài espeak-ng: apt install espeak-ng"
VERSION_CURE = "use the espeak-ng of Debian 12 or 13 (1.51 or 1.52)"

FILES = ("phontab", "phonindex", "phondata")
TABLE_NAME = 32


@dataclass(frozen=True)
class Phoneme:
    """One record of phontab; `program` is a word address in phonindex."""

    mnemonic: str
    flags: int
    program: int
    code: int
    kind: int
    starts: int
    ends: int
    length: int
    lengthening: int

    LAYOUT = struct.Struct("<4sIHBBBBBB")

    def packed(self) -> bytes:
        """The record as phontab holds it."""
        return self.LAYOUT.pack(
            self.mnemonic.encode("latin1"),
            *(self.flags, self.program, self.code, self.kind),
            *(self.starts, self.ends, self.length, self.lengthening),
        )

    @classmethod
    def unpacked(cls, data: bytes, offset: int) -> "Phoneme":
        """The record at an offset."""
        name, *rest = cls.LAYOUT.unpack_from(data, offset)
        return cls(name.rstrip(b"\0").decode("latin1"), *rest)


def installed() -> Path:
    """The data directory of the installed eSpeak NG. Raises AudioError when there is none."""
    told = run("--version")
    folder = Path(told.rpartition("Data at:")[2].strip())
    if not (folder / "phontab").is_file():
        raise AudioError("không thấy dữ liệu của espeak-ng / no espeak-ng data", INSTALL)
    return folder


def run(*arguments: str, data: Path | None = None, folder: Path | None = None) -> str:
    """What the espeak-ng program prints, with the data at `data`, inside `folder`.

    Raises AudioError when it is not installed or fails.
    """
    espeak = shutil.which(PROGRAM)
    if espeak is None:
        raise AudioError("chưa cài espeak-ng / espeak-ng is not installed", INSTALL)
    environment = {name: value for name, value in os.environ.items() if name != DATA_VARIABLE}
    where = (f"--path={data}",) if data else ()
    done = subprocess.run(
        [espeak, *where, *arguments],
        capture_output=True,
        text=True,
        cwd=folder,
        env=environment,
        check=False,
    )
    if done.returncode:
        raise AudioError(f"espeak-ng: {done.stderr.strip()}", VERSION_CURE)
    return done.stdout


def digest(folder: Path) -> str:
    """What the phoneme files of a data directory hold, as one SHA-256; empty without them."""
    try:
        return hashlib.sha256(b"".join((folder / name).read_bytes() for name in FILES)).hexdigest()
    except OSError:
        return ""


class Stock:
    """The tables and sounds of one data directory. Raises AudioError for an unknown format."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            self.phontab, self.phonindex, self.phondata = (
                (folder / name).read_bytes() for name in FILES
            )
            manifest = (folder / "phondata-manifest").read_text("utf-8")
        except OSError as error:
            raise AudioError(f"{error.filename}: {error.strerror}", INSTALL) from None
        if not self.phondata.startswith(KNOWN_DATA):
            raise AudioError(f"{folder}: unknown version of espeak-ng data", VERSION_CURE)
        self._places = dict(_places(manifest))
        self._tables = _tables(self.phontab)

    def place(self, name: str) -> int:
        """Where in phondata a spectrum, noise or envelope is, by its name in the manifest."""
        try:
            return self._places[name]
        except KeyError:
            raise AudioError(f"espeak-ng data lack the sound {name}", VERSION_CURE) from None

    def table(self, name: str) -> dict[str, Phoneme]:
        """The phonemes of a table and of those it inherits from, by mnemonic."""
        try:
            parent, own = self._tables[name]
        except KeyError:
            raise AudioError(f"espeak-ng data lack the table {name}", VERSION_CURE) from None
        inherited = self.table(parent) if parent else {}
        codes = {phoneme.code for phoneme in own}
        kept = {name: p for name, p in inherited.items() if p.code not in codes}
        return {**kept, **{phoneme.mnemonic: phoneme for phoneme in own}}

    def number(self, table: str) -> int:
        """The number by which a table is named as parent."""
        return list(self._tables).index(table) + 1

    def phoneme(self, table: str, mnemonic: str) -> Phoneme:
        """One phoneme. Raises AudioError when the table lacks it."""
        try:
            return self.table(table)[mnemonic]
        except KeyError:
            lacking = f"espeak-ng data lack the phoneme {mnemonic} of {table}"
            raise AudioError(lacking, VERSION_CURE) from None

    def transitions(self, phoneme: Phoneme) -> list[int]:
        """The leading words of a program that say how it moves neighbouring vowels."""
        words: list[int] = []
        at = phoneme.program
        while True:
            (word,) = struct.unpack_from("<H", self.phonindex, 2 * at)
            if word >> 12 == program.TRANSITION:
                words += struct.unpack_from("<4H", self.phonindex, 2 * at)
                at += 4
            elif word >> 8 == program.IPA:
                at += 1 + ((word & 0xFF) + 1) // 2
            else:
                return words

    def frames(self, spectrum: str) -> list[bytearray]:
        """The frames of a spectrum sequence, 64 bytes each. Raises AudioError for other sizes."""
        place = self.place(spectrum)
        _length, count, _flags = struct.unpack_from("<hBB", self.phondata, place)
        first = place + 4
        if not self.phondata[first] & 1:
            raise AudioError(f"the spectrum {spectrum} has short frames", VERSION_CURE)
        return [
            bytearray(self.phondata[first + spectra.SIZE * i : first + spectra.SIZE * (i + 1)])
            for i in range(count)
        ]


def _places(manifest: str) -> list[tuple[str, int]]:
    rows = [line.split() for line in manifest.splitlines() if line[:1] in ("S", "W", "E")]
    return [(row[2], int(row[1], 16)) for row in rows]


def _tables(phontab: bytes) -> dict[str, tuple[str, list[Phoneme]]]:
    """Table name -> name of its parent ("" for none) and its own phonemes."""
    names: list[str] = []
    tables: dict[str, tuple[str, list[Phoneme]]] = {}
    at = 4
    for _ in range(phontab[0]):
        count, parent = phontab[at], phontab[at + 1]
        name = phontab[at + 4 : at + 4 + TABLE_NAME].split(b"\0")[0].decode("latin1")
        at += 4 + TABLE_NAME
        size = Phoneme.LAYOUT.size
        own = [Phoneme.unpacked(phontab, at + size * i) for i in range(count)]
        at += size * count
        names.append(name)
        tables[name] = (names[parent - 1] if parent else "", [p for p in own if p.mnemonic])
    return tables

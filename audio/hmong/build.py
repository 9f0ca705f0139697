"""Builds the private data directory that has the Hmong voice beside all installed voices.

Everything that eSpeak NG installed is linked; only the three phoneme files, the Hmong dictionary
and the voice file are this directory's own. It holds eSpeak NG's data (GPL-3.0-or-later), so it
is built on the machine and never committed.
"""

import struct
import tempfile
import tomllib
from importlib import resources
from pathlib import Path

from audio.hmong import rules, stock
from audio.hmong.phonemes import Sounds, Table
from audio.hmong.stock import DATA, Stock
from audio.hmong.tones import PITCH
from kiosk.common.errors import AudioError

CODE = "hmn"
VOICE = Path("lang") / "hmx" / CODE
STAMP = "made-from"
REINSTALL = "cài lại: apt install --reinstall espeak-ng-data"
DICTIONARY = f"{CODE}_dict"


def sounds() -> Sounds:
    """The tables of sounds.toml."""
    text = resources.files("audio.hmong").joinpath("sounds.toml").read_text("utf-8")
    return tomllib.loads(text)


def is_built(folder: Path) -> bool:
    """Whether a folder holds the Hmong voice, made from the data that are installed now.

    Data of another version than the engine's would silence every language.
    """
    try:
        source, digest = (folder / DATA / STAMP).read_text("utf-8").splitlines()
    except (OSError, ValueError):
        return False
    made = all((folder / DATA / part).is_file() for part in (DICTIONARY, VOICE))
    return made and stock.digest(Path(source)) == digest


def build(folder: Path, installed: Path | None = None) -> None:
    """Make or renew `folder`/espeak-ng-data from the installed data.

    Raises AudioError when eSpeak NG or its data are missing, unknown or refuse the new voice;
    what was there before then stays.
    """
    source = installed or stock.installed()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".building-") as name:
            new = Path(name).resolve()
            _fill(new, Stock(source))
            _check(new)
            if (folder / DATA).exists():
                (folder / DATA).rename(new / "former")
            (new / DATA).rename(folder / DATA)
    except (struct.error, IndexError, ValueError):
        raise AudioError(f"{source}: dữ liệu hỏng / damaged data", REINSTALL) from None
    except OSError as error:
        cure = "chọn thư mục khác / name a folder that can be written, with --data"
        raise AudioError(f"{folder}: {error.strerror}", cure) from None


def _fill(new: Path, source: Stock) -> None:
    data = new / DATA
    language = data / VOICE
    language.parent.mkdir(parents=True)
    own = Table(source, sounds()).files()
    for entry in source.folder.iterdir():
        if entry.name not in (*own, VOICE.parts[0], DICTIONARY):
            (data / entry.name).symlink_to(entry)
    for entry in (source.folder / VOICE.parts[0]).iterdir():
        if entry.name != VOICE.parts[1]:
            (data / VOICE.parts[0] / entry.name).symlink_to(entry)
    for file_name, content in own.items():
        (data / file_name).write_bytes(content)
    voice = resources.files("audio.hmong").joinpath("voice.txt").read_text("utf-8")
    language.write_text(voice.format(*PITCH), "utf-8")
    (data / STAMP).write_text(f"{source.folder}\n{stock.digest(source.folder)}\n", "utf-8")
    (new / f"{CODE}_rules").write_text(rules.rules(sounds()), "utf-8")
    (new / f"{CODE}_list").write_text("", "utf-8")
    stock.run(f"--compile={CODE}", data=new, folder=new)


def _check(new: Path) -> None:
    listed = stock.run(f"--voices={CODE}", data=new)
    if str(VOICE.relative_to("lang")) not in listed or not is_built(new):
        raise AudioError(
            "espeak-ng không nhận giọng Hmông / espeak-ng does not list the Hmong voice",
            stock.VERSION_CURE,
        )

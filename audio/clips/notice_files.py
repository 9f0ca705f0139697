"""The station's notices as sound files for a loudspeaker, from what `homthu-station` has exported.

`notices.json` is an array of {"name", "vi", "hmn", "sounds": {language: file}}; a recording is
preferred to live speech, and a language without words or recording is left out.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from audio.clips.clip_files import mp3
from audio.clips.sources import Synthesise
from audio.playback.ogg_opus import decoded
from audio.speech.levels import levelled
from audio.speech.sound import Samples, from_wav, to_wav
from kiosk.common import files
from kiosk.common.errors import AudioError
from kiosk.content.catalog import LANGUAGES

LISTING = "notices.json"
CURE = "write it again with homthu-station notices export"

_Entry = tuple[str, dict[str, str], dict[str, str]]
"""Name, words by language, files of recordings by language."""


def render(folder: Path, out: Path, synthesise: Synthesise) -> list[Path]:
    """Write `<name>.<language>.wav` and `.mp3` of every notice in `folder` to `out`.

    Raises AudioError when the listing or a recording cannot be used.
    """
    made = []
    for name, language, samples in _spoken(folder, synthesise):
        for kind, data in (("wav", to_wav(samples)), ("mp3", mp3(samples))):
            path = out / f"{name}.{language}.{kind}"
            try:
                files.write(path, data)
            except OSError as error:
                raise AudioError(f"{path} cannot be written", "is the stick full?") from error
            made.append(path)
    return made


def _spoken(folder: Path, synthesise: Synthesise) -> Iterator[tuple[str, str, Samples]]:
    for name, words, sounds in _listing(folder):
        for language in LANGUAGES:
            if language in sounds:
                yield name, language, decoded(_read(folder / sounds[language]))
            elif words[language]:
                yield name, language, levelled(from_wav(synthesise(words[language], language)))


def _listing(folder: Path) -> list[_Entry]:
    try:
        return [_entry(raw) for raw in json.loads(_read(folder / LISTING))]
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise AudioError(f"{LISTING} is damaged", CURE) from error


def _entry(raw: dict[str, Any]) -> _Entry:
    """Names are cut to their last part, so that none leads out of the folder."""
    words = {language: str(raw[language]) for language in LANGUAGES}
    sounds = {language: Path(file).name for language, file in raw["sounds"].items()}
    return Path(raw["name"]).name, words, sounds


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise AudioError(f"{path} cannot be read", CURE) from error

"""Rendering: every string of the catalogue as a clip, ahead of time, one folder a language.

Its `manifest.json` tells how the clips were made and, for each, the digests of its text, WAV and
MP3, its voice, its length in seconds and its level in dB; kiosk/content/assets.py reads it.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from importlib import resources
from pathlib import Path

from audio.clips import clip_files
from audio.clips.clip_files import Entry
from audio.hmong import stock
from audio.hmong.build import is_built
from audio.speech.espeak import Engine
from audio.speech.levels import levelled
from audio.speech.sound import RATE, from_wav
from kiosk.common import files
from kiosk.content.assets import CLIP_KINDS, MANIFEST, Clips, digest
from kiosk.content.catalog import Catalog

VOICE = "eSpeak NG"
MADE_BY = (
    *("clips/clip_files.py", "clips/render.py", "hmong"),
    *("speech/espeak.py", "speech/levels.py", "speech/sound.py"),
)
MADE_FROM = ("phontab", "phonindex", "phondata")


def render(
    folder: Path, language: str, catalog: Catalog, data: Path, told: Callable[[str], None]
) -> int:
    """Make the clips in `folder` that are missing, damaged or out of date; returns how many.

    `data` is where the Hmong voice was built; `told` gets the id of every string looked after.
    Raises AudioError when the language has no voice; clips made so far stay.
    """
    folder.mkdir(parents=True, exist_ok=True)
    made = _stamp(language, data)
    texts = {name: catalog.words(name, language).speak for name in sorted(catalog.ids())}
    entries = _current(folder, made, texts)
    kept, engine = len(entries), Engine(data)
    try:
        for name, text in texts.items():
            if name not in entries:
                samples = levelled(from_wav(engine.synthesise(text, language)))
                entries[name] = clip_files.write(folder / name, text, samples, VOICE)
            told(name)
    finally:
        manifest = {"language": language, "made": made, "rate": RATE, "clips": entries}
        files.write(folder / MANIFEST, json.dumps(manifest, indent=1, ensure_ascii=False))
        _tidy(folder, entries)
    return len(entries) - kept


def _current(folder: Path, made: str, texts: dict[str, str]) -> dict[str, Entry]:
    """The entries of the clips that need not be made again."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    if manifest.get("made") != made:
        return {}
    return {
        clip.string_id: manifest["clips"][clip.string_id]
        for clip in Clips([folder])
        if clip.text == digest(texts.get(clip.string_id, "")) and clip.is_whole()
    }


def _tidy(folder: Path, entries: dict[str, Entry]) -> None:
    known = {f"{name}.{kind}" for name in entries for kind in CLIP_KINDS} | {MANIFEST}
    for path in folder.iterdir():
        if path.name not in known:
            path.unlink()


def _stamp(language: str, data: Path) -> str:
    """A digest of everything besides its text that a clip depends on."""
    total = hashlib.sha256()
    for source in (*_code(), *_voice(language, data)):
        total.update(source)
    return total.hexdigest()


def _code() -> Iterator[bytes]:
    own = Path(str(resources.files("audio")))
    for name in MADE_BY:
        paths = sorted((own / name).glob("*.*")) if (own / name).is_dir() else [own / name]
        yield from (path.read_bytes() for path in paths)


def _voice(language: str, data: Path) -> Iterator[bytes]:
    folder = data / stock.DATA if is_built(data) else stock.installed()
    for name in (*MADE_FROM, f"{language}_dict"):
        path = folder / name
        yield path.read_bytes() if path.is_file() else b"missing"

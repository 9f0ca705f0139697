"""Rendering: every string of the catalogue as a clip, ahead of time, one folder a language.

Its `manifest.json` tells how the clips were made and, for each, the digests of its text, WAV and
MP3, its voice, its length in seconds and its level in dB; kiosk/assets.py reads it. WAV is for
the kiosk, which then has nothing to decode; MP3 is for phones: all of them play it, while older
ones do not play Opus.
"""

import hashlib
import io
import json
from collections.abc import Callable, Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import av

from audio.hmong import stock
from audio.hmong.build import is_built
from audio.levels import level, levelled
from audio.sound import RATE, Samples, from_wav, seconds, to_wav
from audio.speech import Engine
from kiosk import files
from kiosk.assets import CLIP_KINDS, MANIFEST, Clips, digest
from kiosk.catalog import Catalog

MP3_BIT_S = 32_000
MADE_BY = ("hmong", "levels.py", "render.py", "sound.py", "speech.py")
MADE_FROM = ("phontab", "phonindex", "phondata")

Entry = dict[str, Any]


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
                entries[name] = _clip(folder / name, text, engine.synthesise(text, language))
            told(name)
    finally:
        manifest = {"language": language, "made": made, "rate": RATE, "clips": entries}
        files.write(folder / MANIFEST, json.dumps(manifest, indent=1, ensure_ascii=False))
        _tidy(folder, entries)
    return len(entries) - kept


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


def _clip(path: Path, text: str, spoken: bytes) -> Entry:
    """Write one clip beside `path` and return what the manifest says of it."""
    samples = levelled(from_wav(spoken))
    made = {"wav": to_wav(samples), "mp3": mp3(samples)}
    for kind in CLIP_KINDS:
        path.with_name(f"{path.name}.{kind}").write_bytes(made[kind])
    return {
        "text": digest(text),
        **{kind: digest(data) for kind, data in made.items()},
        "voice": "eSpeak NG",
        "seconds": round(seconds(samples), 3),
        "level": round(level(samples), 1),
    }


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

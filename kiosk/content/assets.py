"""Where built pictures and spoken clips are found, and whether they are whole.

Pictures are `<assets>/tiles/<width>/<name>.png`. A folder of clips, `<assets>/clips/<language>` or
a voice pack, is of one language and holds a manifest and for each string `<string id>.wav` for
the kiosk and `<string id>.mp3`, the same sound, for phones.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kiosk.common.errors import AudioError, ConfigError

CURE = "build them with `make setup`"
MANIFEST = "manifest.json"
CLIP_KINDS = ("wav", "mp3")
CLIP_DIGESTS = ("text", *CLIP_KINDS)


def tile_widths(assets: Path) -> tuple[int, ...]:
    """The widths in pixels in which tiles were rendered, smallest first.

    Raises ConfigError when nothing was built there.
    """
    widths = sorted(int(p.name) for p in (assets / "tiles").glob("*") if p.name.isdigit())
    if not widths:
        raise ConfigError("pictures", [f"none in {assets / 'tiles'}"], CURE)
    return tuple(widths)


def missing_tiles(assets: Path, needed: frozenset[str]) -> frozenset[str]:
    """Those of the needed pictures that the built manifest does not name."""
    return needed - set(_manifest(assets / "tiles").get("tiles", ()))


def digest(data: bytes | str) -> str:
    """SHA-256 in hexadecimal, as manifests have it, of a file's bytes or a clip's words."""
    return hashlib.sha256(data.encode("utf-8") if isinstance(data, str) else data).hexdigest()


@dataclass(frozen=True)
class Clip:
    """One string spoken by one voice; `text`, `wav` and `mp3` are digests."""

    folder: Path
    language: str
    string_id: str
    text: str
    wav: str
    mp3: str

    def file(self, kind: str) -> Path:
        """Where its "wav" or "mp3" lies."""
        return self.folder / f"{self.string_id}.{kind}"

    def read(self, kind: str) -> bytes:
        """Its "wav" or "mp3". Raises AudioError when that is not what the manifest says."""
        try:
            data = self.file(kind).read_bytes()
        except OSError:
            raise AudioError(f"clip {self.language}/{self.string_id} is missing", CURE) from None
        if digest(data) != getattr(self, kind):
            raise AudioError(f"clip {self.language}/{self.string_id} is damaged", CURE)
        return data

    def is_whole(self) -> bool:
        """Whether both files are what the manifest says."""
        try:
            return all(self.read(kind) for kind in CLIP_KINDS)
        except AudioError:
            return False


class Clips:
    """The clips of several folders, each preferred to those after it."""

    def __init__(self, folders: Iterable[Path]) -> None:
        self._folders = [{(c.language, c.string_id): c for c in _clips(f)} for f in folders]

    def __iter__(self) -> Iterator[Clip]:
        for folder in self._folders:
            yield from folder.values()

    def of(self, string_id: str, language: str, text: str) -> Iterator[Clip]:
        """The clips that say `text`, the best first; one that says an older text is passed over."""
        for folder in self._folders:
            clip = folder.get((language, string_id))
            if clip is not None and clip.text == digest(text):
                yield clip


def _clips(folder: Path) -> list[Clip]:
    """What a folder's manifest lists; nothing when it is missing or damaged."""
    manifest = _manifest(folder)
    try:
        return [
            Clip(folder, manifest["language"], name, *(entry[key] for key in CLIP_DIGESTS))
            for name, entry in manifest["clips"].items()
        ]
    except (KeyError, TypeError, AttributeError):
        return []


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return manifest if isinstance(manifest, dict) else {}

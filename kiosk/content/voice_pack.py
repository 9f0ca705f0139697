"""Voice packs: what a person has recorded, signed by the authority, and how a kiosk gets them.

A pack is a folder of clips as in `kiosk.content.assets` whose manifest also says `name`, `version`
and `speaker`. `manifest.sig` holds 64 bytes of Ed25519 over "homthu voices v1" || manifest.json by
the authority's root; without it a pack is a draft, which no kiosk plays. The manifest has the
SHA-256 of every file, so that the signature covers them all.
"""

import errno
import json
import logging
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kiosk.common import files
from kiosk.common.errors import AudioError, VoicePackError
from kiosk.content.assets import CLIP_KINDS, MANIFEST, Clip, Clips
from kiosk.content.catalog import LANGUAGES

SIGNATURE = "manifest.sig"
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
STRING_ID = re.compile(r"[a-z0-9_]+\.[a-z0-9_]+")
LAST_VERSION = 9999

_LABEL = b"homthu voices v1"
_UNREADABLE = "{} không phải gói giọng / is no voice pack"
_RECORD = "ghi đúng thư mục của homthu-voice record / name a folder that it made"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class VoicePack:
    """A pack as its manifest describes it; `version` rises with every signed change."""

    folder: Path
    name: str
    version: int
    language: str
    speaker: str
    clips: tuple[Clip, ...]

    @property
    def installed_name(self) -> str:
        """Its folder on a kiosk; names of newer versions sort after older ones."""
        return f"{self.name}-{self.version:04}"


def read(folder: Path) -> VoicePack:
    """The pack in `folder`, signed or not. Raises VoicePackError when it is none."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
        pack = VoicePack(
            folder,
            str(manifest["name"]),
            int(manifest["version"]),
            str(manifest["language"]),
            str(manifest["speaker"]),
            tuple(Clips([folder])),
        )
        listed = set(manifest["clips"])
    except (OSError, ValueError, KeyError, TypeError):
        raise VoicePackError(_UNREADABLE.format(folder), _RECORD) from None
    sound = (
        NAME.fullmatch(pack.name)
        and 1 <= pack.version <= LAST_VERSION
        and pack.language in LANGUAGES
        and listed == {clip.string_id for clip in pack.clips}
        and all(STRING_ID.fullmatch(name) for name in listed)
    )
    if not sound:
        raise VoicePackError(_UNREADABLE.format(folder), _RECORD)
    return pack


def sign(folder: Path, root: Ed25519PrivateKey) -> VoicePack:
    """Sign the pack with the authority's root; may be repeated.

    Raises VoicePackError when it is no pack, is empty, or a file is not what the manifest says.
    """
    pack = read(folder)
    harmed = [clip.string_id for clip in pack.clips if not clip.is_whole()]
    if harmed or not pack.clips:
        what = f"hỏng / damaged: {', '.join(harmed)}" if harmed else "chưa có câu nào / no clip yet"
        raise VoicePackError(f"{folder}: {what}", "thu lại / record it: homthu-voice record")
    files.write(folder / SIGNATURE, root.sign(_LABEL + (folder / MANIFEST).read_bytes()))
    return pack


def check_signature(folder: Path, authority: bytes) -> None:
    """Raise VoicePackError unless the raw Ed25519 key `authority` signed the manifest."""
    try:
        manifest, signature = ((folder / name).read_bytes() for name in (MANIFEST, SIGNATURE))
        Ed25519PublicKey.from_public_bytes(authority).verify(signature, _LABEL + manifest)
    except (OSError, InvalidSignature, ValueError):
        raise VoicePackError(
            "gói giọng không có chữ ký của nơi cấp phép / a voice pack that our authority has "
            "not signed",
            "đưa nơi cấp phép ký / have it signed: homthu-provision voices",
        ) from None


def clip_folders(assets: Path, packs: Path, authority: Path) -> tuple[Path, ...]:
    """The signed packs in `packs`, newest first, then what was rendered at build time.

    `authority` is the file of the authority's raw key. Any other pack is left out and the log
    says so, without naming it.
    """
    return (*signed_folders(packs, authority), *_folders(assets / "clips"))


def signed_folders(packs: Path, authority: Path) -> tuple[Path, ...]:
    """The signed packs in `packs`, newest first; the log says that another was left out."""
    key = authority.read_bytes() if authority.is_file() else b""
    return tuple(folder for folder in reversed(_folders(packs)) if _is_trusted(folder, key))


def install(
    folder: Path, voices: Path, authority: bytes, told: Callable[[str], None] = lambda _: None
) -> Path:
    """Copy a signed pack into the folder `voices` of a kiosk; returns where it lies.

    It appears there as a whole or not at all, then its older versions go. May be repeated.
    `told` gets the id of every string copied. Raises VoicePackError when it is not signed, older
    than the installed one, or cannot be copied; what was installed before stays.
    """
    check_signature(folder, authority)
    pack = read(folder)
    target = voices / pack.installed_name
    others = [other for other in _versions(voices, pack.name) if other != target]
    if any(other.name > target.name for other in others):
        raise VoicePackError(
            f"kiosk đã có bản mới hơn {pack.installed_name} / a newer version is installed",
            "dùng bản mới nhất / use the newest",
        )
    try:
        if not _is_same(pack, target):
            _copy(pack, target, told)
        for other in others:
            shutil.rmtree(other)
    except OSError as error:
        full = error.errno == errno.ENOSPC
        raise VoicePackError(
            "thẻ nhớ đầy / the card is full" if full else "không chép được / copying failed",
            "gói giọng cũ vẫn còn; cắm lại USB, làm lại / the former pack stays; try again",
        ) from error
    return target


def _copy(pack: VoicePack, target: Path, told: Callable[[str], None]) -> None:
    incoming = target.with_name(f".{target.name}.incoming")
    shutil.rmtree(incoming, ignore_errors=True)
    try:
        incoming.mkdir(parents=True)
        for clip in pack.clips:
            for kind in CLIP_KINDS:
                files.write(incoming / clip.file(kind).name, clip.read(kind))
            told(clip.string_id)
        for name in (SIGNATURE, MANIFEST):
            files.write(incoming / name, (pack.folder / name).read_bytes())
        if target.exists():
            shutil.rmtree(target)
        incoming.rename(target)
    except AudioError as error:
        raise VoicePackError(
            "USB bị rút hoặc gói giọng hỏng / the stick was pulled or the pack is damaged",
            "gói giọng cũ vẫn còn; cắm lại USB, làm lại / the former pack stays; try again",
        ) from error
    finally:
        shutil.rmtree(incoming, ignore_errors=True)


def _is_same(pack: VoicePack, target: Path) -> bool:
    """Whether this very pack lies there already, undamaged."""
    there = target / MANIFEST
    return (
        there.is_file()
        and there.read_bytes() == (pack.folder / MANIFEST).read_bytes()
        and all(clip.is_whole() for clip in Clips([target]))
    )


def _versions(voices: Path, name: str) -> list[Path]:
    wanted = re.compile(rf"{re.escape(name)}-[0-9]{{4}}")
    return [path for path in voices.glob(f"{name}-*") if wanted.fullmatch(path.name)]


def _folders(root: Path) -> list[Path]:
    """The folders with a manifest; one that begins with a dot is not whole yet."""
    found = (path.parent for path in sorted(root.glob(f"*/{MANIFEST}")))
    return [folder for folder in found if not folder.name.startswith(".")]


def _is_trusted(folder: Path, key: bytes) -> bool:
    try:
        check_signature(folder, key)
    except VoicePackError as error:
        log.warning("%s %s", error.code, error.message)
        return False
    return True

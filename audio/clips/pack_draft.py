"""A voice pack being recorded: an unsigned folder that is whole after every clip."""

import json
from pathlib import Path
from typing import Any

from audio.clips import clip_files
from audio.clips.prompts import Prompt
from audio.speech.sound import RATE, Samples
from kiosk.common import files
from kiosk.common.errors import VoicePackError
from kiosk.content import voice_pack
from kiosk.content.assets import MANIFEST, Clips, digest

PERSON = "person"


class Draft:
    """The pack in a folder, whose name is the pack's.

    A new one is begun where there is none. Raises VoicePackError when something else lies there,
    it is of another language or the name cannot be a pack's.
    """

    def __init__(self, folder: Path, language: str, speaker: str = "") -> None:
        self._folder = folder
        self._manifest: dict[str, Any] = {
            "name": folder.resolve().name,
            "version": 1,
            "language": language,
            "speaker": speaker,
            "rate": RATE,
            "clips": {},
        }
        if (folder / MANIFEST).exists():
            self._continue(voice_pack.read(folder), speaker)
        elif not voice_pack.NAME.fullmatch(self._manifest["name"]):
            raise VoicePackError(
                f"tên thư mục {self._manifest['name']!r} không dùng được / cannot be a pack's name",
                "chỉ dùng a-z, 0-9 và dấu - / use a-z, 0-9 and - only",
            )

    def is_current(self, prompt: Prompt) -> bool:
        """Whether a whole clip of the prompt's present text is there."""
        clip = self._clips.get(prompt.string_id)
        return clip is not None and clip.text == digest(prompt.text) and clip.is_whole()

    def keep(self, prompt: Prompt, samples: Samples) -> None:
        """Put a clip into the pack, durably; a signature that it had is void then."""
        self._folder.mkdir(parents=True, exist_ok=True)
        signature = self._folder / voice_pack.SIGNATURE
        if signature.exists():
            self._manifest["version"] += 1
            signature.unlink()
        path = self._folder / prompt.string_id
        entry = clip_files.write(path, prompt.text, samples, PERSON)
        self._manifest["clips"][prompt.string_id] = entry
        text = json.dumps(self._manifest, indent=1, ensure_ascii=False)
        files.write(self._folder / MANIFEST, text)

    @property
    def _clips(self) -> dict[str, Any]:
        return {clip.string_id: clip for clip in Clips([self._folder])}

    def _continue(self, pack: voice_pack.VoicePack, speaker: str) -> None:
        if pack.language != self._manifest["language"]:
            raise VoicePackError(
                f"{self._folder} là gói tiếng {pack.language} / is a pack of that language",
                "chọn thư mục khác / choose another folder",
            )
        before = json.loads((self._folder / MANIFEST).read_text("utf-8"))
        self._manifest = {**before, "speaker": speaker or before["speaker"]}

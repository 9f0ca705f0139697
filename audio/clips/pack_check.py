"""What is missing in a voice pack, or wrong with it, string by string."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from audio.capture.takes import MUTE_DB, length_problem
from audio.clips.prompts import Prompt
from audio.speech.levels import SPEECH_DB, level, peak
from audio.speech.sound import from_wav
from kiosk.common.errors import AudioError, VoicePackError
from kiosk.content import voice_pack
from kiosk.content.assets import Clip, digest
from kiosk.content.voice_pack import SIGNATURE, VoicePack

TOO_QUIET_DB, TOO_LOUD_DB = SPEECH_DB - 6, SPEECH_DB + 3
DRAFT, SIGNED, UNVERIFIED, FALSE = "draft", "signed", "unverified", "false"

FINDINGS = {
    "missing": "chưa thu",
    "stale": "lời đã đổi, thu lại",
    "damaged": "tệp hỏng, thu lại",
    "too_loud": "to quá",
    "too_quiet": "nhỏ quá",
    "too_short": "ngắn quá",
    "too_long": "dài quá",
}
SIGNATURES = {
    DRAFT: "bản nháp, chưa ký",
    SIGNED: "đã ký, chữ ký đúng",
    UNVERIFIED: "có chữ ký, chưa kiểm tra (thêm --authority)",
    FALSE: "chữ ký sai",
}


@dataclass(frozen=True)
class Result:
    """`findings` are (string id, what is wrong as in FINDINGS); `whole` counts good clips."""

    findings: tuple[tuple[str, str], ...]
    whole: int
    signature: str

    @property
    def is_good(self) -> bool:
        """Whether nothing is missing or wrong; a draft may be good."""
        return not self.findings and self.signature != FALSE


def check(
    pack: VoicePack,
    prompts: list[Prompt],
    authority: bytes | None,
    told: Callable[[str], None] = lambda _: None,
) -> Result:
    """Look at every prompt's clip; `told` gets its id.

    Without `authority`, its raw Ed25519 key, a signature is not verified.
    """
    clips = {clip.string_id: clip for clip in pack.clips}
    findings = []
    for prompt in prompts:
        found = _finding(prompt, clips.get(prompt.string_id))
        if found:
            findings.append((prompt.string_id, found))
        told(prompt.string_id)
    whole = len(prompts) - len(findings)
    return Result(tuple(findings), whole, _signature(pack.folder, authority))


def _finding(prompt: Prompt, clip: Clip | None) -> str | None:
    if clip is None:
        return "missing"
    if clip.text != digest(prompt.text):
        return "stale"
    if not clip.is_whole():
        return "damaged"
    return next(_measured(prompt, clip), None)


def _measured(prompt: Prompt, clip: Clip) -> Iterator[str]:
    try:
        samples = from_wav(clip.read("wav"))
    except AudioError:
        yield "damaged"
        return
    loudness = level(samples) if peak(samples) > MUTE_DB else MUTE_DB
    if loudness > TOO_LOUD_DB:
        yield "too_loud"
    if loudness < TOO_QUIET_DB:
        yield "too_quiet"
    if wrong := length_problem(samples, prompt.text):
        yield wrong


def _signature(folder: Path, authority: bytes | None) -> str:
    if not (folder / SIGNATURE).exists():
        return DRAFT
    if authority is None:
        return UNVERIFIED
    try:
        voice_pack.check_signature(folder, authority)
    except VoicePackError:
        return FALSE
    return SIGNED

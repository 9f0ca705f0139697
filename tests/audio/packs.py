"""Voice packs made of noise, as long as people would need to say the words."""

from pathlib import Path

from audio.clips.pack_draft import Draft
from audio.clips.prompts import Prompt, prompts
from audio.speech.levels import levelled
from audio.speech.sound import Samples
from audio.speech.voice import estimated_seconds
from kiosk.content import catalog as catalogues
from kiosk.content import questionnaire
from tests.audio.hall import spoken

HMONG = prompts(catalogues.load(), questionnaire.load(), "hmn")


def clip(prompt: Prompt, longer: float = 1.0) -> Samples:
    """A sound as long as the prompt should be, or so many times longer."""
    return levelled(spoken(estimated_seconds(prompt.text) * longer, seed=len(prompt.text)))


def draft(folder: Path, wanted: list[Prompt]) -> Path:
    """A pack with a clip of each wanted prompt."""
    made = Draft(folder, "hmn", "nữ, Nậm Pồ")
    for prompt in wanted:
        made.keep(prompt, clip(prompt))
    return folder

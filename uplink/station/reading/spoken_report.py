"""A report read out by the voice of the clips: no biometrics, only what the pictures say."""

import io
import wave
from collections.abc import Iterable

from kiosk.common.errors import AudioError, StationError
from kiosk.content.assets import Clips
from kiosk.content.catalog import Catalog
from kiosk.protocol.report import Report

PAUSE_S = 0.3
CURE = "dựng tiếng bằng homthu-voice render / build the clips with homthu-voice render"


def clip_ids(report: Report) -> list[str]:
    """The strings that tell a report as questions and answers, in the order of asking."""
    asked = [("where", report.where), ("when", report.when), ("how_many", report.how_many)]
    asked += [("danger", "danger_yes")] if report.urgent else []
    told = [f"box.{report.box}", *(f"choice.{choice}" for choice in report.what)]
    for question, choice in asked:
        if choice is not None:
            told += [f"ask.{question}", f"choice.{choice}"]
    return told


def read_out(ids: Iterable[str], language: str, clips: Clips, catalog: Catalog) -> bytes:
    """A WAV of these strings, one after the other.

    Names of villages have no clip and are left out. Raises StationError when no clip is there.
    """
    known = catalog.ids()
    parts = [_clip(name, language, clips, catalog) for name in ids if name in known]
    whole = io.BytesIO()
    with wave.open(whole, "wb") as out:
        for part in parts:
            with wave.open(io.BytesIO(part)) as clip:
                if not out.getnframes():
                    out.setparams(clip.getparams())
                out.writeframes(clip.readframes(clip.getnframes()))
                pause = int(PAUSE_S * clip.getframerate())
                out.writeframes(bytes(pause * clip.getsampwidth() * clip.getnchannels()))
    return whole.getvalue()


def _clip(string_id: str, language: str, clips: Clips, catalog: Catalog) -> bytes:
    for clip in clips.of(string_id, language, catalog.words(string_id, language).speak):
        try:
            return clip.read("wav")
        except AudioError:
            continue
    raise StationError("thiếu tiếng đọc / clips are missing", CURE)

"""The words on paper, from poster.toml, with a kiosk's own names filled in."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

DOUBT = "\N{NO-BREAK SPACE}(?)"


@dataclass(frozen=True)
class Text:
    """One text: Vietnamese, and Hmong with its doubt written out."""

    vi: str
    hmn: str


class Texts:
    """All texts for one kiosk; `names` are what the braces in them stand for."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names
        raw = resources.files("provisioning.paper").joinpath("poster.toml").read_text("utf-8")
        self._entries: dict[str, Any] = tomllib.loads(raw)

    def text(self, name: str) -> Text:
        """One text by its name."""
        return self._filled(self._entries[name])

    def items(self, name: str) -> tuple[Text, ...]:
        """The lines of a list."""
        return tuple(self._filled(item) for item in self._entries[name]["items"])

    def _filled(self, entry: dict[str, Any]) -> Text:
        hmong = entry["hmn"]
        doubt = DOUBT if hmong["confidence"] == "C" else ""
        return Text(entry["vi"].format_map(self._names), hmong["show"] + doubt)

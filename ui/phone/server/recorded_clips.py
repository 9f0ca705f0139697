"""People's voices for phones: clips of installed packs in place of the page's rendered ones."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from kiosk.common.errors import AudioError
from kiosk.content.assets import Clips
from kiosk.content.catalog import LANGUAGES, Catalog
from ui.phone.server.static_files import StaticFile, StaticPage


def with_voices(page: StaticPage, packs: Clips, catalog: Catalog) -> StaticPage:
    """The page with every clip of a person that says a string's present words and is whole.

    The page asks for the same addresses as before, so that its script and policy stay as built.
    """
    return replace(page, sheets={**page.sheets, **dict(_recorded(page.sheets, packs, catalog))})


def _recorded(
    sheets: Mapping[str, StaticFile], packs: Clips, catalog: Catalog
) -> Iterator[tuple[str, StaticFile]]:
    for language in LANGUAGES:
        for string_id in catalog.ids():
            name = f"clips/{language}/{string_id}.mp3"
            text = catalog.words(string_id, language).speak
            sheet = _first_whole(packs, string_id, language, text) if name in sheets else None
            if sheet is not None:
                yield name, sheet


def _first_whole(packs: Clips, string_id: str, language: str, text: str) -> StaticFile | None:
    for clip in packs.of(string_id, language, text):
        try:
            return StaticFile("audio/mpeg", clip.read("mp3"), None)
        except AudioError:
            continue
    return None

"""Which words a tile shows: the person's language large, the other one small.

Hmong words that no native speaker has settled never stand as if they were certain: then the
Vietnamese ones are the large ones and the Hmong ones follow small, with a question mark.
"""

from dataclasses import dataclass

from kiosk.content.catalog import Catalog
from kiosk.views.model import Tile, View

CERTAIN_LANGUAGE = "vi"
STRIP = "notices"
DOUBT = "\N{NO-BREAK SPACE}(?)"


@dataclass(frozen=True, slots=True)
class Wording:
    """Large words, and small ones under them."""

    large: str
    small: str = ""


def wording(catalog: Catalog, languages: tuple[str, ...], language: str, string_id: str) -> Wording:
    """The words of one string for a person who speaks `language`."""
    own = catalog.words(string_id, language)
    other = next((other for other in languages if other != language), None)
    if not own.settled:
        certain = catalog.words(string_id, CERTAIN_LANGUAGE)
        return Wording(certain.show, own.show + DOUBT)
    if other is None:
        return Wording(own.show)
    second = catalog.words(string_id, other)
    return Wording(own.show, second.show + ("" if second.settled else DOUBT))


def prompt_wording(catalog: Catalog, languages: tuple[str, ...], shown: View) -> Wording:
    """The words of a screen: the station's own, line under line, else those of its prompt."""
    if not shown.told:
        return wording(catalog, languages, shown.language, shown.prompt)
    if len(shown.told) == 1:
        return Wording(*shown.told[0].shown(shown.language))
    return Wording("\n".join(text.shown(shown.language)[0] for text in shown.told))


def tile_wording(
    catalog: Catalog, languages: tuple[str, ...], language: str, tile: Tile
) -> Wording:
    """The words of a tile: a language is named in itself, a village's name stands alone.

    Of a notice there is room for one language, but on the strip of the start screen for both.
    """
    if tile.literal is not None:
        return Wording(tile.literal)
    verb, _, named = (tile.target or "").partition(":")
    if tile.told is not None:
        large, small = tile.told.shown(language)
        return Wording(large, small if verb == STRIP else "")
    if verb == "lang":
        language = named
    return wording(catalog, languages, language, tile.string_id)

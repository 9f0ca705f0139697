"""Which words a tile shows: the person's language large, the other one small.

Hmong words that no native speaker has settled never stand as if they were certain: then the
Vietnamese ones are the large ones and the Hmong ones follow small, with a question mark.
"""

from dataclasses import dataclass

from kiosk.catalog import Catalog
from kiosk.shown import Tile

CERTAIN_LANGUAGE = "vi"
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


def tile_wording(
    catalog: Catalog, languages: tuple[str, ...], language: str, tile: Tile
) -> Wording:
    """The words of a tile: a language is named in itself, the station's own words stand alone."""
    if tile.literal is not None:
        return Wording(tile.literal)
    verb, _, named = (tile.target or "").partition(":")
    if verb == "lang":
        language = named
    return wording(catalog, languages, language, tile.string_id)

"""What the page asks and says: the kiosk's own questionnaire, words and clips, as plain data."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from kiosk.content.catalog import LANGUAGES, Catalog
from kiosk.content.questionnaire import NOTHING_MORE, Questionnaire
from kiosk.device.notice_board import PICTURES
from kiosk.protocol import picture_code
from kiosk.protocol.reply import phrases
from kiosk.views.wording import CERTAIN_LANGUAGE, wording

WEB = Path(__file__).parents[1] / "web"
_NAMED = re.compile(r'"((?:ask|language|say|ui)\.[a-z_]+)"')


def page_content(
    questionnaire: Questionnaire, catalog: Catalog, icons: Iterable[str], clips: Path
) -> dict[str, Any]:
    """Everything the page's script imports as `content`.

    `icons` names the square pictures; `clips` is a folder of <language>/<string id>.mp3, which
    need not exist.
    """
    ids = sorted(catalog.ids())
    return {
        "languages": LANGUAGES,
        "questionnaire": asked(questionnaire),
        "words": {one: {i: label(catalog, one, i) for i in ids} for one in LANGUAGES},
        "families": picture_code.families(),
        "icons": sorted(icons),
        "clips": {one: sorted(p.stem for p in (clips / one).glob("*.mp3")) for one in LANGUAGES},
    }


def asked(questionnaire: Questionnaire) -> dict[str, Any]:
    """The questionnaire as the page's path rule reads it."""
    return {
        "boxes": {box.id: {"kind": box.kind, "steps": box.steps} for box in questionnaire.boxes},
        "questions": {
            name: {
                "field": question.field,
                "choices": question.choices,
                "then": dict(question.then),
                "yes": question.yes,
                "ends": question.ends,
            }
            for name, question in questionnaire.questions.items()
        },
        "procedures": dict(questionnaire.procedures),
        "notices": questionnaire.standing_notices,
        "nothingMore": NOTHING_MORE,
    }


def pictures(questionnaire: Questionnaire) -> frozenset[str]:
    """The names of the pictures that the page cannot do without."""
    told = frozenset(PICTURES.values()) | phrases().tiles()
    return questionnaire.tiles() | picture_code.tiles() | told


def strings(questionnaire: Questionnaire) -> frozenset[str]:
    """The ids of the strings that the page cannot do without."""
    told = picture_code.strings() | phrases().strings()
    return questionnaire.strings() | named_strings() | told


def named_strings() -> frozenset[str]:
    """The ids of the strings that the page itself names, besides the questionnaire's."""
    sources = (*sorted(WEB.glob("*.js")), WEB / "page.html")
    return frozenset(_NAMED.findall("".join(path.read_text("utf-8") for path in sources)))


def label(catalog: Catalog, language: str, string_id: str) -> tuple[str, str, str, str]:
    """Large words and their language, small words and theirs."""
    words = wording(catalog, LANGUAGES, language, string_id)
    large = language if catalog.words(string_id, language).settled else CERTAIN_LANGUAGE
    small = next(other for other in LANGUAGES if other != large)
    return words.large, large, words.small, small

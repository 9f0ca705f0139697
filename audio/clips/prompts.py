"""All prompts in the order in which people meet them, with what a speaker must know of each."""

from collections.abc import Iterator
from dataclasses import dataclass

from kiosk.content import vocabulary
from kiosk.content.catalog import HMONG, Catalog
from kiosk.content.hmong_orthography import in_1961_script
from kiosk.content.questionnaire import Questionnaire

OPENING = ("say.greeting", "language.vi", "language.hmn", "ask.menu")


@dataclass(frozen=True)
class Prompt:
    """One string to be spoken: `screen` is where it is heard, `meaning` what it says.

    `vn1961` is the text in the script of 1961, empty for Vietnamese; `english` the meanings of
    the words that it was made of, empty where they are not known.
    """

    string_id: str
    screen: str
    text: str
    vn1961: str
    meaning: str
    english: str
    confidence: str


def prompts(catalog: Catalog, questionnaire: Questionnaire, language: str) -> list[Prompt]:
    """Every string of the catalogue once, screen by screen."""
    found: dict[str, str] = {}
    for string_id, screen in (*_screens(catalog, questionnaire), *_others(catalog)):
        found.setdefault(string_id, screen)
    return [_prompt(catalog, language, name, screen) for name, screen in found.items()]


def _screens(catalog: Catalog, questionnaire: Questionnaire) -> Iterator[tuple[str, str]]:
    def shown(string_id: str) -> str:
        return catalog.words(string_id, "vi").show

    yield from ((name, shown("ask.menu")) for name in OPENING)
    yield from ((f"box.{box.id}", shown("ask.menu")) for box in questionnaire.boxes)
    for question in _questions(questionnaire):
        screen = shown(f"ask.{question}")
        yield f"ask.{question}", screen
        for choice in questionnaire.questions[question].choices:
            yield f"choice.{choice}", screen
    for cards in questionnaire.procedures.values():
        yield from ((f"card.{card}", shown("ask.papers")) for card in cards)
    for notice in questionnaire.standing_notices:
        topic = notice.removeprefix("notice_")
        yield from ((f"{group}.{topic}", shown("box.listen")) for group in ("notice", "advice"))


def _questions(questionnaire: Questionnaire) -> Iterator[str]:
    """Every question, each straight before those that its choices add."""

    def expand(name: str) -> Iterator[str]:
        yield name
        for added in questionnaire.questions[name].then.values():
            for follow in added:
                yield from expand(follow)

    for box in questionnaire.boxes:
        for step in box.steps:
            yield from expand(step)


def _others(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """What several screens say, by its kind."""
    for string_id in sorted(catalog.ids()):
        yield string_id, "Nhiều màn hình"


def _prompt(catalog: Catalog, language: str, string_id: str, screen: str) -> Prompt:
    words, meaning = catalog.words(string_id, language), catalog.words(string_id, "vi")
    known = vocabulary.vocabulary()
    return Prompt(
        string_id=string_id,
        screen=screen,
        text=words.speak,
        vn1961=in_1961_script(words.speak) if language == HMONG else "",
        meaning=meaning.show if words.speak == words.show else meaning.speak,
        english="; ".join(known[name].english for name in words.made_of),
        confidence=words.confidence,
    )

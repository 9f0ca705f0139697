"""The questionnaire: boxes, questions and choices as data, validated as a whole."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from importlib import resources
from types import MappingProxyType
from typing import Any, TypeVar

from kiosk.common.errors import QuestionnaireError

TILES_PER_SCREEN = 6
NOTHING_MORE = "nothing_more"
FIELDS = ("what", "where", "when", "how_many", "urgent")
KINDS = ("report", "procedures", "notices", "reply")

Answers = tuple[tuple[str, str], ...]
_Item = TypeVar("_Item")


@dataclass(frozen=True)
class Box:
    """One tile of the menu: `kind` says what opens behind it, `steps` are its questions."""

    id: str
    kind: str
    steps: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """One question: `then` maps a choice to the questions that it adds straight after."""

    id: str
    field: str
    choices: tuple[str, ...]
    then: Mapping[str, tuple[str, ...]]
    yes: str | None = None
    ends: str | None = None

    def pages(self) -> tuple[tuple[str, ...], ...]:
        """The choices cut into screens of six, the sixth being "more" where more follows."""
        return paged(self.choices)


@dataclass(frozen=True)
class Questionnaire:
    """Everything that can be asked, in the order in which it is asked."""

    boxes: tuple[Box, ...]
    questions: Mapping[str, Question]
    procedures: Mapping[str, tuple[str, ...]]
    standing_notices: tuple[str, ...]

    @property
    def menu(self) -> tuple[Box, ...]:
        """The boxes that the menu offers; a reply begins at the answer to which it replies."""
        return tuple(box for box in self.boxes if box.kind != "reply")

    def box(self, box_id: str) -> Box:
        """The box of that name; KeyError when there is none."""
        return next(box for box in self.boxes if box.id == box_id)

    def path(self, box_id: str, answers: Answers) -> tuple[str, ...]:
        """The questions of a box in order, with those that the answers so far have added.

        A question to which somebody answered that there is danger stays, whatever else changes.
        """
        given = dict(answers)

        def expand(questions: Iterable[str]) -> Iterator[str]:
            for name in questions:
                yield name
                yield from expand(self.questions[name].then.get(given.get(name, ""), ()))

        danger = [name for name, choice in answers if self.questions[name].yes == choice]
        return tuple(dict.fromkeys([*expand(self.box(box_id).steps), *danger]))

    def next_question(self, box_id: str, answers: Answers) -> str | None:
        """The first question on the path without an answer; None when all are answered."""
        given = dict(answers)
        return next((name for name in self.path(box_id, answers) if name not in given), None)

    def on_path(self, box_id: str, answers: Answers) -> Answers:
        """The answers in path order, without those whose question a change has removed."""
        given = dict(answers)
        return tuple((name, given[name]) for name in self.path(box_id, answers) if name in given)

    def field(self, field: str, answers: Answers) -> tuple[str, ...]:
        """The choices that go into one field of the report, "nothing more" left out."""
        return tuple(
            choice
            for name, choice in answers
            if self.questions[name].field == field and choice != NOTHING_MORE
        )

    def is_urgent(self, answers: Answers) -> bool:
        """Whether somebody said that there is danger now."""
        return any(self.questions[name].yes == choice for name, choice in answers)

    def with_villages(self, villages: Iterable[str]) -> "Questionnaire":
        """The same questionnaire with the station's own villages offered after the usual places."""
        where = self.questions["where"]
        named = tuple(f"village:{village}" for village in villages)
        extended = replace(where, choices=where.choices[:-1] + named + where.choices[-1:])
        return replace(self, questions=MappingProxyType({**self.questions, "where": extended}))

    def tiles(self) -> frozenset[str]:
        """The names of all pictures that the questionnaire needs."""
        names = {f"box_{box.id}" for box in self.boxes} | set(self.standing_notices)
        for question in self.questions.values():
            names.add(f"ask_{question.id}")
            names.update(choice for choice in question.choices if ":" not in choice)
        return frozenset(names.union(*self.procedures.values()))

    def strings(self) -> frozenset[str]:
        """The ids of all strings that the questionnaire needs in every language."""
        ids = {f"box.{box.id}" for box in self.boxes}
        for name in self.standing_notices:
            topic = name.removeprefix("notice_")
            ids.update((f"notice.{topic}", f"advice.{topic}"))
        for question in self.questions.values():
            ids.add(f"ask.{question.id}")
            ids.update(f"choice.{choice}" for choice in question.choices if ":" not in choice)
        ids.update(f"card.{card}" for cards in self.procedures.values() for card in cards)
        return frozenset(ids)


def paged(items: tuple[_Item, ...]) -> tuple[tuple[_Item, ...], ...]:
    """Cut a list into screens of at most six tiles, the sixth being "more" where more follows."""
    pages = []
    rest = items
    while len(rest) > TILES_PER_SCREEN:
        pages.append(rest[: TILES_PER_SCREEN - 1])
        rest = rest[TILES_PER_SCREEN - 1 :]
    return (*pages, rest)


def load(text: str | None = None) -> Questionnaire:
    """Read the questionnaire (the product's own unless `text` is given).

    Raises QuestionnaireError naming every mistake at once.
    """
    if text is None:
        text = resources.files("kiosk.content").joinpath("questionnaire.toml").read_text("utf-8")
    try:
        raw = tomllib.loads(text)
        questionnaire = _build(raw)
    except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError) as error:
        raise QuestionnaireError("questionnaire", [f"not readable: {error}"]) from None
    problems = list(_problems(questionnaire))
    if problems:
        raise QuestionnaireError("questionnaire", problems)
    return questionnaire


def _build(raw: Mapping[str, Any]) -> Questionnaire:
    questions = {
        name: Question(
            id=name,
            field=entry["field"],
            choices=tuple(entry["choices"]),
            then={choice: tuple(names) for choice, names in entry.get("then", {}).items()},
            yes=entry.get("yes"),
            ends=entry.get("ends"),
        )
        for name, entry in raw["questions"].items()
    }
    return Questionnaire(
        boxes=tuple(Box(b["id"], b["kind"], tuple(b["steps"])) for b in raw["boxes"]),
        questions=MappingProxyType(questions),
        procedures={name: tuple(cards) for name, cards in raw.get("procedures", {}).items()},
        standing_notices=tuple(raw.get("notices", {}).get("standing", ())),
    )


def _problems(questionnaire: Questionnaire) -> Iterator[str]:
    yield from _box_problems(questionnaire)
    for question in questionnaire.questions.values():
        yield from _question_problems(question, questionnaire)
    reachable = _reachable(questionnaire)
    for name in sorted(set(questionnaire.questions) - reachable):
        yield f"question {name!r} cannot be reached from any box"
    for name in sorted(reachable - set(questionnaire.questions)):
        yield f"question {name!r} is asked for but not written"


def _box_problems(questionnaire: Questionnaire) -> Iterator[str]:
    if len(questionnaire.menu) > TILES_PER_SCREEN:
        yield f"{len(questionnaire.menu)} boxes do not fit on one screen of {TILES_PER_SCREEN}"
    for box in questionnaire.boxes:
        if box.kind not in KINDS:
            yield f"box {box.id!r} has the unknown kind {box.kind!r}"
        if box.kind != "notices" and not box.steps:
            yield f"box {box.id!r} asks nothing"


def _question_problems(question: Question, questionnaire: Questionnaire) -> Iterator[str]:
    named = (*question.then, *filter(None, (question.yes, question.ends)))
    if question.field not in FIELDS:
        yield f"question {question.id!r} has the unknown field {question.field!r}"
    if len(question.choices) < 2:
        yield f"question {question.id!r} offers no choice"
    if len(set(question.choices)) < len(question.choices):
        yield f"question {question.id!r} offers a choice twice"
    for choice in named:
        if choice not in question.choices:
            yield f"question {question.id!r} speaks of {choice!r}, which it does not offer"


def _reachable(questionnaire: Questionnaire) -> set[str]:
    found: set[str] = set()
    waiting = [name for box in questionnaire.boxes for name in box.steps]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        question = questionnaire.questions.get(name)
        if question:
            waiting.extend(follow for names in question.then.values() for follow in names)
    return found

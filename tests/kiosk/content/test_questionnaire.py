"""The questionnaire is complete, and mistakes in it are all told at once."""

import pytest

from kiosk.common.errors import QuestionnaireError
from kiosk.content import catalog
from kiosk.content.questionnaire import TILES_PER_SCREEN, Answers, load, paged
from kiosk.flow.model import Rules
from kiosk.views import inventory

BROKEN = """
[[boxes]]
id = "crime"
kind = "repot"
steps = ["crime", "missing"]

[questions.crime]
field = "wat"
choices = ["a", "a"]
then = { b = ["crime"] }

[questions.lonely]
field = "what"
choices = ["a", "b"]
"""


def test_the_products_own_questionnaire_is_sound_and_fully_worded() -> None:
    questionnaire = load()
    catalog.load(questionnaire.strings() | inventory.needs(Rules(questionnaire)).strings)
    assert {box.id for box in questionnaire.menu} == {
        "crime",
        "border",
        "order",
        "opinion",
        "ask",
        "listen",
    }


def test_every_mistake_is_reported_at_once() -> None:
    with pytest.raises(QuestionnaireError) as caught:
        load(BROKEN)
    told = "\n".join(caught.value.problems)
    for mistake in ("repot", "missing", "wat", "twice", "'b'", "lonely"):
        assert mistake in told


@pytest.mark.parametrize("text", ["", "boxes = 3", "[[boxes]]", "= no toml", "[questions]\nx = 1"])
def test_unreadable_text_is_one_clear_error(text: str) -> None:
    with pytest.raises(QuestionnaireError):
        load(text)


@pytest.mark.parametrize("count", [1, 5, 6, 7, 11, 12, 13])
def test_pages_hold_everything_once_and_leave_room_for_more(count: int) -> None:
    items = tuple(map(str, range(count)))
    pages = paged(items)
    assert tuple(item for page in pages for item in page) == items
    assert all(len(page) == TILES_PER_SCREEN - 1 for page in pages[:-1])
    assert 1 <= len(pages[-1]) <= TILES_PER_SCREEN


def test_the_stations_villages_come_before_not_known() -> None:
    where = load().with_villages(["na_co_sa_1"]).questions["where"]
    assert where.choices[-2:] == ("village:na_co_sa_1", "unknown")


@pytest.mark.parametrize("box", [box.id for box in load().boxes if box.kind == "report"])
def test_danger_once_told_stays_in_every_box(box: str) -> None:
    questionnaire = load()
    answers: Answers = (("danger", "danger_yes"),)
    while (question := questionnaire.next_question(box, answers)) is not None:
        choice = questionnaire.questions[question].choices[-1]
        answers = questionnaire.on_path(box, (*answers, (question, choice)))
    assert questionnaire.is_urgent(answers)

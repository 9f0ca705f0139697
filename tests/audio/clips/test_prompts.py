"""Prompts come screen by screen, each once, with what their speaker must know."""

import pytest

from audio.clips.prompts import OPENING, prompts
from kiosk.content import catalog as catalogues
from kiosk.content import questionnaire

CATALOG, QUESTIONNAIRE = catalogues.load(), questionnaire.load()


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_every_string_comes_once(language: str) -> None:
    ids = [p.string_id for p in prompts(CATALOG, QUESTIONNAIRE, language)]
    assert len(ids) == len(set(ids))
    assert set(ids) == CATALOG.ids()


def test_a_question_is_followed_by_its_choices_as_on_the_screen() -> None:
    ids = [p.string_id for p in prompts(CATALOG, QUESTIONNAIRE, "hmn")]
    assert tuple(ids[: len(OPENING)]) == OPENING
    first = ids.index("ask.crime")
    choices = [f"choice.{name}" for name in QUESTIONNAIRE.questions["crime"].choices]
    assert ids[first + 1 : first + 1 + len(choices)] == choices


def test_a_hmong_prompt_has_both_scripts_and_its_meaning() -> None:
    found = {p.string_id: p for p in prompts(CATALOG, QUESTIONNAIRE, "hmn")}
    where = found["ask.where"]
    assert (where.text, where.meaning, where.confidence) == ("Qhov twg?", "Việc đó ở đâu?", "A")
    assert where.vn1961 not in ("", where.text)


def test_a_vietnamese_prompt_has_one_script() -> None:
    assert {p.vn1961 for p in prompts(CATALOG, QUESTIONNAIRE, "vi")} == {""}

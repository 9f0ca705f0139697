"""What people are asked and shown, loaded as a whole: questionnaire, words and pictures."""

from pathlib import Path

from kiosk.common.errors import QuestionnaireError
from kiosk.content import catalog as catalogues
from kiosk.content import questionnaire as questionnaires
from kiosk.content.assets import CURE, missing_tiles
from kiosk.content.catalog import Catalog
from kiosk.content.questionnaire import Questionnaire
from kiosk.views import code, voice
from kiosk.views.screens import strings_of_screens


def load(assets: Path) -> tuple[Questionnaire, Catalog]:
    """The product's questionnaire and catalogue, with every picture built under `assets`.

    Raises QuestionnaireError naming at once every unreachable question, every string that lacks
    a language and every picture that is missing.
    """
    questionnaire = questionnaires.load()
    pictures = questionnaire.tiles() | code.tiles() | voice.tiles()
    problems = [
        f"picture {name!r} was not built" for name in sorted(missing_tiles(assets, pictures))
    ]
    try:
        catalog = catalogues.load(questionnaire.strings() | strings_of_screens())
    except QuestionnaireError as error:
        problems.extend(error.problems)
    if problems:
        raise QuestionnaireError("questionnaire", problems, CURE)
    return questionnaire, catalog

"""What people are asked and shown, loaded as a whole: questionnaire, words and pictures."""

from pathlib import Path

from kiosk.common.errors import QuestionnaireError
from kiosk.content import catalog as catalogues
from kiosk.content import questionnaire as questionnaires
from kiosk.content.assets import CURE, missing_tiles
from kiosk.content.catalog import Catalog
from kiosk.content.questionnaire import Questionnaire
from kiosk.flow.model import Rules
from kiosk.views import inventory, staff


def load(assets: Path) -> tuple[Questionnaire, Catalog]:
    """The product's questionnaire and catalogue, with every picture built under `assets`.

    Raises QuestionnaireError naming at once every unreachable question, every string that lacks
    a language and every picture that is missing of any screen.
    """
    questionnaire = questionnaires.load()
    needed = inventory.needs(Rules(questionnaire))
    pictures = needed.pictures | questionnaire.tiles()
    problems = [
        f"picture {name!r} was not built" for name in sorted(missing_tiles(assets, pictures))
    ]
    missing = needed.staff_strings - staff.catalogue().ids()
    problems += [f"staff string {name!r} is missing" for name in sorted(missing)]
    try:
        catalog = catalogues.load(questionnaire.strings() | needed.strings)
    except QuestionnaireError as error:
        problems.extend(error.problems)
    if problems:
        raise QuestionnaireError("questionnaire", problems, CURE)
    return questionnaire, catalog

"""Everything of the product that the comparison needs, so that a module may move in one place."""

from kiosk import catalog as catalogues
from kiosk import code_flow, session, view
from kiosk import questionnaire as questionnaires
from kiosk import report as reports
from kiosk.answer import Answer
from kiosk.board import Board, Posted
from kiosk.catalog import LANGUAGES
from kiosk.library import Procedure
from kiosk.notice import Text
from kiosk.picture_code import LENGTH, Code, check_picture, families, pictures
from kiosk.report import ATTACHMENT_PLAINTEXTS, ICON_PLAINTEXT, Report
from kiosk.shown import Site, Tile, View
from kiosk.visit import (
    Event,
    File,
    Gate,
    GateKind,
    Kept,
    News,
    NotKept,
    Opened,
    Place,
    Rules,
    Screen,
    Speak,
    SpeechEnded,
    State,
    Tap,
    Tick,
    Wipe,
)
from ui.phone.bundle import bundle
from ui.phone.content import WEB, asked, strings
from ui.touch.door import build_report

__all__ = [
    "ATTACHMENT_PLAINTEXTS",
    "ICON_PLAINTEXT",
    "LANGUAGES",
    "LENGTH",
    "WEB",
    "Answer",
    "Board",
    "Code",
    "Event",
    "File",
    "Gate",
    "GateKind",
    "Kept",
    "News",
    "NotKept",
    "Opened",
    "Place",
    "Posted",
    "Procedure",
    "Report",
    "Rules",
    "Screen",
    "Site",
    "Speak",
    "SpeechEnded",
    "State",
    "Tap",
    "Text",
    "Tick",
    "Tile",
    "View",
    "Wipe",
    "asked",
    "build_report",
    "bundle",
    "catalogues",
    "check_picture",
    "enter_code",
    "families",
    "new_state",
    "pictures",
    "questionnaires",
    "reports",
    "step_session",
    "strings",
    "view_of",
]

new_state = session.new_state
step_session = session.step
view_of = view.view


def enter_code(state: State, rules: Rules) -> State:
    """The state after the way to an answer was chosen, on whatever screen."""
    return code_flow.enter(state, "", 0.0, rules)[0]

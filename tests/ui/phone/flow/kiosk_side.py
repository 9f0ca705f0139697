"""Everything of the product that the comparison needs, so that a module may move in one place."""

from kiosk.content import catalog as catalogues
from kiosk.content import questionnaire as questionnaires
from kiosk.content.catalog import LANGUAGES
from kiosk.device.notice_board import Board, Posted
from kiosk.device.site import Site
from kiosk.flow import code, machine
from kiosk.flow.model import (
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
from kiosk.protocol import report as reports
from kiosk.protocol.notice import Text
from kiosk.protocol.picture_code import LENGTH, Code, check_picture, families, pictures
from kiosk.protocol.procedures import Procedure
from kiosk.protocol.reply import Answer
from kiosk.protocol.report import ATTACHMENT_PLAINTEXTS, ICON_PLAINTEXT, Report
from kiosk.views import screens
from kiosk.views.model import Tile, View
from ui.phone.page.bundle import bundle
from ui.phone.page.content import WEB, asked, strings
from ui.touch.filing_worker import build_report

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

new_state = machine.new_state
step_session = machine.step
view_of = screens.view


def enter_code(state: State, rules: Rules) -> State:
    """The state after the way to an answer was chosen, on whatever screen."""
    return code.enter(state, "", 0.0, rules)[0]

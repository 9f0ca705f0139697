"""Everything of the product that the comparison needs, so that a module may move in one place."""

from kiosk.content import catalog as catalogues
from kiosk.content import questionnaire as questionnaires
from kiosk.content.catalog import LANGUAGES
from kiosk.device.notice_board import Board, Posted
from kiosk.device.site import Site
from kiosk.flow import code, machine
from kiosk.flow.model import (
    BoardChanged,
    Event,
    File,
    Gate,
    GateKind,
    Kept,
    NotKept,
    Opened,
    Place,
    Rules,
    Screen,
    Speak,
    SpeechEnded,
    Tap,
    Tick,
    VisitState,
    Wipe,
)
from kiosk.protocol import report as reports
from kiosk.protocol.notice import NoticeText
from kiosk.protocol.picture_code import LENGTH, Code, check_picture, families, pictures
from kiosk.protocol.procedures import Procedure
from kiosk.protocol.reply import Reply
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
    "Board",
    "BoardChanged",
    "Code",
    "Event",
    "File",
    "Gate",
    "GateKind",
    "Kept",
    "NotKept",
    "NoticeText",
    "Opened",
    "Place",
    "Posted",
    "Procedure",
    "Reply",
    "Report",
    "Rules",
    "Screen",
    "Site",
    "Speak",
    "SpeechEnded",
    "Tap",
    "Tick",
    "Tile",
    "View",
    "VisitState",
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


def enter_code(state: VisitState, rules: Rules) -> VisitState:
    """The state after the way to an answer was chosen, on whatever screen."""
    return code.enter(state, "", 0.0, rules)[0]

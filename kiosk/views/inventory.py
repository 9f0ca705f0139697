"""Every picture and string that a screen may show or say, read off the rendered views.

Each screen is rendered once for every face that it has: every question and page, every procedure,
every topic of a notice, every gate. What the views name is what the kiosk needs, so a new screen
declares nothing by hand.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from kiosk.content import status_codes
from kiosk.device.hotspot import Hotspot
from kiosk.device.link_status import LinkStatus
from kiosk.device.notice_board import PICTURES, Board, Posted
from kiosk.device.site import Site
from kiosk.flow import machine
from kiosk.flow.code import AGAIN, CODE_RIGHT, VOICE_LOST
from kiosk.flow.model import CodeEntry, GateKind, Place, Rules, Screen, Speak, VisitState, VoiceGate
from kiosk.flow.staff import StaffPage, StaffState
from kiosk.protocol.notice import NoticeText
from kiosk.protocol.picture_code import families, pictures
from kiosk.protocol.reply import Reply, phrases
from kiosk.views import screens, staff
from kiosk.views.model import DIGITS, FRAME, RAIL, View

SITE = Site(
    "hall",
    "station",
    DIGITS,
    villages=(("1", "village"),),
    hotspot=Hotspot("wifi", "key", "http://address/", ("forest",)),
)
"""A place that has everything a place can have."""

SOUND = (
    *("speaker_good", "speaker_bad", "microphone_good", "microphone_missing"),
    *("microphone_busy", "microphone_mute", "microphone_loud"),
)
"""What a sound check may find: `audio.capture.sound_check`."""


@dataclass(frozen=True)
class Needs:
    """Names of pictures, and ids of strings in the catalogue of visits and of the staff screens."""

    pictures: frozenset[str]
    strings: frozenset[str]
    staff_strings: frozenset[str]


def needs(rules: Rules) -> Needs:
    """What all screens together need under `rules`."""
    rules = replace(rules, questionnaire=rules.questionnaire.with_villages(dict(SITE.villages)))
    visits, technicians = tuple(views(rules)), tuple(staff_views())
    frame_pictures = {tile.picture for tile in (*FRAME, *RAIL.values())}
    frame_strings = {tile.string_id for tile in (*FRAME, *RAIL.values())}
    spoken = {
        line.string_id
        for view in visits
        for line in screens.lines(view, Speak(CODE_RIGHT), rules)
        if line.literal is None
    }
    return Needs(
        pictures=frozenset(
            {*_pictures((*visits, *technicians)), *frame_pictures, *phrases().tiles()} - {""}
        ),
        strings=frozenset(
            {*_strings(visits), *frame_strings, *spoken, *phrases().strings()} - {""}
        ),
        staff_strings=frozenset(
            {*_strings(technicians), *(t.string_id for t in RAIL.values())} - {""}
        ),
    )


def views(rules: Rules) -> Iterator[View]:
    """Every face of every screen of a visit."""
    for language in rules.languages:
        for screen in Screen:
            if screen is Screen.STAFF:
                continue
            for state in _faces(rules).get(screen, (VisitState(),)):
                place = replace(state.place, screen=screen)
                yield screens.view(replace(state, place=place, language=language), rules, SITE)
    yield screens.view(VisitState(Place(Screen.PHONE)), rules, replace(SITE, hotspot=None))


def staff_views() -> Iterator[View]:
    """Every face of every screen of a technician."""
    plain = staff.Machine("", "")
    link = LinkStatus(bars=1)
    states = [replace(link, names=(name,)) for name in status_codes.load()]
    for page in StaffPage:
        if page is StaffPage.CLOSED:
            continue
        yield staff.view(StaffState(page), plain)
        yield staff.view(StaffState(page, sound=SOUND), plain)
    for one in (*states, link):
        yield staff.view(StaffState(StaffPage.LINK), replace(plain, link=one))
    for stick in staff.STICK:
        yield staff.view(StaffState(StaffPage.STICK), replace(plain, stick=stick))
    yield staff.no_kiosk()


def _faces(rules: Rules) -> Mapping[Screen, Iterable[VisitState]]:
    """The states in which a screen looks different; the screens not named here have one face."""
    questions = rules.questionnaire.questions
    answers = tuple((name, question.choices[0]) for name, question in questions.items())
    box = next(box.id for box in rules.questionnaire.menu if box.steps)
    asked = VisitState(box=box, answers=answers)
    code = pictures()[:1]
    text = NoticeText("vi", "hmn")
    posted = tuple(Posted(f"{topic}", topic, text) for topic in PICTURES)
    board = VisitState(board=Board(posted))
    return {
        Screen.QUESTION: [
            VisitState(Place(Screen.QUESTION, name, page), box=box)
            for name, question in questions.items()
            for page in range(len(question.pages()))
        ],
        Screen.PROCEDURE: _items(rules.questionnaire.procedures),
        Screen.FORM: _items(rules.questionnaire.procedures),
        Screen.READ_BACK: [asked],
        Screen.CHANGE: [
            replace(asked, place=Place(Screen.CHANGE, page=page))
            for page in range(len(machine.change_pages(asked)))
        ],
        Screen.NOTICES: [
            replace(board, place=Place(Screen.NOTICES, page=page))
            for page in range((len(posted) + len(rules.questionnaire.standing_notices)) // 5 + 1)
        ],
        Screen.NOTICE: [
            replace(board, place=Place(Screen.NOTICE, item))
            for item in (*PICTURES, *rules.questionnaire.standing_notices)
        ],
        Screen.PHONE: _items((machine.JOIN, machine.OPEN_PAGE)),
        Screen.FULL: [VisitState(gate=gate) for gate in (GateKind.FULL, GateKind.URGENT_ONLY)],
        Screen.VOICE: [VisitState(voice_gate=gate) for gate in VoiceGate],
        Screen.DONE: [
            VisitState(),
            VisitState(Place(Screen.DONE, VOICE_LOST)),
            VisitState(coding=CodeEntry(code=code)),
        ],
        Screen.CODE: [
            VisitState(Place(Screen.CODE, item), coding=CodeEntry(code=code))
            for item in (None, AGAIN)
        ],
        Screen.PICTURE: _items(families()),
        Screen.ANSWER: [
            VisitState(Place(Screen.ANSWER, page=page), coding=CodeEntry(told=(_EVERYTHING,)))
            for page in range(3)
        ],
    }


_EVERYTHING = Reply(parts=(next(iter(phrases().parts)),), number="113", text="x", voice=b"x")
"""An answer with a page of each kind; the pictures and words of all phrases are added apart."""


def _items(names: Iterable[str]) -> list[VisitState]:
    return [VisitState(Place(Screen.START, name)) for name in names]


def _pictures(shown: Iterable[View]) -> Iterator[str]:
    for view in shown:
        yield view.picture
        yield from (tile.picture for tile in (*view.tiles, *view.buttons))


def _strings(shown: Iterable[View]) -> Iterator[str]:
    for view in shown:
        yield view.prompt
        yield from (whose for whose, _ in view.numbers)
        yield from (tile.string_id for tile in (*view.tiles, *view.buttons))

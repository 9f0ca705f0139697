"""The procedures library: what to bring, where to go, steps, fees and hours, a form's address."""

import time

from starlette.exceptions import HTTPException
from starlette.responses import Response

from kiosk.common.errors import MessageError
from kiosk.content import questionnaire
from kiosk.protocol import procedures
from kiosk.protocol.message import Kind
from kiosk.protocol.notice import NoticeText
from kiosk.protocol.procedures import MAX_CARDS, MAX_FORM, MAX_LINE, MAX_LINES, Procedure
from uplink.station.desk.web.context import Area, Desk, Page
from uplink.station.downlink import bulletin
from uplink.station.downlink.bulletin import Reach
from uplink.station.downlink.queue import ALL
from uplink.station.downlink.sender import LASTING_DAYS, Sender

STANDARD = {name: Procedure(cards) for name, cards in questionnaire.load().procedures.items()}
"""What kiosks say of their own when the station has written nothing."""

CARDS = sorted(
    dict.fromkeys(card for one in STANDARD.values() for card in one.cards),
    key=lambda card: card.startswith("place_"),
)
"""What can be shown: papers, then places."""

ODD = (
    f"Xin chọn từ 1 đến {MAX_CARDS} hình, mỗi dòng tối đa {MAX_LINE} chữ và có tiếng Việt; "
    "địa chỉ tờ khai bắt đầu bằng https://"
)


def show(desk: Desk) -> Response:
    """All procedures as the kiosks have them or will soon."""
    return desk.page("procedures.html", procedures=_library(desk), reach=_reach(desk))


def edit(desk: Desk) -> Response:
    """The form of one procedure."""
    name = _name(desk)
    return _form(desk, name, _library(desk)[name])


def save(desk: Desk) -> Response:
    """Sign the library with this procedure changed, and send it to every kiosk."""
    name = _name(desk)
    given = Procedure(
        tuple(str(card) for card in desk.form.getlist("card") if card in CARDS),
        tuple(filter(_is_given, (_line(desk, number) for number in range(MAX_LINES)))),
        desk.text("form"),
    )
    try:
        content = procedures.encode(_library(desk) | {name: given})
    except MessageError:
        return _form(desk, name, given, ODD)
    desk.note("library", reason=name)
    sender = Sender(desk.office.settings, desk.office.queue)
    note = desk.office.words.word(name)
    sender.send(Kind.LIBRARY, content, ALL, LASTING_DAYS, note, desk.keys.notice)
    return desk.go("/procedures?done")


def _form(desk: Desk, name: str, given: Procedure, told: str = "") -> Response:
    lines = (*given.lines, *[NoticeText("")] * MAX_LINES)[:MAX_LINES]
    return desk.page(
        "procedure.html",
        422 if told else 200,
        name=name,
        given=given,
        lines=lines,
        cards=CARDS,
        told=told,
        most_cards=MAX_CARDS,
        longest=MAX_LINE,
        longest_form=MAX_FORM,
    )


def _library(desk: Desk) -> dict[str, Procedure]:
    key = desk.keys.notice.public_key().public_bytes_raw()
    return STANDARD | bulletin.procedures(desk.office.queue, key, int(time.time()))


def _reach(desk: Desk) -> Reach | None:
    queue = desk.office.queue
    item = bulletin.library_message(queue, int(time.time()))
    if item is None:
        return None
    return bulletin.reach([item], bulletin.arrived(queue), desk.office.kiosks())


def _name(desk: Desk) -> str:
    name = str(desk.request.path_params["name"])
    if name not in STANDARD:
        raise HTTPException(404)
    return name


def _line(desk: Desk, number: int) -> NoticeText:
    vi, hmn = (desk.text(f"{language}_{number}") for language in ("vi", "hmn"))
    return NoticeText(" ".join(vi.split()), " ".join(hmn.split()))


def _is_given(line: NoticeText) -> bool:
    return bool(line.vi or line.hmn)


AREA = Area(
    pages=(
        Page("/procedures", show),
        Page("/procedures/{name}", edit),
        Page("/procedures/{name}", save, "POST"),
    ),
    title="Thủ tục",
    link="/procedures",
)

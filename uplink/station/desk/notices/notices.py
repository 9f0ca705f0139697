"""Notices: composed, seen as a kiosk shows them, signed, followed on their way, taken back."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from starlette.exceptions import HTTPException
from starlette.responses import Response

from kiosk.common.errors import MessageError
from kiosk.device.notice_board import PICTURES
from kiosk.protocol.message import Kind
from kiosk.protocol.notice import LANGUAGES, MAX_TEXT, TOPICS, Notice, NoticeSound, NoticeText
from uplink.station.desk.notices import sounds
from uplink.station.desk.notices.templates import Sample, samples
from uplink.station.desk.web.context import Area, Desk, Page
from uplink.station.downlink import bulletin
from uplink.station.downlink.bulletin import Published
from uplink.station.downlink.queue import ALL
from uplink.station.downlink.recording import MAX_SECONDS
from uplink.station.downlink.sender import Sender

LONGEST_DAYS = 30
USUAL_DAYS = 7
TOPIC_WORDS = {
    "station": "Tin của đồn",
    "fraud": "Lừa đảo",
    "weather": "Mưa lũ",
    "fire": "Cháy rừng",
    "border": "Biên giới",
    "health": "Sức khỏe",
    "event": "Họp, lễ hội",
}
ODD_WORDS = f"Mỗi thứ tiếng cần từ 1 đến {MAX_TEXT} chữ; tiếng Việt phải có."
GAP = "…"
"""Where a sample leaves something to fill in."""
UNFILLED = f"Xin điền nốt những chỗ {GAP}"
NO_KIOSK = "Xin chọn ít nhất một kiosk."
ODD_DAY = f"Xin chọn ngày hết hạn, muộn nhất {LONGEST_DAYS} ngày nữa."


@dataclass(frozen=True)
class Draft:
    """What the form holds; `kiosks` is empty for all of them, `until` a day as 2026-11-22.

    `sounds` are recordings as Ogg Opus, by language.
    """

    topic: str
    vi: str
    hmn: str
    until: str
    kiosks: tuple[str, ...] = ()
    everywhere: bool = True
    sounds: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def notice(self) -> Notice:
        """What is sent."""
        return Notice(self.topic, self.vi, self.hmn)

    @property
    def text(self) -> NoticeText:
        """The words as a kiosk has them."""
        return NoticeText(self.vi, self.hmn)

    @property
    def picture(self) -> str:
        """The tile of its topic."""
        return PICTURES[self.topic]


def show(desk: Desk) -> Response:
    """The form, with a sample in it where one is asked for, and what is published."""
    known = samples()
    sample = known.get(desk.request.query_params.get("sample", ""), Sample())
    until = (_today(desk) + timedelta(days=USUAL_DAYS)).isoformat()
    return _page(desk, Draft(sample.topic, sample.vi, sample.hmn, until), sample=sample)


def preview(desk: Desk) -> Response:
    """The draft as kiosks will show it."""
    return desk.page("notice-preview.html", draft=_draft(desk))


def publish(desk: Desk) -> Response:
    """Sign the notice and its recordings, and queue them for the kiosks."""
    draft = _draft(desk)
    try:
        draft = replace(draft, sounds=dict(_recordings(desk)))
    except MessageError as error:
        return _page(desk, draft, str(error))
    mistake = _mistake(desk, draft)
    if mistake:
        return _page(desk, draft, mistake)
    content, days = draft.notice.encode(), _days(desk, draft.until)
    desk.note("notice", reason=draft.vi)
    sender, key = _sender(desk), desk.keys.notice
    for kiosk in (ALL,) if draft.everywhere else draft.kiosks:
        notice_id = sender.send(Kind.NOTICE, content, kiosk, days, draft.vi, key)
        for language, audio in draft.sounds.items():
            sender.send_sound(NoticeSound(notice_id, language, audio), key)
    return desk.go("/notices?done#published")


def withdraw(desk: Desk) -> Response:
    """Take a notice back, wherever it is."""
    found = _found(desk)
    desk.note("withdraw", reason=found.notice.vi)
    sender = _sender(desk)
    for item in found.copies:
        sender.withdraw(item.message_id, desk.keys.notice)
    return desk.go("/notices?withdrawn#published")


def sound(desk: Desk) -> Response:
    """A recording as it was sent."""
    audio = _found(desk).sounds.get(desk.request.path_params["language"])
    if audio is None:
        raise HTTPException(404)
    return Response(audio, media_type="audio/ogg")


def _mistake(desk: Desk, draft: Draft) -> str:
    """What is to be mended first; "" when the notice can go."""
    try:
        draft.notice.encode()
    except MessageError:
        return ODD_WORDS
    if GAP in draft.vi + draft.hmn:
        return UNFILLED
    if not 0 < _days(desk, draft.until) <= LONGEST_DAYS:
        return ODD_DAY
    return "" if draft.everywhere or draft.kiosks else NO_KIOSK


def _page(desk: Desk, draft: Draft, told: str = "", sample: Sample | None = None) -> Response:
    day = _today(desk)
    return desk.page(
        "notices.html",
        422 if told else 200,
        draft=draft,
        told=told,
        sample=sample or Sample(),
        samples=samples(),
        topics=[(topic, TOPIC_WORDS[topic], PICTURES[topic]) for topic in TOPICS],
        kiosks=desk.office.kiosks(),
        first_day=(day + timedelta(days=1)).isoformat(),
        last_day=(day + timedelta(days=LONGEST_DAYS)).isoformat(),
        longest=MAX_TEXT,
        seconds=MAX_SECONDS,
        kept={language: sounds.kept(audio) for language, audio in draft.sounds.items()},
        published=_published(desk),
        targets=lambda found: list(_targets(desk, found)),
        day=lambda moment: f"{datetime.fromtimestamp(moment):%d/%m/%Y}",
        pictures=PICTURES,
    )


def _published(desk: Desk) -> list[Published]:
    key = desk.keys.notice.public_key().public_bytes_raw()
    return bulletin.notices(desk.office.queue, key, int(time.time()), desk.office.kiosks())


def _targets(desk: Desk, found: Published) -> Iterator[str]:
    """The names of the kiosks that a notice is for; none when it is for all."""
    kiosks = desk.office.kiosks()
    for item in found.copies:
        if item.kiosk != ALL:
            yield kiosks[item.kiosk].name if item.kiosk in kiosks else item.kiosk


def _found(desk: Desk) -> Published:
    wanted = desk.request.path_params["notice"]
    for found in _published(desk):
        if found.first.message_id.hex() == wanted:
            return found
    raise HTTPException(404)


def _draft(desk: Desk) -> Draft:
    topic = desk.text("topic")
    known = desk.office.kiosks()
    chosen = (str(kiosk) for kiosk in desk.form.getlist("kiosk"))
    return Draft(
        topic if topic in TOPICS else TOPICS[0],
        _one_line(desk.text("vi")),
        _one_line(desk.text("hmn")),
        desk.text("until"),
        tuple(kiosk for kiosk in chosen if kiosk in known),
        desk.text("where") != "some",
    )


def _recordings(desk: Desk) -> Iterator[tuple[str, bytes]]:
    """The files that were sent along, made small, by language."""
    for language in LANGUAGES:
        audio = sounds.given(desk, f"sound_{language}", MAX_SECONDS)
        if audio:
            yield language, audio


def _days(desk: Desk, until: str) -> int:
    """Whole days up to that one; 0 when it is none."""
    try:
        return (date.fromisoformat(until) - _today(desk)).days
    except ValueError:
        return 0


def _today(desk: Desk) -> date:
    return date.fromtimestamp(desk.now)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _sender(desk: Desk) -> Sender:
    return Sender(desk.office.settings, desk.office.queue)


AREA = Area(
    pages=(
        Page("/notices", show),
        Page("/notices", publish, "POST"),
        Page("/notices/preview", preview, "POST"),
        Page("/notices/{notice}/withdraw", withdraw, "POST"),
        Page("/notices/{notice}/{language}.ogg", sound),
    ),
    title="Thông báo",
    link="/notices",
)

"""At which hours kiosks play new notices to the hall: said once here, for all of them."""

from starlette.responses import Response

from kiosk.protocol.message import Kind
from kiosk.protocol.notice import MAX_WINDOWS, encode_hours
from kiosk.protocol.station_settings import Window, is_window
from uplink.station.desk.web.context import Area, Desk, Page
from uplink.station.downlink import bulletin
from uplink.station.downlink.queue import ALL
from uplink.station.downlink.sender import LASTING_DAYS, Sender

HOURS = range(25)
ODD = "Xin chọn cả hai giờ, và hai giờ khác nhau."
SILENT = "loa im lặng"


def show(desk: Desk) -> Response:
    """The hours as the kiosks have them or will soon."""
    found = bulletin.loudspeaker(desk.office.queue, _key(desk), desk.now)
    return _page(desk, [(str(start), str(end)) for start, end in found.hours])


def save(desk: Desk) -> Response:
    """Sign the hours and send them to every kiosk; without any, the loudspeakers are silent."""
    given = [(desk.text(f"from_{n}"), desk.text(f"to_{n}")) for n in range(MAX_WINDOWS)]
    given = [window for window in given if any(window)]
    if not all(map(_is_possible, given)):
        return _page(desk, given, ODD)
    hours: list[Window] = [(int(start), int(end)) for start, end in given]
    told = ", ".join(f"{start}-{end} giờ" for start, end in hours) or SILENT
    desk.note("loud", reason=told)
    sender = Sender(desk.office.settings, desk.office.queue)
    content = encode_hours(hours)
    sender.send(Kind.LOUDSPEAKER, content, ALL, LASTING_DAYS, told, desk.keys.notice)
    return desk.go("/loudspeaker?done")


def _page(desk: Desk, given: list[tuple[str, str]], told: str = "") -> Response:
    found = bulletin.loudspeaker(desk.office.queue, _key(desk), desk.now)
    item = found.item
    kiosks = desk.office.kiosks()
    return desk.page(
        "loudspeaker.html",
        422 if told else 200,
        windows=[*given, *[("", "")] * MAX_WINDOWS][:MAX_WINDOWS],
        hours=HOURS,
        told=told,
        reach=bulletin.reach([item], bulletin.arrived(desk.office.queue), kiosks) if item else None,
    )


def _key(desk: Desk) -> bytes:
    return desk.keys.notice.public_key().public_bytes_raw()


def _is_possible(window: tuple[str, str]) -> bool:
    return all(hour.isdecimal() for hour in window) and is_window([int(hour) for hour in window])


AREA = Area(
    pages=(
        Page("/loudspeaker", show),
        Page("/loudspeaker", save, "POST"),
    )
)

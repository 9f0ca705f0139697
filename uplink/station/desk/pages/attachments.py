"""What came with a report, and the report read out: seen and heard here, from memory alone."""

from starlette.exceptions import HTTPException
from starlette.responses import Response

from kiosk.protocol.cells import Kind
from uplink.station.desk.web.context import Area, Desk, Page
from uplink.station.reading import decoding, read_aloud
from uplink.station.reading.listing import plain

WAV, JPEG = "audio/wav", "image/jpeg"


def photo(desk: Desk) -> Response:
    """The photo, made again from its pixels."""
    return Response(decoding.photo_as_jpeg(_part(desk, Kind.PHOTO)), media_type=JPEG)


def voice(desk: Desk) -> Response:
    """The disguised voice."""
    return Response(decoding.voice_as_wav(_part(desk, Kind.VOICE)), media_type=WAV)


def read_out(desk: Desk) -> Response:
    """The sentence of the report, by the machine's voice."""
    case = desk.case()
    desk.note("listen", case.id)
    sentence = plain(desk.office.words.sentence(case))
    return Response(read_aloud.to_wav(sentence), media_type=WAV)


def _part(desk: Desk, kind: Kind) -> bytes:
    """One attachment, after the log has been told; 404 when it is not there, or not whole."""
    case = desk.case()
    desk.note(kind.name.lower(), case.id)
    part = desk.cases.part(case, kind)
    if part is None:
        raise HTTPException(404)
    return part


AREA = Area(
    pages=(
        Page("/report/{case}/photo", photo),
        Page("/report/{case}/voice", voice),
        Page("/report/{case}/read-out", read_out),
    )
)

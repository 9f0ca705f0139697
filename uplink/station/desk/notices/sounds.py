"""Recordings that come with a form: made small at once, and kept in the form if it comes back."""

import base64
import binascii

from starlette.datastructures import UploadFile

from kiosk.common.errors import MessageError
from uplink.station.desk.web.context import Desk
from uplink.station.downlink.recording import as_opus

KEPT = "_kept"
"""Ends the name of the field that holds, in base64, what an earlier try has sent."""


def given(desk: Desk, field: str, seconds: int) -> bytes:
    """The recording as Ogg Opus of at most so many seconds, b"" when there is none.

    Raises MessageError for what is no recording or too long.
    """
    sent = desk.form.get(field)
    if isinstance(sent, UploadFile) and sent.filename:
        return as_opus(sent.file.read(), seconds)
    kept = desk.form.get(field + KEPT)
    if not isinstance(kept, str) or not kept:
        return b""
    try:
        return as_opus(base64.b64decode(kept, validate=True), seconds)
    except binascii.Error as error:
        raise MessageError("tiếng nói bị hỏng / the recording is damaged", "thu lại") from error


def kept(audio: bytes) -> str:
    """The recording as a form holds it."""
    return base64.b64encode(audio).decode()

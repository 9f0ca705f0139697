"""What a station sends to a provisioned kiosk, put into its inbox by the courier's own intake."""

import time
from contextlib import closing
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.device import station_clock
from kiosk.protocol.message import Kind, Message, encode, new_message_id
from kiosk.protocol.notice import Notice, NoticeText, encode_withdrawal
from kiosk.protocol.procedures import Procedure
from tests.ui.touch.place import AUTHORITY, NOTICE_KEY
from uplink.courier.inbox_writer import InboxWriter

DAY_S = 86_400

FRAUD = Notice(
    "fraud",
    "Công an không gọi điện đòi tiền. Ai gọi đòi tiền, xin bà con đừng chuyển, báo cho đồn.",
    "Tsis txhob xa nyiaj hauv xov tooj.",
)
FLOOD = Notice("weather", "Mưa to. Xin bà con không ở gần suối.")
FORM = "https://dichvucong.gov.vn/khai-sinh.pdf"
BIRTH = Procedure(
    ("paper_id", "place_office", "tile_of_the_future"),
    (NoticeText("Lệ phí: không mất tiền.", "Tsis them nyiaj."),),
    FORM,
)


def arrive(
    folder: Path,
    kind: Kind,
    content: bytes,
    issued: int | None = None,
    until: int | None = None,
    key: Ed25519PrivateKey = NOTICE_KEY,
) -> bytes:
    """A message comes whole with the next cells; returns its id."""
    now = int(time.time())
    issued = now if issued is None else issued
    message = Message(kind, new_message_id(), issued, until or issued + DAY_S, content)
    authority = AUTHORITY.public_key().public_bytes_raw()
    manifest = (folder / "manifest.cbor").read_bytes()
    station_clock.hear(folder / "station.clock", now)
    with closing(InboxWriter(folder / "inbox.db", authority, manifest)) as intake:
        for chunk in encode(message, key):
            intake.take(chunk, now)
    return message.message_id


def post(
    folder: Path, notice: Notice, issued: int | None = None, until: int | None = None
) -> bytes:
    """A notice comes."""
    return arrive(folder, Kind.NOTICE, notice.encode(), issued, until)


def withdraw(folder: Path, notice_id: bytes) -> None:
    """A notice is taken back."""
    arrive(folder, Kind.WITHDRAWAL, encode_withdrawal([notice_id]))

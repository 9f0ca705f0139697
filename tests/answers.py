"""What the station answers, put into a kiosk's inbox by the courier's own intake."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from time import time

from kiosk.device.answer_boxes import AnswerBoxes
from kiosk.device.config import Config
from kiosk.protocol.message import Kind, Message, encode, new_message_id
from kiosk.protocol.picture_code import Code
from kiosk.protocol.reply import Reply, content_for
from kiosk.protocol.sealing import StationPrivateKey
from tests.remembered import REMEMBERED
from tests.ui.touch.place import AUTHORITY
from uplink.courier.inbox_writer import InboxWriter

MONTH_S = 30 * 86_400
COME = Reply(("come", "place_station", "monday"), "0215 3 740 123", "Mang theo “giấy”.")


def at_screen(config: Config) -> AnswerBoxes:
    """The boxes whose codes were made at the screen."""
    return AnswerBoxes(config, config.code_key, derivation=REMEMBERED)


def at_phones(config: Config) -> AnswerBoxes:
    """The boxes whose codes phones got."""
    return AnswerBoxes(config, config.phone_code_key, derivation=REMEMBERED)


def answer(
    config: Config, box: StationPrivateKey, *answers: Reply, issued: float | None = None
) -> None:
    """Answers sealed to `box` have come in whole, one second after the other."""
    first = int(issued or time())
    contents = [content_for(each, box.public.raw) for each in answers]
    deliver(config, contents, first)


def deliver(config: Config, contents: Sequence[bytes], issued: int) -> None:
    """Messages of the kind answer, whatever is in them, have come in whole."""
    root = AUTHORITY.public_key().public_bytes_raw()
    with closing(InboxWriter(config.inbox, root, config.manifest.read_bytes())) as intake:
        for at, content in enumerate(contents, start=issued):
            message = Message(Kind.ANSWER, new_message_id(), at, at + MONTH_S, content)
            for chunk in encode(message, None):
                intake.take(chunk, int(time()))


def in_no_file(code: Code, least: int, *folders: Path) -> bool:
    """Whether a code's names stand together in no file; more than `least` are no pictures."""
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    assert len([path for path in files if path.suffix != ".png"]) > least
    traces = [between.join(code[:5]).encode() for between in (" ", '","', '", "')]
    return not any(trace in _contents(path) for path in files for trace in traces)


def _contents(path: Path) -> bytes:
    """Nothing for a draft that has taken its final name since the folder was looked at."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""

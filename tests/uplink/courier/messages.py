"""Messages of a station, signed and cut into chunks as they come to a courier."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.protocol.cells import Chunk
from kiosk.protocol.message import Kind, Message, encode, new_message_id
from kiosk.protocol.notice import Notice
from kiosk.protocol.sealing import StationPrivateKey, sign_manifest

NOW = 1_800_000_000
DAY = 86_400
ROOT = Ed25519PrivateKey.generate()
AUTHORITY = ROOT.public_key().public_bytes_raw()
NOTICE_KEY = Ed25519PrivateKey.generate()
PUBLIC = NOTICE_KEY.public_key().public_bytes_raw()
OLD, NEW = StationPrivateKey.generate(), StationPrivateKey.generate()


def manifest(epoch: int, key: StationPrivateKey = OLD, root: Ed25519PrivateKey = ROOT) -> bytes:
    return sign_manifest(root, epoch, "station", (key.public,), PUBLIC)


BUNDLE = manifest(3)


def notice(words: str = "Cẩn thận lừa đảo") -> bytes:
    return Notice("fraud", words).encode()


def message(
    kind: Kind,
    content: bytes,
    issued: int = NOW,
    days: int = 5,
    key: Ed25519PrivateKey = NOTICE_KEY,
) -> list[Chunk]:
    made = Message(kind, new_message_id(), issued, issued + days * DAY, content)
    return encode(made, key)


def id_of(chunks: list[Chunk]) -> bytes:
    return chunks[0].header.report_id

"""What the page's script does to wish something of the server, done by Python."""

import base64
import json
from typing import Any

from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from kiosk.protocol.picture_code import Code
from kiosk.protocol.sealing import StationPrivateKey, StationPublicKey
from tests.ui.phone.place import Phone

SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
WISH = 2048
OCTETS = "application/octet-stream"


def sealed_to(key: StationPublicKey, wish: bytes) -> bytes:
    """A wish as it travels."""
    return SUITE.encrypt(wish, key._key, b"homthu code wish v1" + key.key_id)


class Asker:
    """One wish after another, each with a key of its own; `sizes` are those of what was told."""

    def __init__(self, phone: Phone) -> None:
        self._phone = phone
        self.sizes: set[int] = set()

    def sealed(self, code: Code = (), **other: object) -> tuple[bytes, StationPrivateKey, bytes]:
        """A wish, the key to open the answer with, and the id of the server's key."""
        site = self._phone.site()
        mine, theirs = StationPrivateKey.generate(), base64.b64decode(site["wish_key"])
        wish = {"key": base64.b64encode(mine.public.raw).decode(), "code": code, **other}
        body = sealed_to(StationPublicKey(theirs), json.dumps(wish).encode().ljust(WISH))
        return body, mine, bytes.fromhex(site["wish_key_id"])

    def post(self, body: bytes) -> tuple[int, bytes]:
        status, _, told = self._phone.ask("POST", "/c", body, Content_Type=OCTETS)
        return status, told

    def ask(self, code: Code = ()) -> dict[str, Any]:
        """What the server tells of a code, or of a new one."""
        body, mine, key_id = self.sealed(code)
        status, told = self.post(body)
        assert status == 200, told
        self.sizes.add(len(told))
        plain: dict[str, Any] = json.loads(
            SUITE.decrypt(told, mine._key, b"homthu code told v1" + key_id)
        )
        return plain

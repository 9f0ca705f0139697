"""What the desk keeps rests encrypted: ChaCha20-Poly1305 under keys derived from the data key."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from kiosk.common.errors import StationError

KEY = 32
_NONCE = 12
_LABEL = b"homthu desk v1 "


def new_key() -> bytes:
    """A fresh data key."""
    return os.urandom(KEY)


def derive(data_key: bytes, purpose: str) -> bytes:
    """The 32-byte key for one purpose (HKDF-SHA256, RFC 5869)."""
    return HKDF(SHA256(), KEY, salt=None, info=_LABEL + purpose.encode()).derive(data_key)


class Vault:
    """Seals and opens the rows of one purpose, such as "cases"; `name` binds bytes to their row."""

    def __init__(self, data_key: bytes, purpose: str) -> None:
        self._aead = ChaCha20Poly1305(derive(data_key, purpose))

    def seal(self, plain: bytes, name: bytes) -> bytes:
        """A random nonce of 12 bytes, then the ciphertext with its tag of 16."""
        nonce = os.urandom(_NONCE)
        return nonce + self._aead.encrypt(nonce, plain, name)

    def open(self, sealed: bytes, name: bytes) -> bytes:
        """The plain bytes; raises StationError for another key, another row or a change."""
        try:
            return self._aead.decrypt(sealed[:_NONCE], sealed[_NONCE:], name)
        except (InvalidTag, ValueError) as error:
            raise StationError(
                "một dòng trong sổ của đồn bị hỏng / a row of the desk is damaged",
                "lấy lại từ bản sao / restore the database from its copy",
            ) from error

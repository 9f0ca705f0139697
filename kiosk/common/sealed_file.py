"""A stream of any length sealed under a passphrase, as two file objects.

magic 16, salt 16, then chunks of 64 KiB, each under ChaCha20-Poly1305 with the nonce
`number of the chunk u88 || 1 for the last chunk, else 0`: the STREAM construction (Hoang,
Reyhanitabar, Rogaway and Vizár, 2015) as age lays it out (https://age-encryption.org/v1). The key
is Argon2id of the passphrase and the salt, which is fresh for each file, so no nonce is ever used
twice under a key. What was changed, moved, left out or cut off does not open.
"""

import io
import os
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from kiosk.common.errors import BackupError
from kiosk.common.key_derivation import SALT
from kiosk.common.passphrase import key_of

MAGIC = b"homthu backup v1"
CHUNK = 64 * 1024
_TAG = 16


class SealingWriter(io.RawIOBase):
    """Seals what is written to it into `target`; only `finish` makes the file a whole one."""

    def __init__(self, target: BinaryIO, passphrase: str) -> None:
        salt = os.urandom(SALT)
        self._target = target
        self._aead = ChaCha20Poly1305(key_of(passphrase, salt))
        self._number = 0
        self._waiting = bytearray()
        target.write(MAGIC + salt)

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """Take bytes; a chunk is sealed when the one after it has begun."""
        self._waiting += data
        while len(self._waiting) > CHUNK:
            self._seal(self._waiting[:CHUNK], last=False)
            del self._waiting[:CHUNK]
        return len(data)

    def finish(self) -> None:
        """Seal the last chunk."""
        self._seal(self._waiting, last=True)

    def _seal(self, chunk: bytes | bytearray, last: bool) -> None:
        self._target.write(self._aead.encrypt(_nonce(self._number, last), bytes(chunk), MAGIC))
        self._number += 1


class OpeningReader(io.RawIOBase):
    """Reads what `SealingWriter` sealed into `source`.

    Raises BackupError for a wrong passphrase, for what is no such file, and, when it comes to the
    place, for one that is damaged or not whole.
    """

    def __init__(self, source: BinaryIO, passphrase: str) -> None:
        head = source.read(len(MAGIC) + SALT)
        if not head.startswith(MAGIC) or len(head) < len(MAGIC) + SALT:
            raise BackupError(
                "đây không phải bản sao lưu / this is no backup",
                "chọn tệp do lệnh backup tạo / take a file that the command backup made",
            )
        self._source = source
        self._aead = ChaCha20Poly1305(key_of(passphrase, head[len(MAGIC) :]))
        self._number = 0
        self._sealed = source.read(CHUNK + _TAG)
        self._opened = b""

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill as much of `buffer` as one chunk can."""
        if not self._opened and self._sealed:
            self._open_next()
        size = min(len(buffer), len(self._opened))
        buffer[:size], self._opened = self._opened[:size], self._opened[size:]
        return size

    def _open_next(self) -> None:
        following = self._source.read(CHUNK + _TAG)
        try:
            nonce = _nonce(self._number, last=not following)
            self._opened = self._aead.decrypt(nonce, self._sealed, MAGIC)
        except InvalidTag as error:
            raise _does_not_open(first=self._number == 0) from error
        self._sealed = following
        self._number += 1


def _does_not_open(first: bool) -> BackupError:
    if first:
        return BackupError(
            "sai mật khẩu, hoặc bản sao lưu hỏng / the passphrase is wrong, or the backup damaged",
            "gõ lại; nếu không được thì lấy bản khác / type it again, or take another backup",
        )
    return BackupError(
        "bản sao lưu hỏng hoặc thiếu / the backup is damaged or not whole",
        "lấy bản khác / take another backup",
    )


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])

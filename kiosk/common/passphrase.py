"""Locking a private key under a passphrase: Argon2id (RFC 9106), then ChaCha20-Poly1305."""

import os

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

_MAGIC = b"homthu locked v1"
SALT = 16
_NONCE = 12
_MEMORY_KIB = 64 * 1024
_PASSES = 3


def lock(secret: bytes, passphrase: str) -> bytes:
    """`secret` in a form that only the passphrase opens; 44 bytes and a tag longer."""
    salt, nonce = os.urandom(SALT), os.urandom(_NONCE)
    return _MAGIC + salt + nonce + _aead(passphrase, salt).encrypt(nonce, secret, _MAGIC)


def unlock(locked: bytes, passphrase: str) -> bytes:
    """The secret. Raises InvalidTag when the passphrase is wrong or the file damaged."""
    body = locked.removeprefix(_MAGIC)
    salt, nonce, sealed = body[:SALT], body[SALT : SALT + _NONCE], body[SALT + _NONCE :]
    return _aead(passphrase, salt.ljust(SALT, b"\0")).decrypt(
        nonce.ljust(_NONCE, b"\0"), sealed, _MAGIC
    )


def key_of(passphrase: str, salt: bytes) -> bytes:
    """The 32-byte key of a passphrase and 16 bytes of salt."""
    kdf = Argon2id(salt=salt, length=32, iterations=_PASSES, lanes=1, memory_cost=_MEMORY_KIB)
    return kdf.derive(passphrase.encode("utf-8"))


def _aead(passphrase: str, salt: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(key_of(passphrase, salt))

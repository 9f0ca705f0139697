"""Locking a private key under a passphrase: Argon2id (RFC 9106), then ChaCha20-Poly1305."""

import os

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from kiosk.common.key_derivation import REAL, SALT, KeyDerivation

_MAGIC = b"homthu locked v1"
_NONCE = 12


def lock(secret: bytes, passphrase: str, derivation: KeyDerivation = REAL) -> bytes:
    """`secret` in a form that only the passphrase opens; 44 bytes and a tag longer."""
    salt, nonce = os.urandom(SALT), os.urandom(_NONCE)
    aead = ChaCha20Poly1305(key_of(passphrase, salt, derivation))
    return _MAGIC + salt + nonce + aead.encrypt(nonce, secret, _MAGIC)


def unlock(locked: bytes, passphrase: str, derivation: KeyDerivation = REAL) -> bytes:
    """The secret. Raises InvalidTag when the passphrase is wrong or the file damaged."""
    body = locked.removeprefix(_MAGIC)
    salt, nonce, sealed = body[:SALT], body[SALT : SALT + _NONCE], body[SALT + _NONCE :]
    aead = ChaCha20Poly1305(key_of(passphrase, salt.ljust(SALT, b"\0"), derivation))
    return aead.decrypt(nonce.ljust(_NONCE, b"\0"), sealed, _MAGIC)


def key_of(passphrase: str, salt: bytes, derivation: KeyDerivation = REAL) -> bytes:
    """The 32-byte key of a passphrase and 16 bytes of salt."""
    return derivation.derive(passphrase.encode("utf-8"), salt)

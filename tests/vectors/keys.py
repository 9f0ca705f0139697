"""The key pairs of the vectors. They are public: use none of them for anything else."""

import hashlib
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    Suite,
)

SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
ID = bytes(range(16))
OTHER_ID = bytes(range(16, 32))
_MLKEM_SEED_BYTES = 64


def seed_of(name: str) -> bytes:
    """32 bytes that look random and can be made again."""
    return hashlib.sha256(f"homthu test vector: {name}".encode()).digest()


@dataclass(frozen=True)
class KeyPair:
    """A key pair of section 2 by its 32-byte X-Wing seed (draft-connolly-cfrg-xwing-kem, 5.2)."""

    seed: bytes

    @property
    def expanded(self) -> bytes:
        """The 96 bytes that the kiosk and the station keep as the private key."""
        return hashlib.shake_256(self.seed).digest(96)

    @property
    def private(self) -> MLKEM768X25519PrivateKey:
        """The key pair for the library."""
        return MLKEM768X25519PrivateKey(*self._halves())

    @property
    def public(self) -> bytes:
        """ML-KEM-768 (1184) || X25519 (32)."""
        mlkem, x25519 = self._halves()
        return mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()

    @property
    def key_id(self) -> bytes:
        """The first 16 bytes of the public key's SHA-256."""
        return hashlib.sha256(self.public).digest()[:16]

    def _halves(self) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
        return (
            MLKEM768PrivateKey.from_seed_bytes(self.expanded[:_MLKEM_SEED_BYTES]),
            X25519PrivateKey.from_private_bytes(self.expanded[_MLKEM_SEED_BYTES:]),
        )


STATION = KeyPair(seed_of("station"))
ANSWER_BOX = KeyPair(seed_of("answer box"))
PHONE = KeyPair(seed_of("phone"))


def _ed25519(name: str) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(seed_of(name)).public_key().public_bytes_raw()


AUTHORITY = _ed25519("authority")
NOTICE = _ed25519("notice")

"""Keys from what a person knows: Argon2id (RFC 9106) at the one cost that this product has.

The cost is written here and nowhere else: no file, option or environment variable states one, so
none can lower it.
"""

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

SALT = 16
KEY = 32
PASSES, LANES, MEMORY_KIB = 3, 1, 64 * 1024


class KeyDerivation:
    """Derives a key afresh for each question, and keeps nothing.

    The programs use this class alone. A test may pass another that remembers keys it has derived
    with this one; see `tests/remembered.py`.
    """

    def derive(self, password: bytes, salt: bytes, secret: bytes | None = None) -> bytes:
        """The 32-byte key of `password`, 16 bytes of salt and what RFC 9106 calls the secret value.

        Takes 64 MiB and a third of a second on a PC, about one on a kiosk.
        """
        return Argon2id(
            salt=salt,
            length=KEY,
            iterations=PASSES,
            lanes=LANES,
            memory_cost=MEMORY_KIB,
            secret=secret,
        ).derive(password)


REAL = KeyDerivation()

"""Argon2id at its real cost, paid once for each question that the tests of a process ask."""

from functools import cache

from kiosk.common.key_derivation import KeyDerivation


@cache
def _derived(password: bytes, salt: bytes, secret: bytes | None) -> bytes:
    return KeyDerivation().derive(password, salt, secret)


class RememberedDerivation(KeyDerivation):
    """Gives what the real one gives; what it has given before, it gives at once."""

    def derive(self, password: bytes, salt: bytes, secret: bytes | None = None) -> bytes:
        return _derived(password, salt, secret)


REMEMBERED = RememberedDerivation()

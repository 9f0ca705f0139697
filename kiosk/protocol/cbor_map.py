"""Messages as CBOR maps: which integer key each field of a message has on the wire.

Every map of docs/protocol.md is one `CborMap`, so that a key is written once and read from there
by writer and reader. The order of the fields means nothing. docs/vectors holds the bytes.
"""

from collections.abc import Mapping
from typing import Any

from kiosk.protocol import cbor

_KEYS = range(24)
"""Keys that take one byte."""


class CborMap:
    """The keys of one message: `CborMap(version=0, epoch=1)`.

    A key once given to a field stays with it for good; a field that is no longer written leaves
    its key unused. Raises ValueError for a key that is used twice or is not from 0 to 23.
    """

    def __init__(self, **keys: int) -> None:
        if len(set(keys.values())) != len(keys) or not all(key in _KEYS for key in keys.values()):
            raise ValueError("each field needs a key of its own from 0 to 23")
        self._keys = keys

    def encode(self, fields: Mapping[str, object]) -> bytes:
        """The deterministic CBOR of `fields`, by their names; raises KeyError for another name."""
        return cbor.encode({self._keys[name]: value for name, value in fields.items()})

    def decode(self, data: bytes, max_bytes: int) -> dict[str, Any]:
        """The fields in `data`, by their names; unknown keys are left out, absent fields too.

        Raises ValueError for anything but the deterministic CBOR of a map with integer keys. What
        the values are is for the caller to check.
        """
        raw = cbor.decode(data, max_bytes)
        if not isinstance(raw, dict) or not all(type(key) is int for key in raw):
            raise ValueError("not a map with integer keys")
        return {name: raw[key] for name, key in self._keys.items() if key in raw}

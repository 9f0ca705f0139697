"""Deterministic CBOR (RFC 8949, section 4.2.1) of plain values, and nothing else.

There is exactly one encoding of a value, so bytes from outside are accepted only when
they are that encoding.
"""

from typing import Any

import cbor2

MAX_DEPTH = 8
_INTEGERS = range(-(2**63), 2**64)
_PLAIN = frozenset({str, bytes, bool, type(None)})


def encode(value: object) -> bytes:
    """The one encoding of `value`; keep map keys to the integers 0-23."""
    return cbor2.dumps(value, canonical=True)


def decode(data: bytes, max_bytes: int) -> Any:
    """The plain value in `data`.

    Raises ValueError for anything but the one encoding of integers of at most 64 bits, texts,
    byte strings, booleans, nulls, arrays and maps.
    """
    if len(data) > max_bytes:
        raise ValueError("too long")
    try:
        value = cbor2.loads(
            data, max_depth=MAX_DEPTH, allow_indefinite=False, allow_duplicate_keys=False
        )
        if not _is_plain(value) or encode(value) != data:
            raise ValueError("not deterministic plain CBOR")
    except (cbor2.CBORError, TypeError, RecursionError, OverflowError) as error:
        raise ValueError("not CBOR") from error
    return value


def _is_plain(value: Any) -> bool:
    kind = type(value)
    if kind is int:
        return value in _INTEGERS
    if kind is list:
        return all(map(_is_plain, value))
    if kind is dict:
        return all(map(_is_plain, value)) and all(map(_is_plain, value.values()))
    return kind in _PLAIN

"""JSON <-> CBOR values, padding and the shape of one case, as docs/vectors/README.md explains."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import cbor2

Fields = dict[str, Any]
"""A message by field names, with byte strings as {"hex": "..."}."""


def plain(value: Any) -> Any:
    """A CBOR value as JSON."""
    if isinstance(value, bytes):
        return {"hex": value.hex()}
    if isinstance(value, Mapping):
        return {name: plain(item) for name, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(item) for item in value]
    return value


def value_of(json_value: Any) -> Any:
    """The CBOR value that `plain` wrote as JSON."""
    if isinstance(json_value, dict):
        if json_value.keys() == {"hex"}:
            return bytes.fromhex(json_value["hex"])
        return {name: value_of(item) for name, item in json_value.items()}
    if isinstance(json_value, list):
        return [value_of(item) for item in json_value]
    return json_value


def map_of(keys: Mapping[str, int], fields: Fields) -> dict[int, Any]:
    """The map with integer keys that carries `fields`."""
    return {keys[name]: value_of(value) for name, value in fields.items()}


def cbor(value: Any) -> bytes:
    """Core deterministic encoding (RFC 8949, 4.2.1)."""
    return cbor2.dumps(value, canonical=True)


def pad(data: bytes, size: int) -> bytes:
    """ISO/IEC 7816-4."""
    return data + b"\x80" + bytes(size - len(data) - 1)


def written(content: object) -> str:
    """The text of a file of vectors."""
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def encoder(keys: Mapping[str, int]) -> Callable[[Fields], bytes]:
    """Deterministic CBOR of a message whose fields have these keys."""
    return lambda fields: cbor(map_of(keys, fields))


def case(
    name: str, fields: Fields, encode: Callable[[Fields], bytes], padded_to: int | None = None
) -> Fields:
    """A message that is written as `hex` and read as `fields`."""
    made = {"name": name, "fields": fields, "hex": encode(fields).hex()}
    return made if padded_to is None else made | {"padded_to": padded_to}


def read_only(name: str, fields: Fields, raw: Mapping[int, Any]) -> Fields:
    """Bytes that a reader understands but a writer does not make."""
    return {"name": name, "fields": fields, "hex": cbor(raw).hex()}


def refused(name: str, data: bytes, code: str | None = None) -> Fields:
    """Bytes that a reader refuses, with the error code where the protocol names it."""
    made = {"name": name, "hex": data.hex()}
    return made if code is None else made | {"code": code}


def without(fields: Fields, name: str) -> Fields:
    """The other fields."""
    return {other: value for other, value in fields.items() if other != name}

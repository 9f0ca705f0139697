"""Vectors of what is signed: messages to the kiosk and the key manifest."""

from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.vectors.contents import NOTICE_KEYS, NOTICE_WORDS
from tests.vectors.encoding import Fields, case, cbor, map_of, plain, refused
from tests.vectors.keys import ANSWER_BOX, AUTHORITY, ID, NOTICE, OTHER_ID, STATION, seed_of

MESSAGE_KEYS = {
    "version": 0, "kind": 1, "message_id": 2, "issued": 3, "valid_until": 4, "content": 5,
}  # fmt: skip
MANIFEST_KEYS = {"version": 0, "epoch": 1, "station_name": 2, "keys": 3, "notice_key": 4}

DOWN_BODY = 3876
ISSUED, VALID_UNTIL = 1_795_305_600, 1_797_897_600


def message() -> Fields:
    """Section 9."""
    key = Ed25519PrivateKey.from_private_bytes(seed_of("notice"))

    def encode(fields: Mapping[int, Any]) -> bytes:
        data = cbor(fields)
        return data if fields[1] in (1, 4) else data + key.sign(b"homthu message v1" + data)

    def sent(name: str, kind: int, content: bytes, **unknown: Any) -> Fields:
        fields = {
            "version": 1, "kind": kind, "message_id": plain(ID), "issued": ISSUED,
            "valid_until": VALID_UNTIL, "content": plain(content),
        }  # fmt: skip
        later = {int(key[1:]): value for key, value in unknown.items()}
        data = encode(map_of(MESSAGE_KEYS, fields) | later)
        size = (len(data) // DOWN_BODY + 1) * DOWN_BODY
        return {"name": name, "fields": fields, "hex": data.hex(), "padded_to": size}

    def wrong(name: str, kind: int, data: bytes) -> Fields:
        return {"name": name, "kind": kind, "hex": data.hex()}

    words = cbor(map_of(NOTICE_KEYS, NOTICE_WORDS))
    good = map_of(MESSAGE_KEYS, sent("", 5, words)["fields"])
    manifest_bytes = bytes.fromhex(manifest()["cases"][0]["hex"])
    return {
        "section": "9",
        "keys": MESSAGE_KEYS,
        "notice_seed": seed_of("notice").hex(),
        "notice_key": NOTICE.hex(),
        "cases": [
            sent("key manifest, not signed by the notice key", 1, manifest_bytes),
            sent("settings", 2, cbor({0: 300, 1: 0, 2: [], 3: False})),
            sent("withdrawal", 3, cbor([ID, OTHER_ID])),
            sent("answer, not signed", 4, bytes(3200)),
            sent("notice", 5, words),
            sent("sound, in three chunks", 6, cbor({0: ID, 1: "hmn", 2: b"OggS" + bytes(9000)})),
            sent("library", 7, cbor({0: 1, 1: []})),
            sent("loudspeaker", 8, cbor([[6, 8]])),
        ],
        "read_only": [sent("unknown keys are ignored", 5, words, _6="later", _23=[1])],
        "refused": [
            wrong("version 2", 5, encode(good | {0: 2})),
            wrong("not signed", 5, cbor(good)),
            wrong("signed without the label", 5, cbor(good) + key.sign(cbor(good))),
            wrong("no content", 5, encode({k: v for k, v in good.items() if k != 5})),
            wrong("another kind than the header's", 6, encode(good)),
        ],
    }  # fmt: skip


def manifest() -> Fields:
    """Section 2."""
    root = Ed25519PrivateKey.from_private_bytes(seed_of("authority"))

    def signed(fields: Any) -> bytes:
        data = cbor(fields)
        return data + root.sign(b"homthu manifest v1" + data)

    def encode(fields: Fields) -> bytes:
        return signed(map_of(MANIFEST_KEYS, fields))

    minimal = {
        "version": 1, "epoch": 1, "station_name": "Nậm Pồ", "keys": [plain(STATION.public)],
    }  # fmt: skip
    full = minimal | {
        "epoch": 70_000,
        "keys": [plain(STATION.public), plain(ANSWER_BOX.public)],
        "notice_key": plain(NOTICE),
    }
    unsigned = cbor(map_of(MANIFEST_KEYS, minimal))
    return {
        "section": "2",
        "keys": MANIFEST_KEYS,
        "authority_seed": seed_of("authority").hex(),
        "authority_key": AUTHORITY.hex(),
        "cases": [
            case("minimal", minimal, encode),
            case("two keys and a notice key", full, encode),
        ],
        "read_only": [
            {
                "name": "unknown keys are ignored",
                "fields": full,
                "hex": signed(map_of(MANIFEST_KEYS, full) | {5: 1, 23: "later"}).hex(),
            }
        ],
        "refused": [
            refused("version 2", encode(minimal | {"version": 2})),
            refused("no keys", encode(minimal | {"keys": []})),
            refused("a key of 9 bytes", encode(minimal | {"keys": [plain(bytes(9))]})),
            refused("signed without the label", unsigned + root.sign(unsigned)),
            refused("not signed", unsigned),
        ],
    }

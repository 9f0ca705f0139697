"""Vectors of what messages to the kiosk hold."""

from collections.abc import Mapping
from typing import Any

from tests.vectors.encoding import Fields, case, cbor, encoder, map_of, plain, read_only, refused
from tests.vectors.keys import ID, OTHER_ID

SETTINGS_KEYS = {"slot_s": 0, "budget_mb": 1, "hours": 2, "voice": 3}
NOTICE_KEYS = {"topic": 0, "vi": 1, "hmn": 2}
SOUND_KEYS = {"notice_id": 0, "language": 1, "audio": 2}
LIBRARY_KEYS = {"version": 0, "procedures": 1}

NOTICE_WORDS: Fields = {"topic": "fraud", "vi": "Không nghe lời lạ.", "hmn": "Tsis txhob mloog."}


def settings() -> Fields:
    """Section 9, kind 2."""
    plainest = {"slot_s": 300, "budget_mb": 0, "hours": [], "voice": False}
    encode = encoder(SETTINGS_KEYS)
    return {
        "section": "9, kind 2",
        "keys": SETTINGS_KEYS,
        "cases": [
            case("minimal", plainest, encode),
            case("full", {"slot_s": 86_400, "budget_mb": 50, "hours": [[5, 9], [22, 4]],
                           "voice": True}, encode),
        ],
        "read_only": [
            read_only("without key 3, as earlier stations wrote", plainest, {0: 300, 1: 0, 2: []}),
            read_only("unknown keys are ignored", plainest, {0: 300, 1: 0, 2: [], 3: False, 4: 1}),
        ],
        "refused": [
            refused("no seconds", encode(plainest | {"slot_s": 0})),
            refused("an hour 25", encode(plainest | {"hours": [[5, 25]]})),
            refused("no hours", cbor({0: 300, 1: 0})),
        ],
    }  # fmt: skip


def withdrawal() -> Fields:
    """Section 9, kind 3."""
    return _arrays(
        "9, kind 3",
        {"none": [], "two": [ID, OTHER_ID]},
        {"an id of 15 bytes": [bytes(15)], "not an array": {0: ID}},
    )


def loudspeaker() -> Fields:
    """Section 9, kind 8."""
    return _arrays(
        "9, kind 8",
        {"never": [], "twice a day": [[5, 7], [22, 4]]},
        {"five windows": [[n, n + 1] for n in range(5)], "an hour 25": [[1, 25]]},
    )


def notice() -> Fields:
    """Section 9, kind 5."""
    minimal = {"topic": "station", "vi": "Họp bản.", "hmn": ""}
    encode = encoder(NOTICE_KEYS)
    return {
        "section": "9, kind 5",
        "keys": NOTICE_KEYS,
        "cases": [
            case("Vietnamese alone", minimal, encode),
            case("two languages", NOTICE_WORDS, encode),
            case("longest", {"topic": "fire", "vi": "ộ" * 200, "hmn": "a" * 200}, encode),
        ],
        "read_only": [
            read_only("unknown keys are ignored", NOTICE_WORDS,
                  map_of(NOTICE_KEYS, NOTICE_WORDS) | {3: True}),
            read_only("an unknown topic is read as station", minimal,
                  map_of(NOTICE_KEYS, minimal | {"topic": "volcano"})),
        ],
        "refused": [
            refused("201 characters", encode(minimal | {"vi": "a" * 201})),
            refused("no Vietnamese", encode(minimal | {"vi": ""})),
            refused("a line break", encode(minimal | {"vi": "a\nb"})),
            refused("no topic", cbor({1: "a", 2: ""})),
        ],
    }  # fmt: skip


def sound() -> Fields:
    """Section 9, kind 6."""
    fields = {"notice_id": plain(ID), "language": "hmn", "audio": plain(b"OggS")}
    encode = encoder(SOUND_KEYS)
    return {
        "section": "9, kind 6",
        "keys": SOUND_KEYS,
        "cases": [
            case("Hmong", fields, encode),
            case("Vietnamese", fields | {"language": "vi"}, encode),
        ],
        "read_only": [
            read_only("unknown keys are ignored", fields, map_of(SOUND_KEYS, fields) | {3: 1}),
        ],
        "refused": [
            refused("another language", encode(fields | {"language": "en"})),
            refused("no audio", cbor({0: ID, 1: "vi"})),
        ],
    }  # fmt: skip


def library() -> Fields:
    """Section 9, kind 7."""
    birth = ["birth", ["paper_birth"], [], ""]
    residence = [
        "residence", ["paper_id", "place_police"],
        [["Không mất tiền.", "Tsis them nyiaj."], ["Ba ngày.", ""]], "https://dvc.vn/t",
    ]  # fmt: skip
    encode = encoder(LIBRARY_KEYS)
    return {
        "section": "9, kind 7",
        "keys": LIBRARY_KEYS,
        "cases": [
            case("empty", {"version": 1, "procedures": []}, encode),
            case("two procedures", {"version": 1, "procedures": [birth, residence]}, encode),
        ],
        "read_only": [
            read_only("unknown keys are ignored", {"version": 1, "procedures": [birth]},
                  {0: 1, 1: [birth], 2: "later"}),
        ],
        "refused": [
            refused("version 2", cbor({0: 2, 1: []})),
            refused("no cards", cbor({0: 1, 1: [["birth", [], [], ""]]})),
            refused("another address", cbor({0: 1, 1: [["birth", ["a"], [], "ftp://a"]]})),
        ],
    }  # fmt: skip


def _arrays(section: str, good: Mapping[str, Any], wrong: Mapping[str, Any]) -> Fields:
    return {
        "section": section,
        "cases": [
            {"name": name, "items": plain(items), "hex": cbor(items).hex()}
            for name, items in good.items()
        ],
        "refused": [refused(name, cbor(items)) for name, items in wrong.items()],
    }

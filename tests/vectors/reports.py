"""Vectors of what is padded to one size: the report, the answer to it and the kiosk's health."""

from tests.vectors.encoding import (
    Fields,
    case,
    cbor,
    encoder,
    map_of,
    plain,
    read_only,
    refused,
    without,
)
from tests.vectors.keys import ANSWER_BOX, ID, OTHER_ID

REPORT_KEYS = {
    "version": 0, "report_id": 1, "box": 2, "what": 3, "where": 4, "when": 5, "how_many": 6,
    "urgent": 7, "language": 8, "channel": 9, "day": 10, "answer_key": 11, "text": 12, "voice": 13,
}  # fmt: skip
ANSWER_KEYS = {"version": 0, "parts": 1, "number": 2, "text": 3, "voice": 4}
HEALTH_KEYS = {
    "version": 0, "epoch": 1, "done": 2, "missing": 3, "gates": 4, "states": 5, "bars": 6,
    "errors": 7, "software": 8, "uptime": 9,
}  # fmt: skip

ICONS, HEALTH, ANSWER, VOICED_ANSWER = 2910, 4046, 2048, 49_152

MINIMAL_REPORT: Fields = {
    "version": 1, "report_id": plain(ID), "box": "fraud", "what": [], "urgent": False,
    "language": "vi", "channel": "touch",
}  # fmt: skip
URGENT_REPORT: Fields = MINIMAL_REPORT | {
    "box": "border", "what": ["strangers", "armed_yes"], "where": "village:ncs1", "when": "now",
    "how_many": "few", "urgent": True, "language": "hmn", "day": "2026-11-22 pm",
    "answer_key": plain(ANSWER_BOX.public),
}  # fmt: skip
FULL_REPORT: Fields = URGENT_REPORT | {
    "what": [f"choice_{number}" for number in range(16)], "channel": "phone",
    "text": "Có người lạ ở bản.\nTsis paub.", "voice": "own",
}  # fmt: skip
HEALTH_FIELDS: Fields = {
    "version": 1, "epoch": 7, "done": plain(ID + OTHER_ID),
    "missing": [[plain(bytes([0xA0] * 16)), plain(b"\x05")],
                [plain(bytes([0xA1] * 16)), plain(bytes(31) + b"\x80")]],
    "gates": [0, 1], "states": [1, 12], "bars": 3, "errors": ["E02", "E17"],
    "software": "2026.11.0 0.1.0", "uptime": 2,
}  # fmt: skip


def report() -> Fields:
    """Section 1."""
    encode = encoder(REPORT_KEYS)
    unknown = map_of(REPORT_KEYS, URGENT_REPORT)
    return {
        "section": "1",
        "keys": REPORT_KEYS,
        "padded_to": ICONS,
        "cases": [
            case("minimal", MINIMAL_REPORT, encode),
            case("of a day", MINIMAL_REPORT | {"what": ["call"], "day": "2026-11-22"}, encode),
            case("urgent, with an answer key", URGENT_REPORT, encode),
            case("urgent, in the morning", URGENT_REPORT | {"day": "2026-11-22 am"}, encode),
            case("urgent, clock not trusted", without(URGENT_REPORT, "day"), encode),
            case("full", FULL_REPORT, encode),
            case("urgent, from a phone",
                 without(FULL_REPORT, "voice") | {"what": ["strangers", "armed_yes"]}, encode),
            case("a voice is attached", MINIMAL_REPORT | {"voice": "own"}, encode),
            case("the pictures are to be spoken", MINIMAL_REPORT | {"voice": "other"}, encode),
            case("text alone, from a phone",
                  MINIMAL_REPORT | {"channel": "phone", "text": "ậ" * 400}, encode),
            case("the kiosk's daily canary",
                  MINIMAL_REPORT | {"box": "canary", "day": "2026-11-22"}, encode),
        ],
        "read_only": [
            read_only("unknown keys are ignored", URGENT_REPORT,
                  unknown | {14: "later", 20: {1: ["x", b"y", None]}, 23: False}),
        ],
        "refused": [
            *(refused(name, cbor(map_of(REPORT_KEYS, fields)), "E01") for name, fields in (
                ("no version", without(MINIMAL_REPORT, "version")),
                ("no report id", without(MINIMAL_REPORT, "report_id")),
                ("a report id of 15 bytes", MINIMAL_REPORT | {"report_id": plain(bytes(15))}),
                ("a half day though not urgent", MINIMAL_REPORT | {"day": "2026-11-22 am"}),
                ("urgent as a number", MINIMAL_REPORT | {"urgent": 0}),
                ("17 choices", MINIMAL_REPORT | {"what": ["a"] * 17}),
                ("a choice in capitals", MINIMAL_REPORT | {"box": "Fraud"}),
                ("a short answer key", MINIMAL_REPORT | {"answer_key": plain(bytes(1215))}),
                ("an empty text", MINIMAL_REPORT | {"text": ""}),
                ("a text of 501 characters", MINIMAL_REPORT | {"text": "x" * 501}),
                ("another voice", MINIMAL_REPORT | {"voice": "third"}),
                ("another channel", MINIMAL_REPORT | {"channel": "radio"}),
            )),
            refused("a text as a key", cbor(map_of(REPORT_KEYS, MINIMAL_REPORT) | {"x": 1}), "E01"),
            refused("not a map", cbor([1, 2]), "E01"),
            refused("version 2", encode(MINIMAL_REPORT | {"version": 2}), "E05"),
        ],
    }  # fmt: skip


def answer() -> Fields:
    """Section 2, "Answer"."""
    minimal = {"version": 1, "parts": ["received"], "number": "", "text": ""}
    full = {
        "version": 1, "parts": ["come", "place_station", "monday", "morning"],
        "number": "+84 215 374 0123", "text": "Chào bà con.",
    }  # fmt: skip
    voiced = full | {"voice": plain(b"OggS" + bytes(range(100)))}
    encode = encoder(ANSWER_KEYS)
    return {
        "section": "2, Answer",
        "keys": ANSWER_KEYS,
        "cases": [
            case("one part", minimal, encode, ANSWER),
            case("full", full, encode, ANSWER),
            case("a recording", voiced, encode, VOICED_ANSWER),
            case("a recording alone",
                  minimal | {"parts": [], "voice": plain(b"OggS")}, encode, VOICED_ANSWER),
        ],
        "read_only": [
            read_only("unknown keys are ignored", full, map_of(ANSWER_KEYS, full) | {5: 1, 23: ""}),
        ],
        "refused": [
            refused("version 2", encode(minimal | {"version": 2})),
            refused("all empty", encode(minimal | {"parts": []})),
            refused("a part that is no text", encode(minimal | {"parts": [1]})),
            refused("a recording as text", encode(minimal | {"voice": "a"})),
            refused("no number", encode(without(minimal, "number"))),
        ],
    }  # fmt: skip


def health() -> Fields:
    """Section 10."""
    minimal = {
        "version": 1, "epoch": 0, "done": plain(b""), "missing": [], "gates": [], "states": [],
        "bars": None, "errors": [], "software": "", "uptime": 0,
    }  # fmt: skip
    encode = encoder(HEALTH_KEYS)
    return {
        "section": "10",
        "keys": HEALTH_KEYS,
        "padded_to": HEALTH,
        "cases": [
            case("minimal", minimal, encode),
            case("full", HEALTH_FIELDS, encode),
            case("all gates", minimal | {"gates": [0, 1, 2, 3]}, encode),
        ],
        "read_only": [
            read_only("unknown keys are ignored", HEALTH_FIELDS,
                  map_of(HEALTH_KEYS, HEALTH_FIELDS) | {10: 1, 23: [b""]}),
        ],
        "refused": [
            refused("version 2", encode(minimal | {"version": 2})),
            refused("an unknown gate", encode(minimal | {"gates": [4]})),
            refused("an unknown uptime", encode(minimal | {"uptime": 4})),
            refused("no epoch", encode(without(minimal, "epoch"))),
        ],
    }  # fmt: skip


OPUS_PACKETS = (
    "18e0c42078f6c7b6faf0dd7ce9ab02faf4e923d0bb6b62d9c70dd95eeda78193"
    "740dd3f270aa35f39445344c03c7e89d9993c515d9e889f4e3a979ac",
    "18e6c9f97df17060000a96c722dda13da129a9294e7b8cec482017e710ddbc76"
    "20ce2a5dc2e91cd8a17b51f30e19a5444cd8b55a90aa94ce11ee073e",
    "1b411b01917ad2348456760f8e57cd0e000a07118f2ee85dc132258f8c40d5fb"
    "c0000000000000000000000000000000000000000000000000000000",
)
"""A tone of 0.18 s, by libopus at 8 kbit/s."""


def voice() -> Fields:
    """Section 1, a voice before it is padded."""
    packets = "".join(OPUS_PACKETS)
    return {
        "section": "1",
        "cases": [
            {
                "name": "three packets of 60 bytes",
                "version": 1,
                "packet_bytes": 60,
                "packet_ms": 60,
                "packets": [*OPUS_PACKETS],
                "hex": f"013c{packets}",
            }
        ],
        "refused": [
            {"name": "version 2", "hex": f"023c{packets}"},
            {"name": "not whole packets", "hex": f"013c{packets}00"},
            {"name": "packets of no bytes", "hex": f"0100{packets}"},
            {"name": "no packets", "hex": "013c"},
        ],
    }

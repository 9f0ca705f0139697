"""Vectors of the part of CBOR that the protocol uses, and of what it refuses."""

from tests.vectors.encoding import Fields, cbor, plain

VALUES = [
    0, 23, 24, 255, 256, 65_535, 65_536, 2**32 - 1, 2**32, 2**64 - 1, -1, -24, -25, -(2**63),
    "", "Nậm Pồ", b"", b"\x00\xff", True, False, None, [], [1, ["a", b"b"], None],
]  # fmt: skip

REFUSED = {
    "nothing": "",
    "a byte after the value": "0000",
    "cut short": "1a000000",
    "an integer longer than needed": "1801",
    "a length longer than needed": "780161",
    "keys out of order": "a201000000",
    "a key twice": "a200000001",
    "an array of indefinite length": "9f00ff",
    "a map of indefinite length": "bf0000ff",
    "a text of indefinite length": "7f6161ff",
    "a float": "f93c00",
    "not a number": "f97e00",
    "undefined": "f7",
    "a tag": "c100",
    "a big integer": "c249010000000000000000",
    "a text that is not UTF-8": "61ff",
    "nine arrays in each other": "81" * 9 + "00",
}


def strict_cbor() -> Fields:
    """The beginning of the protocol."""
    values = [{"value": plain(value), "hex": cbor(value).hex()} for value in VALUES]
    return {
        "section": "1, before it",
        "cases": [*values, {"map": [[0, 1], [9, "a"], [23, []]], "hex": "a3000109616117" + "80"}],
        "refused": [{"name": name, "hex": data} for name, data in REFUSED.items()],
    }

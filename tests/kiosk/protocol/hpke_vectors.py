"""The official HPKE vectors of our suite."""

import hashlib
import json
from typing import TypedDict

import cryptography_vectors

from kiosk.protocol.sealing import StationPrivateKey


class Encryption(TypedDict):
    """One sealed message of a vector, in hex."""

    aad: str
    ct: str
    pt: str


class Vector(TypedDict):
    """A vector of the HPKE test suite, in hex, as far as our suite needs it."""

    kdf_id: int
    skRm: str
    pkRm: str
    enc: str
    info: str
    encryptions: list[Encryption]


def official_vectors() -> list[Vector]:
    with cryptography_vectors.open_vector_file("HPKE/hpke-pq-test-vectors.json", "r") as file:
        vectors = json.load(file)
    return [v for v in vectors if (v["mode"], v["kem_id"], v["aead_id"]) == (0, 0x647A, 3)]


def key_of(vector: Vector) -> StationPrivateKey:
    """The X-Wing seed of a vector, expanded as draft-connolly-cfrg-xwing-kem says."""
    return StationPrivateKey.from_seed(hashlib.shake_256(bytes.fromhex(vector["skRm"])).digest(96))

"""The official HPKE vectors of our suite."""

import hashlib
import json

import cryptography_vectors

from kiosk.protocol.sealing import (
    StationPrivateKey,
)


def official_vectors() -> list[dict[str, str]]:
    with cryptography_vectors.open_vector_file("HPKE/hpke-pq-test-vectors.json", "r") as file:
        vectors = json.load(file)
    return [v for v in vectors if (v["mode"], v["kem_id"], v["aead_id"]) == (0, 0x647A, 3)]


def key_of(vector: dict[str, str]) -> StationPrivateKey:
    """The X-Wing seed of a vector, expanded as draft-connolly-cfrg-xwing-kem says."""
    return StationPrivateKey.from_seed(hashlib.shake_256(bytes.fromhex(vector["skRm"])).digest(96))

import hashlib
import json

import cryptography_vectors
import pytest
from cryptography.hazmat.bindings._rust import openssl
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from kiosk.common.errors import SealError
from kiosk.protocol import cbor
from kiosk.protocol.picture_code import expanded
from kiosk.protocol.sealing import (
    OVERHEAD,
    PUBLIC_KEY_BYTES,
    StationPrivateKey,
    StationPublicKey,
    read_manifest,
    seal,
    seal_link_master,
    sign_manifest,
)
from tests.vectors import load

KEY = StationPrivateKey.generate()
OTHER = StationPrivateKey.generate()
AUTHORITY = Ed25519PrivateKey.generate()
ROOT = AUTHORITY.public_key().public_bytes_raw()
PART = 1


OFFICIAL = load("hpke")["vectors"]


def key_of(vector: dict[str, str]) -> StationPrivateKey:
    """The X-Wing seed of a vector, expanded as draft-connolly-cfrg-xwing-kem says."""
    return expanded(bytes.fromhex(vector["skRm"]))


def test_our_extract_is_what_the_official_file_says() -> None:
    with cryptography_vectors.open_vector_file("HPKE/hpke-pq-test-vectors.json", "r") as file:
        official = [
            vector | {"encryptions": vector["encryptions"][:1]} for vector in json.load(file)
        ]
    assert [vector["kdf_id"] for vector in OFFICIAL] == [1, 17]
    assert all(vector in official for vector in OFFICIAL)


@pytest.mark.parametrize("vector", OFFICIAL, ids=lambda vector: str(vector["kdf_id"]))
def test_public_keys_are_those_of_the_official_vectors(vector: dict[str, str]) -> None:
    assert key_of(vector).public.raw.hex() == vector["pkRm"]


def test_our_suite_opens_the_official_ciphertext() -> None:
    """The vectors have associated data, which only the library's private call takes."""
    vector = OFFICIAL[0]
    first = vector["encryptions"][0]
    plaintext = openssl.hpke._decrypt_with_aad(
        Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305),
        bytes.fromhex(vector["enc"] + first["ct"]),
        key_of(vector)._key,
        bytes.fromhex(vector["info"]),
        bytes.fromhex(first["aad"]),
    )
    assert plaintext.hex() == first["pt"]


def test_what_is_sealed_opens_and_is_never_the_same() -> None:
    first, second = seal(PART, b"secret", KEY.public), seal(PART, b"secret", KEY.public)
    assert KEY.open(PART, first) == KEY.open(PART, second) == b"secret"
    assert first != second
    assert len(first) == len(b"secret") + OVERHEAD


def test_the_context_is_bound_as_the_protocol_says() -> None:
    sealed = seal(PART, b"secret", KEY.public)
    suite = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
    info = b"homthu seal v1\x01" + hashlib.sha256(KEY.public.raw).digest()[:16]
    assert suite.decrypt(sealed, KEY._key, info) == b"secret"


def test_another_key_or_part_does_not_open() -> None:
    sealed = seal(PART, b"secret", KEY.public)
    with pytest.raises(SealError):
        OTHER.open(PART, sealed)
    with pytest.raises(SealError):
        KEY.open(2, sealed)
    with pytest.raises(SealError):
        KEY.open_link_master(sealed)


def test_no_flipped_bit_goes_unseen() -> None:
    sealed = seal(PART, b"secret", KEY.public)
    for place in range(0, len(sealed), 7):
        flipped = bytearray(sealed)
        flipped[place] ^= 1 << place % 8
        with pytest.raises(SealError):
            KEY.open(PART, bytes(flipped))


@pytest.mark.parametrize("sealed", [b"", b"x", bytes(OVERHEAD - 1), bytes(OVERHEAD)])
def test_what_is_not_sealed_does_not_open(sealed: bytes) -> None:
    with pytest.raises(SealError):
        KEY.open(PART, sealed)


@pytest.mark.parametrize("raw", [b"", bytes(PUBLIC_KEY_BYTES - 1), b"\xff" * PUBLIC_KEY_BYTES])
def test_what_is_no_public_key_is_refused(raw: bytes) -> None:
    with pytest.raises(SealError):
        StationPublicKey(raw)


def test_a_key_comes_back_from_its_seed() -> None:
    again = StationPrivateKey.from_seed(KEY.seed)
    assert again.public == KEY.public
    assert again.open(PART, seal(PART, b"secret", KEY.public)) == b"secret"
    with pytest.raises(SealError):
        StationPrivateKey.from_seed(KEY.seed[1:])


def test_a_link_master_reaches_the_authority_only() -> None:
    sealed = seal_link_master(bytes(32), KEY.public)
    assert KEY.open_link_master(sealed) == bytes(32)
    with pytest.raises(SealError):
        OTHER.open_link_master(sealed)
    with pytest.raises(SealError):
        KEY.open(PART, sealed)


def test_a_manifest_says_what_was_signed() -> None:
    signed = sign_manifest(AUTHORITY, 7, "Đồn Nậm Pồ", (KEY.public, OTHER.public))
    manifest = read_manifest(signed, ROOT, minimum_epoch=7)
    assert (manifest.epoch, manifest.station_name) == (7, "Đồn Nậm Pồ")
    assert manifest.keys == (KEY.public, OTHER.public)


def test_a_manifest_of_an_older_epoch_is_refused() -> None:
    signed = sign_manifest(AUTHORITY, 7, "station", (KEY.public,))
    with pytest.raises(SealError):
        read_manifest(signed, ROOT, minimum_epoch=8)


def test_a_manifest_of_another_authority_or_changed_is_refused() -> None:
    signed = sign_manifest(AUTHORITY, 7, "station", (KEY.public,))
    with pytest.raises(SealError):
        read_manifest(signed, Ed25519PrivateKey.generate().public_key().public_bytes_raw())
    with pytest.raises(SealError):
        read_manifest(signed, b"no key")
    for place in range(0, len(signed), 11):
        flipped = bytearray(signed)
        flipped[place] ^= 1
        with pytest.raises(SealError):
            read_manifest(bytes(flipped), ROOT)
    for cut in (0, 1, 63, 64, len(signed) - 1):
        with pytest.raises(SealError):
            read_manifest(signed[:cut], ROOT)


@pytest.mark.parametrize(
    "payload",
    [
        {0: 2, 1: 7, 2: "station", 3: [KEY.public.raw]},
        {0: 1, 1: 7, 2: "station", 3: []},
        {0: 1, 1: 7, 2: "station", 3: [bytes(9)]},
        {0: 1, 1: 7, 2: "station", 3: ["key"]},
        {0: 1, 1: "7", 2: "station", 3: [KEY.public.raw]},
        [1, 2],
    ],
)
def test_a_signed_manifest_of_another_form_is_refused(payload: object) -> None:
    data = cbor.encode(payload)
    with pytest.raises(SealError):
        read_manifest(data + AUTHORITY.sign(b"homthu manifest v1" + data), ROOT)


def test_a_signature_for_something_else_is_no_manifest() -> None:
    data = cbor.encode({0: 1, 1: 7, 2: "station", 3: [KEY.public.raw]})
    with pytest.raises(SealError):
        read_manifest(data + AUTHORITY.sign(data), ROOT)

"""Sealing parts to the station, and the signed manifest that says which keys are the station's.

Sealing is HPKE (RFC 9180), base mode, one shot, with the hybrid KEM MLKEM768-X25519 (0x647a) of
draft-ietf-hpke-pq, HKDF-SHA256 and ChaCha20-Poly1305. A public key is the ML-KEM-768 key
(1184 bytes) followed by the X25519 key (32 bytes); a private one is kept as a 96-byte seed,
64 bytes for ML-KEM and the X25519 key.
"""

import hashlib
from dataclasses import dataclass
from functools import cached_property

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from kiosk.common.errors import SealError
from kiosk.protocol.cbor_map import CborMap

OVERHEAD = 1136
PUBLIC_KEY_BYTES = 1216
KEY_ID_BYTES = 16
SEED_BYTES = 96

_MLKEM_PUBLIC = 1184
_MLKEM_SEED = 64
_SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
_PART_LABEL = b"homthu seal v1"
_MASTER_LABEL = b"homthu link master v1"
_ANSWER_LABEL = b"homthu answer v1"
_WISH_LABEL = b"homthu code wish v1"
_TOLD_LABEL = b"homthu code told v1"
_MANIFEST_LABEL = b"homthu manifest v1"
_MANIFEST = CborMap(version=0, epoch=1, station_name=2, keys=3, notice_key=4)
_MANIFEST_VERSION = 1
_MANIFEST_MAX = 16_384
_SIGNATURE_BYTES = 64


@dataclass(frozen=True)
class StationPublicKey:
    """A public key to seal to; `raw` is its 1216 bytes. Raises SealError when it is not one."""

    raw: bytes

    def __post_init__(self) -> None:
        if len(self.raw) != PUBLIC_KEY_BYTES:
            raise SealError("a public key of the wrong length")
        _ = self._key

    @cached_property
    def key_id(self) -> bytes:
        """The first 16 bytes of the key's SHA-256."""
        return hashlib.sha256(self.raw).digest()[:KEY_ID_BYTES]

    @cached_property
    def _key(self) -> MLKEM768X25519PublicKey:
        try:
            return MLKEM768X25519PublicKey(
                MLKEM768PublicKey.from_public_bytes(self.raw[:_MLKEM_PUBLIC]),
                X25519PublicKey.from_public_bytes(self.raw[_MLKEM_PUBLIC:]),
            )
        except ValueError as error:
            raise SealError("bytes that are no public key") from error

    def _encrypt(self, plaintext: bytes, label: bytes) -> bytes:
        return _SUITE.encrypt(plaintext, self._key, label + self.key_id)


class StationPrivateKey:
    """The private half, made at the station and never leaving it."""

    def __init__(self, seed: bytes) -> None:
        if len(seed) != SEED_BYTES:
            raise SealError("a private key of the wrong length")
        mlkem = MLKEM768PrivateKey.from_seed_bytes(seed[:_MLKEM_SEED])
        x25519 = X25519PrivateKey.from_private_bytes(seed[_MLKEM_SEED:])
        self.seed = seed
        self.public = StationPublicKey(
            mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()
        )
        self._key = MLKEM768X25519PrivateKey(mlkem, x25519)

    @classmethod
    def generate(cls) -> "StationPrivateKey":
        """A fresh key pair."""
        mlkem = MLKEM768PrivateKey.generate().private_bytes_raw()
        return cls(mlkem + X25519PrivateKey.generate().private_bytes_raw())

    @classmethod
    def from_seed(cls, seed: bytes) -> "StationPrivateKey":
        """The key pair of a stored 96-byte seed."""
        return cls(seed)

    def open(self, part: int, sealed: bytes) -> bytes:
        """The padded bytes of a part; raises SealError unless it was sealed to this key."""
        return self._decrypt(sealed, _PART_LABEL + bytes([part]))

    def open_link_master(self, sealed: bytes) -> bytes:
        """The link master that `seal_link_master` sealed to this key."""
        return self._decrypt(sealed, _MASTER_LABEL)

    def open_answer(self, sealed: bytes) -> bytes:
        """The padded answer that `seal_answer` sealed to this key."""
        return self._decrypt(sealed, _ANSWER_LABEL)

    def open_wish(self, sealed: bytes) -> bytes:
        """What a phone sealed to this key of the page's server (docs/protocol.md, 11)."""
        return self._decrypt(sealed, _WISH_LABEL)

    def _decrypt(self, sealed: bytes, label: bytes) -> bytes:
        try:
            return _SUITE.decrypt(sealed, self._key, label + self.public.key_id)
        except (InvalidTag, ValueError) as error:
            raise SealError("this was not sealed to this key") from error


def seal(part: int, padded: bytes, key: StationPublicKey) -> bytes:
    """`padded` sealed to `key`, 1136 bytes longer.

    `part` is the kind of part (`kiosk.protocol.cells.Kind`) and is bound into the seal, as is the
    key's id.
    """
    return key._encrypt(padded, _PART_LABEL + bytes([part]))


def seal_link_master(master: bytes, key: StationPublicKey) -> bytes:
    """The station's link master sealed to the provisioning key of the authority."""
    return key._encrypt(master, _MASTER_LABEL)


def seal_answer(padded: bytes, key: StationPublicKey) -> bytes:
    """An answer of the station sealed to the answer box that a report named."""
    return key._encrypt(padded, _ANSWER_LABEL)


def seal_told(padded: bytes, key: StationPublicKey, asked: StationPublicKey) -> bytes:
    """What the page's server tells the phone that made `key` and sealed its wish to `asked`."""
    return _SUITE.encrypt(padded, key._key, _TOLD_LABEL + asked.key_id)


@dataclass(frozen=True)
class Manifest:
    """The station's keys as the authority signed them; the first is the one to seal to.

    `notice_key` is the raw Ed25519 key that signs the station's messages, None when it has none.
    """

    epoch: int
    station_name: str
    keys: tuple[StationPublicKey, ...]
    notice_key: bytes | None = None


def sign_manifest(
    authority: Ed25519PrivateKey,
    epoch: int,
    station_name: str,
    public_keys: tuple[StationPublicKey, ...],
    notice_key: bytes | None = None,
) -> bytes:
    """A manifest as bytes: deterministic CBOR followed by the authority's Ed25519 signature."""
    fields: dict[str, object] = {
        "version": _MANIFEST_VERSION,
        "epoch": epoch,
        "station_name": station_name,
        "keys": [key.raw for key in public_keys],
    }
    if notice_key is not None:
        fields["notice_key"] = notice_key
    payload = _MANIFEST.encode(fields)
    return payload + authority.sign(_MANIFEST_LABEL + payload)


def read_manifest(data: bytes, authority_public: bytes, minimum_epoch: int = 0) -> Manifest:
    """The manifest in `data`.

    Raises SealError unless the raw Ed25519 key `authority_public` signed it, it names at least
    one key and its epoch is not below `minimum_epoch`.
    """
    payload, signature = data[:-_SIGNATURE_BYTES], data[-_SIGNATURE_BYTES:]
    try:
        authority = Ed25519PublicKey.from_public_bytes(authority_public)
        authority.verify(signature, _MANIFEST_LABEL + payload)
        match _MANIFEST.decode(payload, _MANIFEST_MAX):
            case {
                "version": 1,
                "epoch": int(epoch),
                "station_name": str(name),
                "keys": [_, *_] as raw,
                **rest,
            } if all(isinstance(key, bytes) for key in raw):
                keys = tuple(map(StationPublicKey, raw))
                manifest = Manifest(epoch, name, keys, _notice_key(rest.get("notice_key")))
            case _:
                raise SealError("a key manifest of an unknown form")
    except (InvalidSignature, ValueError) as error:
        raise SealError("the key manifest is not signed by our authority") from error
    if manifest.epoch < minimum_epoch:
        raise SealError("the key manifest is older than one already seen")
    return manifest


def _notice_key(raw: object) -> bytes | None:
    if raw is None:
        return None
    if not isinstance(raw, bytes):
        raise SealError("a notice key of the wrong type")
    return Ed25519PublicKey.from_public_bytes(raw).public_bytes_raw()

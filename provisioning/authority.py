"""The authority's folder: its keys under a passphrase, and what it has issued.

It owns three keys: an Ed25519 root that signs key manifests, a P-256 certificate authority for
MQTT, and an HPKE key to which stations seal their link master. Nothing else ever leaves it but
`authority.json`, which is public.
"""

import base64
import json
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_der_private_key

from kiosk import cbor, files, passphrase
from kiosk.errors import ProvisioningError
from kiosk.sealing import StationPrivateKey
from provisioning import certificates

KEYS = "authority.keys"
PUBLIC = "authority.json"


@dataclass(frozen=True)
class Authority:
    """An unlocked authority; `folder` holds what it has issued."""

    folder: Path
    name: str
    root: Ed25519PrivateKey
    ca_key: ec.EllipticCurvePrivateKey
    ca: x509.Certificate
    sealing: StationPrivateKey

    @property
    def root_public(self) -> bytes:
        """The 32 bytes by which every kiosk knows this authority."""
        return self.root.public_key().public_bytes_raw()


def create(folder: Path, name: str, secret: str) -> Authority:
    """Make a new authority in an empty or missing folder.

    Raises ProvisioningError when one lives there already; an existing one is never overwritten.
    """
    if (folder / KEYS).exists():
        raise ProvisioningError(
            f"{folder} already holds an authority", "choose another folder or use this one"
        )
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    ca_key = certificates.new_key()
    authority = Authority(
        folder=folder,
        name=name,
        root=Ed25519PrivateKey.generate(),
        ca_key=ca_key,
        ca=certificates.self_signed(ca_key, name),
        sealing=StationPrivateKey.generate(),
    )
    files.write(folder / PUBLIC, _public(authority))
    files.write(folder / KEYS, passphrase.lock(_private(authority), secret), files.PRIVATE)
    return authority


def unlock(folder: Path, secret: str) -> Authority:
    """Open an authority. Raises ProvisioningError when it is missing or the passphrase is wrong."""
    try:
        public = json.loads((folder / PUBLIC).read_text("utf-8"))
        locked = (folder / KEYS).read_bytes()
    except (OSError, ValueError):
        raise ProvisioningError(
            f"{folder} holds no authority", "make one with homthu-provision init"
        ) from None
    try:
        keys = cbor.decode(passphrase.unlock(locked, secret), len(locked))
    except InvalidTag:
        raise ProvisioningError("wrong passphrase", "type it again; nothing was changed") from None
    assert isinstance(keys, dict)
    ca_key = load_der_private_key(keys[1], None)
    assert isinstance(ca_key, ec.EllipticCurvePrivateKey)
    return Authority(
        folder=folder,
        name=public["name"],
        root=Ed25519PrivateKey.from_private_bytes(keys[0]),
        ca_key=ca_key,
        ca=x509.load_pem_x509_certificate(public["ca"].encode()),
        sealing=StationPrivateKey.from_seed(keys[2]),
    )


def _private(authority: Authority) -> bytes:
    from cryptography.hazmat.primitives import serialization as s

    ca_key = authority.ca_key.private_bytes(s.Encoding.DER, s.PrivateFormat.PKCS8, s.NoEncryption())
    return cbor.encode(
        {0: authority.root.private_bytes_raw(), 1: ca_key, 2: authority.sealing.seed}
    )


def _public(authority: Authority) -> str:
    facts = {
        "name": authority.name,
        "root": base64.b64encode(authority.root_public).decode(),
        "sealing": base64.b64encode(authority.sealing.public.raw).decode(),
        "ca": certificates.pem(authority.ca).decode(),
    }
    return json.dumps(facts, ensure_ascii=False, indent=2) + "\n"


def random_id() -> bytes:
    """A kiosk's id: random, so that a topic says nothing about a village."""
    return os.urandom(16)

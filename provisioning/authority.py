"""The authority's folder: its keys under a passphrase, and what it has issued.

It owns three keys: an Ed25519 root that signs key manifests, a P-256 certificate authority for
MQTT, and an HPKE key to which stations seal their link master. Nothing else ever leaves it but
`authority.json`, which is public.
"""

import base64
import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)

from kiosk.common import files, passphrase
from kiosk.common.errors import ProvisioningError
from kiosk.common.key_derivation import REAL, KeyDerivation
from kiosk.protocol.cbor_map import CborMap
from kiosk.protocol.sealing import StationPrivateKey
from provisioning import certificates

KEYS = "authority.keys"
PUBLIC = "authority.json"
MIN_PASSPHRASE = 10
_SECRETS = CborMap(root=0, ca=1, sealing=2)


@dataclass(frozen=True)
class Authority:
    """An unlocked authority; `folder` holds what it has issued, `now` dates what it will issue."""

    folder: Path
    name: str
    root: Ed25519PrivateKey
    ca_key: ec.EllipticCurvePrivateKey
    ca: x509.Certificate
    sealing: StationPrivateKey
    now: datetime

    @property
    def root_public(self) -> bytes:
        """The 32 bytes by which every kiosk knows this authority."""
        return self.root.public_key().public_bytes_raw()


def create(folder: Path, name: str, secret: str, now: datetime | None = None) -> Authority:
    """Make a new authority in an empty or missing folder.

    Raises ProvisioningError when something lives there already, when the passphrase is short, or
    when the clock is wrong; nothing is ever overwritten.
    """
    now = now or datetime.now(UTC)
    certificates.check_clock(now, ends=now + certificates.LIFETIME)
    if folder.exists() and any(folder.iterdir()):
        what = "already holds an authority" if (folder / KEYS).exists() else "is not empty"
        raise ProvisioningError(
            f"{folder} {what}",
            "chọn thư mục khác; còn thiếu bản sao thì dùng backup / choose another folder; if only "
            "its copies are missing use backup",
        )
    if len(secret) < MIN_PASSPHRASE:
        raise ProvisioningError(
            "mật khẩu ngắn quá / the passphrase is too short",
            f"ít nhất {MIN_PASSPHRASE} ký tự / at least {MIN_PASSPHRASE} characters",
        )
    ca_key = certificates.new_key()
    authority = Authority(
        folder=folder,
        name=name,
        root=Ed25519PrivateKey.generate(),
        ca_key=ca_key,
        ca=certificates.self_signed(ca_key, name, now),
        sealing=StationPrivateKey.generate(),
        now=now,
    )
    with files.drafted_folder(folder) as draft:
        files.write(draft / PUBLIC, _public(authority))
        files.write(draft / KEYS, passphrase.lock(_private(authority), secret), files.PRIVATE)
    return authority


def unlock(
    folder: Path,
    secret: str,
    now: datetime | None = None,
    derivation: KeyDerivation = REAL,
) -> Authority:
    """Open an authority.

    Raises ProvisioningError when it is missing or damaged, when the passphrase is wrong, when it
    has expired or when the clock cannot be right.
    """
    now = now or datetime.now(UTC)
    try:
        public = json.loads((folder / PUBLIC).read_text("utf-8"))
        ca = x509.load_pem_x509_certificate(public["ca"].encode())
        locked = (folder / KEYS).read_bytes()
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        raise ProvisioningError(
            f"{folder} holds no authority",
            "lập mới bằng init, hoặc lấy lại bằng restore / make one with homthu-provision init, "
            "or get it back with restore",
        ) from None
    try:
        private = passphrase.unlock(locked, secret, derivation)
        keys = _SECRETS.decode(private, len(locked))
    except InvalidTag:
        raise ProvisioningError(
            "sai mật khẩu / wrong passphrase",
            f"gõ lại, chưa có gì thay đổi / type it again; nothing was changed; if it never opens, "
            f"{KEYS} is damaged: restore the backup",
        ) from None
    certificates.check_clock(now, ca.not_valid_after_utc)
    ca_key = load_der_private_key(keys["ca"], None)
    assert isinstance(ca_key, ec.EllipticCurvePrivateKey)
    return Authority(
        folder=folder,
        name=public["name"],
        root=Ed25519PrivateKey.from_private_bytes(keys["root"]),
        ca_key=ca_key,
        ca=ca,
        sealing=StationPrivateKey.from_seed(keys["sealing"]),
        now=now,
    )


def _private(authority: Authority) -> bytes:
    ca_key = authority.ca_key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return _SECRETS.encode(
        {
            "root": authority.root.private_bytes_raw(),
            "ca": ca_key,
            "sealing": authority.sealing.seed,
        }
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

"""The station's folder: who the authority is, and the private keys, which never leave it.

`report-<n>.key` is salt 16 + nonce 12 + ChaCha20-Poly1305(report key seed) under
Argon2id(passphrase); old ones stay so that reports sealed to them can be opened.
`link.master` and `tls.key` serve the running receiver. `request.json` goes to the authority.
"""

import base64
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from kiosk.cells import KEY, NONCE
from kiosk.errors import SealError, StationError
from kiosk.sealing import SEED_BYTES, StationPrivateKey, StationPublicKey, seal_link_master
from uplink.settings import MASTER_FILE

MIN_PASSPHRASE = 8
_SALT = 16
_ARGON2_KIB, _ARGON2_PASSES, _ARGON2_LANES = 65_536, 3, 1
_KEY_FILE_LABEL = b"homthu report key v1"


@dataclass(frozen=True)
class AuthorityPublic:
    """The public half of the authority: Ed25519 root, HPKE key for link masters, CA as PEM."""

    name: str
    root: bytes
    sealing: StationPublicKey
    ca: str

    @classmethod
    def load(cls, path: Path) -> "AuthorityPublic":
        """Read `authority.json`: {"name", "root" and "sealing" in base64, "ca" as PEM}."""
        try:
            fields = json.loads(path.read_text("utf-8"))
            root = base64.b64decode(fields["root"], validate=True)
            sealing = StationPublicKey(base64.b64decode(fields["sealing"], validate=True))
            x509.load_pem_x509_certificate(fields["ca"].encode())
            return cls(fields["name"], root, sealing, fields["ca"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError, SealError) as error:
            raise StationError(
                "the authority's file cannot be used", "ask the authority for authority.json"
            ) from error


def init_station(folder: Path, name: str, passphrase: str, authority: AuthorityPublic) -> None:
    """Make the station's keys in `folder` and the `request.json` for the authority.

    Raises StationError, and changes nothing, when the folder already holds a station.
    """
    if len(passphrase) < MIN_PASSPHRASE:
        raise StationError(
            "the passphrase is too short", f"use at least {MIN_PASSPHRASE} characters"
        )
    if (folder / MASTER_FILE).exists() or list(folder.glob("report-*.key")):
        raise StationError("there is already a station in this folder", "use another folder")
    report_key = StationPrivateKey.generate()
    master = secrets.token_bytes(KEY)
    tls_key = ec.generate_private_key(ec.SECP256R1())
    request = {
        "name": name,
        "report_key": _text(report_key.public.raw),
        "csr": _signing_request(tls_key, name),
        "link_master": _text(seal_link_master(master, authority.sealing)),
    }
    tls_pem = tls_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_private(folder / "report-1.key", _lock(report_key.seed, passphrase))
        write_private(folder / "tls.key", tls_pem)
        write_private(folder / "ca.pem", authority.ca.encode())
        write_private(folder / "request.json", json.dumps(request, indent=1).encode())
        write_private(folder / MASTER_FILE, master)
    except OSError as error:
        raise StationError("the station's folder cannot be written") from error


def unlock(folder: Path, passphrase: str) -> list[StationPrivateKey]:
    """All report keys, newest first; raises StationError for a wrong passphrase or no key."""
    paths = sorted(folder.glob("report-*.key"), key=lambda path: (len(path.name), path.name))
    if not paths:
        raise StationError("there is no report key here", "run `homthu-station init` first")
    return [_unlock(path, passphrase) for path in reversed(paths)]


def write_private(path: Path, data: bytes) -> None:
    """Write a file of mode 0600 that is there as a whole or not at all."""
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    directory = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def _lock(seed: bytes, passphrase: str) -> bytes:
    salt, nonce = secrets.token_bytes(_SALT), secrets.token_bytes(NONCE)
    locked = ChaCha20Poly1305(_stretch(passphrase, salt)).encrypt(nonce, seed, _KEY_FILE_LABEL)
    return salt + nonce + locked


def _unlock(path: Path, passphrase: str) -> StationPrivateKey:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise StationError("a report key cannot be read") from error
    if len(data) != _SALT + NONCE + SEED_BYTES + 16:
        raise StationError("a report key is damaged", "restore it from the backup")
    salt, nonce, locked = data[:_SALT], data[_SALT : _SALT + NONCE], data[_SALT + NONCE :]
    try:
        aead = ChaCha20Poly1305(_stretch(passphrase, salt))
        return StationPrivateKey.from_seed(aead.decrypt(nonce, locked, _KEY_FILE_LABEL))
    except InvalidTag as error:
        raise StationError("the passphrase is wrong", "try again") from error


def _stretch(passphrase: str, salt: bytes) -> bytes:
    return Argon2id(
        salt=salt,
        length=KEY,
        iterations=_ARGON2_PASSES,
        lanes=_ARGON2_LANES,
        memory_cost=_ARGON2_KIB,
    ).derive(passphrase.encode())


def _signing_request(key: ec.EllipticCurvePrivateKey, name: str) -> str:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    request = x509.CertificateSigningRequestBuilder().subject_name(subject)
    return request.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM).decode()


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()

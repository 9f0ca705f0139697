"""The station's folder: who the authority is, and the private keys, which never leave it.

`report-<n>.key` is a report key's seed under a passphrase; old ones stay so that reports sealed to
them can be opened.
`notice.key` is the Ed25519 key that signs messages to the kiosks, under the same passphrase.
`link.master` and `tls.key` serve the running receiver. `request.json` goes to the authority, whose
root is `authority.pub`.
"""

import base64
import json
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from kiosk.common import files, passphrase
from kiosk.common.errors import SealError, StationError
from kiosk.common.key_derivation import REAL, KeyDerivation
from kiosk.protocol.cells import KEY
from kiosk.protocol.sealing import StationPrivateKey, StationPublicKey, seal_link_master
from kiosk.settings.station import MASTER_FILE

MIN_PASSPHRASE = 8
NOTICE_KEY = "notice.key"
AUTHORITY = "authority.pub"
REQUEST = "request.json"


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


def init_station(folder: Path, name: str, secret: str, authority: AuthorityPublic) -> None:
    """Make the station's keys in `folder` and the `request.json` for the authority.

    Raises StationError, and changes nothing, when the folder already holds a station.
    """
    if len(secret) < MIN_PASSPHRASE:
        raise StationError(
            "the passphrase is too short", f"use at least {MIN_PASSPHRASE} characters"
        )
    if (folder / MASTER_FILE).exists() or list(folder.glob("report-*.key")):
        raise StationError("there is already a station in this folder", "use another folder")
    report_key = StationPrivateKey.generate()
    notice_key = Ed25519PrivateKey.generate()
    master = secrets.token_bytes(KEY)
    tls_key = ec.generate_private_key(ec.SECP256R1())
    request = {
        "name": name,
        "report_key": _text(report_key.public.raw),
        "notice_key": _text(notice_key.public_key().public_bytes_raw()),
        "csr": _signing_request(tls_key, name),
        "link_master": _text(seal_link_master(master, authority.sealing)),
    }
    tls_pem = tls_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        folder.mkdir(parents=True, exist_ok=True)
        files.write(
            folder / "report-1.key", passphrase.lock(report_key.seed, secret), files.PRIVATE
        )
        locked = passphrase.lock(notice_key.private_bytes_raw(), secret)
        files.write(folder / NOTICE_KEY, locked, files.PRIVATE)
        files.write(folder / AUTHORITY, authority.root, files.PRIVATE)
        files.write(folder / "tls.key", tls_pem, files.PRIVATE)
        files.write(folder / "ca.pem", authority.ca.encode(), files.PRIVATE)
        files.write(folder / REQUEST, json.dumps(request, indent=1), files.PRIVATE)
        files.write(folder / MASTER_FILE, master, files.PRIVATE)
    except OSError as error:
        raise StationError("the station's folder cannot be written") from error


def renew_report_key(folder: Path, secret: str) -> None:
    """Add a new report key and name it in `request.json`; the old ones still open old reports.

    Raises StationError for a wrong passphrase or when there is no station here.
    """
    unlock(folder, secret)
    new = StationPrivateKey.generate()
    last = max(int(path.stem.removeprefix("report-")) for path in folder.glob("report-*.key"))
    try:
        request = json.loads((folder / REQUEST).read_text("utf-8"))
        request["report_key"] = _text(new.public.raw)
        locked = passphrase.lock(new.seed, secret)
        files.write(folder / f"report-{last + 1}.key", locked, files.PRIVATE)
        files.write(folder / REQUEST, json.dumps(request, indent=1), files.PRIVATE)
    except (OSError, ValueError, TypeError) as error:
        raise StationError(
            f"không đọc hoặc ghi được {REQUEST} / it cannot be read or written",
            "xem chỗ trống, hoặc khôi phục từ bản sao lưu / make room, or restore the backup",
        ) from error


def unlock(folder: Path, secret: str, derivation: KeyDerivation = REAL) -> list[StationPrivateKey]:
    """All report keys, newest first; raises StationError for a wrong passphrase or no key."""
    paths = sorted(folder.glob("report-*.key"), key=lambda path: (len(path.name), path.name))
    if not paths:
        raise StationError("there is no report key here", "run `homthu-station init` first")
    return [
        StationPrivateKey.from_seed(_unlock(path, secret, derivation)) for path in reversed(paths)
    ]


def common_name(certificate: Path) -> str:
    """The name that the broker knows the holder of this certificate by."""
    try:
        subject = x509.load_pem_x509_certificate(certificate.read_bytes()).subject
        return str(subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)
    except (OSError, ValueError, IndexError) as error:
        raise StationError(
            "the station's certificate cannot be used", "install the authority's bundle again"
        ) from error


def unlock_notice_key(
    folder: Path, secret: str, derivation: KeyDerivation = REAL
) -> Ed25519PrivateKey:
    """The key that signs messages; raises StationError for a wrong passphrase or no key."""
    return Ed25519PrivateKey.from_private_bytes(_unlock(folder / NOTICE_KEY, secret, derivation))


def _unlock(path: Path, secret: str, derivation: KeyDerivation) -> bytes:
    try:
        return passphrase.unlock(path.read_bytes(), secret, derivation)
    except OSError as error:
        raise StationError(f"{path.name} cannot be read", "restore it from the backup") from error
    except InvalidTag as error:
        raise StationError(
            f"the passphrase is wrong, or {path.name} is damaged",
            "type it again; restore the key from the backup if that does not help",
        ) from error


def _signing_request(key: ec.EllipticCurvePrivateKey, name: str) -> str:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    request = x509.CertificateSigningRequestBuilder().subject_name(subject)
    return request.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM).decode()


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()

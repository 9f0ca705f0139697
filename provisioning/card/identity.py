"""Whether the keys in a kiosk's bundle are sound, belong together and are the authority's."""

import base64
import json
import tomllib
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509.oid import NameOID

from kiosk.common.errors import ProvisioningError, SealError
from kiosk.protocol.sealing import read_manifest
from provisioning import authority, certificates, ledger
from provisioning.card.checks import Finding
from provisioning.station_bundle import MANIFEST

COURIER = "courier.toml"
ROOT = "authority.pub"

Read = Callable[[str], bytes | None]
"""A file of a bundle by its path in it; None when it is not there."""


class _Wrong(Exception):
    """What is wrong, in words."""


def in_folder(bundle: Path) -> Read:
    """The files of a bundle that lies in a folder."""

    def read(name: str) -> bytes | None:
        try:
            return (bundle / name).read_bytes()
        except OSError:
            return None

    return read


def examine(read: Read, kiosk_id: str, now: datetime, home: Path | None) -> Iterator[Finding]:
    """Every check of a bundle's keys; `home` is the authority's folder, if it is at hand."""
    yield _checked("certificate", lambda: _certificate(read, kiosk_id, now))
    yield _checked("manifest", lambda: _manifest(read))
    if home:
        yield _checked("authority", lambda: _authority(read, home))
        yield _checked("ledger", lambda: _ledger(read, kiosk_id, home))


def _checked(name: str, check: Callable[[], str]) -> Finding:
    try:
        return Finding(name, True, check())
    except _Wrong as wrong:
        return Finding(name, False, str(wrong))


def _certificate(read: Read, kiosk_id: str, now: datetime) -> str:
    own, ca = _certificate_in(read, "tls_cert"), _certificate_in(read, "tls_ca")
    key = _parsed(read, "tls_key", lambda data: load_pem_private_key(data, None))
    (name,) = own.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    if name.value != kiosk_id:
        raise _Wrong("chứng thư của kiosk khác (the certificate is another kiosk's)")
    if key.public_key() != own.public_key():
        raise _Wrong("khóa không hợp chứng thư (the key is not the certificate's)")
    try:
        own.verify_directly_issued_by(ca)
    except (InvalidSignature, ValueError, TypeError):
        raise _Wrong("không do ca.pem cấp (not issued by its authority)") from None
    ends = min(ca.not_valid_after_utc, own.not_valid_after_utc)
    try:
        certificates.check_clock(now, ends)
    except ProvisioningError as error:
        raise _Wrong(str(error)) from None
    return f"đến {ends:%d.%m.%Y} (valid until)"


def _manifest(read: Read) -> str:
    try:
        known = read_manifest(_present(read, MANIFEST), _present(read, ROOT))
    except SealError as error:
        raise _Wrong(str(error)) from None
    return f"{known.station_name}, epoch {known.epoch}"


def _authority(read: Read, home: Path) -> str:
    try:
        public = json.loads((home / authority.PUBLIC).read_text("utf-8"))
        root = base64.b64decode(public["root"])
        ca = x509.load_pem_x509_certificate(public["ca"].encode())
    except (OSError, ValueError, KeyError):
        raise _Wrong(f"{home}: không có nơi cấp phép (no authority)") from None
    if _present(read, ROOT) != root or _certificate_in(read, "tls_ca") != ca:
        raise _Wrong("khóa của nơi cấp phép khác (another authority's keys)")
    return str(public["name"])


def _ledger(read: Read, kiosk_id: str, home: Path) -> str:
    serial = f"{_certificate_in(read, 'tls_cert').serial_number:x}"
    try:
        stations = ledger.read(home)
    except ProvisioningError as error:
        raise _Wrong(str(error)) from None
    for station in stations.values():
        for gone in station.revoked:
            if gone.kiosk.serial == serial:
                raise _Wrong(f"đã thu hồi {gone.day} (revoked, or replaced by another card)")
        for kiosk in station.kiosks:
            if (kiosk.id, kiosk.serial) == (kiosk_id, serial):
                return f"{kiosk.hall} · {station.name} · {kiosk.generation}"
    raise _Wrong("không có trong sổ (not in the authority's ledger)")


def _certificate_in(read: Read, key: str) -> x509.Certificate:
    certificate: x509.Certificate = _parsed(read, key, x509.load_pem_x509_certificate)
    return certificate


def _parsed(read: Read, key: str, parse: Callable[[bytes], Any]) -> Any:
    try:
        name = tomllib.loads(_present(read, COURIER).decode())[key]
        return parse(_present(read, name))
    except (ValueError, KeyError, TypeError):
        raise _Wrong(f"{key} ({COURIER}) hỏng (damaged)") from None


def _present(read: Read, name: str) -> bytes:
    content = read(name)
    if content is None:
        raise _Wrong(f"thiếu {name} (missing)")
    return content

"""X.509 certificates for mutual TLS between kiosks, stations and brokers (RFC 5280, P-256).

Whoever reads them may have a clock that is wrong by years. All of them, and the list of revoked
ones, are therefore valid from 1970 on; only their ends follow the clock of the authority's machine.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from kiosk.common.errors import ProvisioningError

LIFETIME = timedelta(days=20 * 365)
AUTHORITY_LIFETIME = timedelta(days=40 * 365)
FIRST_DAY = datetime(1970, 1, 1, tzinfo=UTC)
EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)
"""No authority is older than this program; a clock that says so has lost its battery."""


def new_key() -> ec.EllipticCurvePrivateKey:
    """A fresh P-256 key."""
    return ec.generate_private_key(ec.SECP256R1())


def key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    """An unencrypted private key as PEM, for a file that only its service may read."""
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def pem(certificate: x509.Certificate) -> bytes:
    """A certificate as PEM."""
    return certificate.public_bytes(serialization.Encoding.PEM)


def check_clock(now: datetime, ends: datetime) -> None:
    """Raise ProvisioningError when nothing sensible can be dated by a clock that says `now`.

    `ends` is the last moment of the authority.
    """
    if now < EARLIEST:
        raise ProvisioningError(
            f"đồng hồ máy này chỉ ngày {now:%d/%m/%Y} / this machine's clock says {now:%Y-%m-%d}",
            "đặt đúng ngày giờ rồi làm lại / set the clock, then do it again",
        )
    if now >= ends:
        raise ProvisioningError(
            f"nơi cấp phép hết hạn ngày {ends:%d/%m/%Y}, đồng hồ máy này chỉ {now:%d/%m/%Y} / "
            f"the authority ended on {ends:%Y-%m-%d}, this machine's clock says {now:%Y-%m-%d}",
            "nếu đồng hồ sai thì đặt lại; nếu đúng thì lập nơi cấp phép mới / set the clock if it "
            "is wrong, else make a new authority",
        )


def self_signed(key: ec.EllipticCurvePrivateKey, name: str, now: datetime) -> x509.Certificate:
    """The certificate of a new authority."""
    usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    return (
        _draft(name, name, key.public_key(), now + AUTHORITY_LIFETIME)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )


def client(
    ca_key: ec.EllipticCurvePrivateKey,
    ca: x509.Certificate,
    name: str,
    public_key: ec.EllipticCurvePublicKey,
    now: datetime,
) -> x509.Certificate:
    """A certificate by which a kiosk or station shows the broker who it is."""
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])
    draft = _draft(name, _common_name(ca), public_key, _end(ca, now))
    draft = draft.add_extension(usage, critical=False)
    return _end_entity(draft).sign(ca_key, hashes.SHA256())


def server(
    ca_key: ec.EllipticCurvePrivateKey,
    ca: x509.Certificate,
    hosts: tuple[str, ...],
    public_key: ec.EllipticCurvePublicKey,
    now: datetime,
) -> x509.Certificate:
    """A certificate by which a broker shows that it is the one at these names or addresses."""
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    draft = (
        _draft(hosts[0], _common_name(ca), public_key, _end(ca, now))
        .add_extension(usage, critical=False)
        .add_extension(x509.SubjectAlternativeName([_host(h) for h in hosts]), critical=False)
    )
    return _end_entity(draft).sign(ca_key, hashes.SHA256())


def update_signer(
    ca_key: ec.EllipticCurvePrivateKey,
    ca: x509.Certificate,
    public_key: ec.EllipticCurvePublicKey,
    now: datetime,
) -> x509.Certificate:
    """A certificate by which an update of the card's image shows that it may be installed."""
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING])
    name = f"{_common_name(ca)}: updates"
    draft = _draft(name, _common_name(ca), public_key, _end(ca, now))
    return _end_entity(draft.add_extension(usage, critical=False)).sign(ca_key, hashes.SHA256())


def requested(csr_pem: bytes) -> ec.EllipticCurvePublicKey:
    """The public key of a signing request. Raises ProvisioningError unless it is sound."""
    try:
        request = x509.load_pem_x509_csr(csr_pem)
        key = request.public_key()
        sound = request.is_signature_valid and isinstance(key, ec.EllipticCurvePublicKey)
    except ValueError:
        sound = False
    if not sound:
        raise ProvisioningError(
            "the certificate request is damaged", "have the station make request.json again"
        )
    assert isinstance(key, ec.EllipticCurvePublicKey)
    return key


def revocation_list(
    ca_key: ec.EllipticCurvePrivateKey, ca: x509.Certificate, serials: Iterable[int]
) -> bytes:
    """The certificates that are no longer good, as PEM (RFC 5280, section 5); it never expires.

    An outdated list would shut every kiosk out, and one from a clock that is ahead as well. The
    same serials give the same bytes, so that a broker restarts only for a new list.
    """
    listed = sorted(serials)
    draft = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(ca.subject)
        .last_update(FIRST_DAY)
        .next_update(ca.not_valid_after_utc)
        .add_extension(x509.CRLNumber(len(listed)), critical=False)
    )
    for serial in listed:
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(FIRST_DAY)
        draft = draft.add_revoked_certificate(entry.build())
    signed = draft.sign(ca_key, hashes.SHA256(), ecdsa_deterministic=True)
    return signed.public_bytes(serialization.Encoding.PEM)


def _end(ca: x509.Certificate, now: datetime) -> datetime:
    return min(now + LIFETIME, ca.not_valid_after_utc)


def _draft(
    name: str, issuer: str, public_key: ec.EllipticCurvePublicKey, end: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(_name(issuer))
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(FIRST_DAY)
        .not_valid_after(end)
    )


def _end_entity(draft: x509.CertificateBuilder) -> x509.CertificateBuilder:
    usage = x509.KeyUsage(True, False, False, False, False, False, False, False, False)
    constraints = x509.BasicConstraints(ca=False, path_length=None)
    return draft.add_extension(constraints, critical=True).add_extension(usage, critical=True)


def _name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _common_name(certificate: x509.Certificate) -> str:
    value = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
    return value if isinstance(value, str) else value.decode()


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)

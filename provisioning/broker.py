"""What a Mosquitto broker needs to serve one station: configuration, access rules, certificate."""

from pathlib import Path

from kiosk.common import files
from provisioning import certificates, ledger
from provisioning.authority import Authority

CONFIG = "mosquitto.conf"
REVOKED = "revoked.crl"
HOME = "/etc/homthu/broker"
"""Where the broker's machine keeps it all."""

_ACCESS_RULES = """\
user {station}
topic read k/+/up
topic write k/+/down

pattern write k/%u/up
pattern read k/%u/down
"""

_CONFIGURATION = """\
per_listener_settings false
persistence false
allow_anonymous false
acl_file {folder}/broker.acl
set_tcp_nodelay true
max_packet_size 8192
# What receivers have not taken yet waits here: 100000 cells, at most about 430 MB.
max_queued_messages 100000
# Each receiver says itself how many it takes at once.
max_inflight_messages 0
log_type error
log_type warning
log_dest stderr
connection_messages false

listener {port} {address}
cafile {folder}/ca.pem
crlfile {folder}/revoked.crl
certfile {folder}/broker.pem
keyfile {folder}/broker.key
tls_version tlsv1.3
require_certificate true
use_identity_as_username true
"""


def write_bundle(
    authority: Authority,
    folder: Path,
    station_user: str,
    hosts: tuple[str, ...],
    listen: str,
    home: str = HOME,
) -> None:
    """Write all that Mosquitto needs into `folder`, to be copied to `home` on its machine.

    `hosts` are the names or addresses that its certificate proves; `listen` is "address:port".
    """
    address, _, port = listen.rpartition(":")
    key = certificates.new_key()
    certificate = certificates.server(
        authority.ca_key, authority.ca, hosts, key.public_key(), authority.now
    )
    files.write(folder / "ca.pem", certificates.pem(authority.ca))
    files.write(folder / "broker.pem", certificates.pem(certificate))
    files.write(folder / "broker.key", certificates.key_pem(key), files.PRIVATE)
    files.write(folder / "broker.acl", _ACCESS_RULES.format(station=station_user))
    settings = _CONFIGURATION.format(folder=home, address=address.strip("[]"), port=port)
    files.write(folder / CONFIG, settings)


def write_revoked(authority: Authority, folder: Path) -> None:
    """Write the list of certificates that the broker refuses."""
    revoked = ledger.serials(authority.folder)
    listed = certificates.revocation_list(authority.ca_key, authority.ca, revoked)
    files.write(folder / REVOKED, listed)

"""Admitting a station: from the public request that it made to the bundle that it installs."""

import base64
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kiosk import files
from kiosk.errors import ProvisioningError, SealError
from kiosk.sealing import StationPublicKey, sign_manifest
from provisioning import broker, certificates, ledger
from provisioning.authority import Authority

MANIFEST = "manifest.cbor"


@dataclass(frozen=True)
class Place:
    """Where a station is reached: its telephone, its brokers and the name they prove.

    `form` is the address of an online form of its own, for phones that have a signal.
    """

    phone: str
    brokers: tuple[str, ...]
    listen: str
    form: str = ""

    @property
    def host(self) -> str:
        """The name or address in the broker's certificate."""
        return self.brokers[0].rpartition(":")[0].strip("[]")


def admit(authority: Authority, request_file: Path, place: Place, bundle: Path) -> None:
    """Sign the station's keys and certificate and write its bundle.

    May be repeated: the manifest's epoch rises each time, kiosks already known stay known.
    Raises ProvisioningError when the request is not one.
    """
    name, key, csr, sealed_master = _read_request(request_file)
    before = ledger.read(authority.folder).get(name)
    epoch = before.epoch + 1 if before else 1
    manifest = sign_manifest(authority.root, epoch, name, (key,))
    user = station_user(name)
    certificate = certificates.client(
        authority.ca_key, authority.ca, user, certificates.requested(csr)
    )
    bundle.mkdir(parents=True, exist_ok=True, mode=0o700)
    files.write(bundle / "ca.pem", certificates.pem(authority.ca))
    files.write(bundle / "tls.pem", certificates.pem(certificate))
    files.write(bundle / MANIFEST, manifest)
    files.write(bundle / "station.toml", _settings(place))
    broker.write_bundle(authority, bundle / "broker", user, (place.host,), place.listen)
    known = before or ledger.Station(name, "", (), "", 0, "", "")
    entry = replace(
        known,
        phone=place.phone,
        form=place.form,
        brokers=place.brokers,
        server_name=place.host,
        epoch=epoch,
        manifest=base64.b64encode(manifest).decode(),
        sealed_master=base64.b64encode(sealed_master).decode(),
    )
    ledger.record(authority.folder, entry)
    write_kiosk_list(bundle, entry)


def station_user(name: str) -> str:
    """The name by which a station's certificate is known to the broker's access rules."""
    return f"station-{name}"


def write_kiosk_list(bundle: Path, station: ledger.Station) -> None:
    """List the kiosks that a station serves; its receiver reads the list when it changes."""
    entries = "".join(
        f"[kiosks.{kiosk.id}]\nname = {json.dumps(kiosk.hall, ensure_ascii=False)}\n"
        f"generation = {kiosk.generation}\n\n"
        for kiosk in station.kiosks
    )
    files.write(bundle / "kiosks.toml", entries)


def _settings(place: Place) -> str:
    return (
        'folder = "."\n'
        f'broker = "{place.brokers[0]}"\n'
        f'server_name = "{place.host}"\n'
        'tls_ca = "ca.pem"\n'
        'tls_cert = "tls.pem"\n'
        'tls_key = "tls.key"\n'
        'kiosks = "kiosks.toml"\n'
    )


def _read_request(path: Path) -> tuple[str, StationPublicKey, bytes, bytes]:
    try:
        request: dict[str, Any] = json.loads(path.read_text("utf-8"))
        return (
            str(request["name"]),
            StationPublicKey(base64.b64decode(request["report_key"])),
            str(request["csr"]).encode(),
            base64.b64decode(request["link_master"]),
        )
    except (OSError, ValueError, KeyError, TypeError, SealError):
        raise ProvisioningError(
            f"{path} is not a station's request", "make it at the station: homthu-station init"
        ) from None

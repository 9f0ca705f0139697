"""What a station and its broker install: written from the ledger, whenever it is needed."""

import base64
import re
import shlex
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from string import Template

import tomlkit
from cryptography.hazmat.primitives.asymmetric import ec

from kiosk.common import files, schema
from kiosk.common.errors import ProvisioningError
from kiosk.settings.access import parse_address
from kiosk.settings.kiosk_list import Kiosk as KioskEntry
from kiosk.settings.kiosk_list import KioskList
from kiosk.settings.station import CURE, StationSettings
from provisioning import broker, certificates
from provisioning.authority import Authority
from provisioning.ledger import Station

MANIFEST = "manifest.cbor"
KIOSKS = "kiosks.toml"
SETTINGS = "station.toml"
BROKER = "broker"
UPDATE = "station-update"
"""Beside the bundles of kiosks: what their station has to install because of them."""

HOME = "/var/lib/homthu/station"
"""Where the station's machine keeps its folder."""

SCRIPT = "install.sh"

_UNITS = "units"


class _Slots(Template):
    """Slots are @{name}, since shell scripts have their own use for the dollar."""

    delimiter = "@"


def write(
    authority: Authority,
    station: Station,
    tls_key: ec.EllipticCurvePublicKey,
    told_by_hand: str,
    broker_home: str,
    folder: Path,
) -> None:
    """Fill the empty `folder` with all that a station and its broker need.

    `tls_key` is the station's own, `told_by_hand` an earlier station.toml or nothing and
    `broker_home` where the broker's files will lie on its machine.
    """
    certificate = certificates.client(
        authority.ca_key, authority.ca, station.user, tls_key, authority.now
    )
    files.write(folder / "ca.pem", certificates.pem(authority.ca))
    files.write(folder / "tls.pem", certificates.pem(certificate))
    files.write(folder / MANIFEST, base64.b64decode(station.manifest))
    files.write(folder / SETTINGS, _settings(station, told_by_hand), files.PRIVATE)
    _write_lists(authority, folder, station)
    broker.write_bundle(
        authority,
        folder / BROKER,
        station.user,
        (station.server_name,),
        station.listen,
        broker_home,
    )
    _write_units(folder, station)


def write_update(authority: Authority, station: Station, folder: Path) -> None:
    """Write what the station and its broker have to learn when kiosks come or go."""
    with files.drafted_folder(folder, replace=True) as draft:
        _write_lists(authority, draft, station)


def _write_lists(authority: Authority, folder: Path, station: Station) -> None:
    write_kiosk_list(folder, station)
    _subfolder(folder, BROKER)
    broker.write_revoked(authority, folder / BROKER)
    files.write(folder / SCRIPT, _template("station", SCRIPT, station), 0o755)
    files.write(folder / BROKER / SCRIPT, _template("broker", SCRIPT, station), 0o755)


def _write_units(folder: Path, station: Station) -> None:
    for part, target in (("station", folder), ("broker", folder / BROKER)):
        _subfolder(target, _UNITS)
        for file in _templates(part).iterdir():
            if file.name != SCRIPT:
                files.write(target / _UNITS / file.name, _template(part, file.name, station))


def write_kiosk_list(bundle: Path, station: Station) -> None:
    """List the kiosks that a station serves; its receiver reads the list when it changes."""
    kiosks = {
        kiosk.id: KioskEntry(kiosk.hall, kiosk.generation, kiosk.described.get("villages", {}))
        for kiosk in station.kiosks
    }
    files.write(bundle / KIOSKS, schema.dump(KioskList(kiosks)))


def _settings(station: Station, by_hand: str) -> str:
    """A station.toml; in an operator's own only the keys that lead to the broker are changed."""
    near = re.sub(r"^(0\.0\.0\.0|\[::\])(?=:)", "127.0.0.1", station.listen)
    fresh = StationSettings(
        broker=parse_address(near if station.broker_here else station.brokers[0]),
        server_name=station.server_name,
        folder=Path(),
        tls_ca=Path("ca.pem"),
        tls_cert=Path("tls.pem"),
        tls_key=Path("tls.key"),
        kiosks=Path(KIOSKS),
    )
    if not by_hand:
        return schema.dump(fresh)
    try:
        table, edited = schema.table(fresh), tomlkit.parse(by_hand)
    except ValueError as error:
        raise ProvisioningError(f"{SETTINGS}: {error}", CURE) from None
    edited.update({key: table[key] for key in ("broker", "server_name")})
    return tomlkit.dumps(edited)


def _subfolder(folder: Path, name: str) -> None:
    (folder / name).mkdir(mode=0o700, exist_ok=True)


def _templates(part: str) -> Traversable:
    return resources.files("provisioning").joinpath("templates", part)


def _template(part: str, name: str, station: Station) -> str:
    raw = _templates(part).joinpath(name).read_text("utf-8")
    return _Slots(raw).substitute(
        name=shlex.quote(station.name),
        station=HOME,
        home=broker.HOME,
        here="yes" if station.broker_here else "",
        functions=_templates("shared").joinpath("functions.sh").read_text("utf-8"),
    )

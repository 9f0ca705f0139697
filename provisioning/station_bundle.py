"""What a station and its broker install: written from the ledger, whenever it is needed."""

import base64
import json
import re
import shlex
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from string import Template

from cryptography.hazmat.primitives.asymmetric import ec

from kiosk.common import files
from provisioning import broker, certificates
from provisioning.authority import Authority
from provisioning.ledger import Kiosk, Station

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
    entries = "".join(
        f"[kiosks.{kiosk.id}]\nname = {_text(kiosk.hall)}\ngeneration = {kiosk.generation}\n"
        f"{_villages(kiosk)}\n"
        for kiosk in station.kiosks
    )
    files.write(bundle / KIOSKS, entries)


def _villages(kiosk: Kiosk) -> str:
    named = kiosk.described.get("villages", {})
    pairs = ", ".join(f"{key} = {_text(name)}" for key, name in named.items())
    return f"villages = {{ {pairs} }}\n" if pairs else ""


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _settings(station: Station, told_by_hand: str) -> str:
    """A station.toml; of an earlier one only the lines that lead to the broker are others."""
    near = re.sub(r"^(0\.0\.0\.0|\[::\])(?=:)", "127.0.0.1", station.listen)
    lines = {
        "broker": f'broker = "{near if station.broker_here else station.brokers[0]}"',
        "server_name": f'server_name = "{station.server_name}"',
    }
    if not told_by_hand:
        fixed = ('folder = "."', 'tls_ca = "ca.pem"', 'tls_cert = "tls.pem"',
                 'tls_key = "tls.key"', f'kiosks = "{KIOSKS}"')  # fmt: skip
        return "\n".join((*lines.values(), *fixed, ""))
    top, table, rest = told_by_hand.partition("\n[")
    for key, line in lines.items():
        top = re.sub(rf"^{key}\s*=.*$", line, top, flags=re.MULTILINE)
    return top + table + rest


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

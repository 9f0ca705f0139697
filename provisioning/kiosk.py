"""Adding a kiosk: the folder that goes onto its card.

What everybody on the device may read lies at its top. A sub folder is for one user, or is shared by
one door and the courier: `images/overlay/etc/homthu/data.conf` says whose each is.
"""

import base64
import json
import os
from dataclasses import dataclass, field
from pathlib import Path

from kiosk import files, passphrase, voice_pack
from kiosk.catalog import RPA
from kiosk.cells import KEY, LinkKeys
from kiosk.errors import ProvisioningError
from kiosk.outbox import PHONE_ROWS, TOUCH_ROWS, Outbox
from kiosk.picture_code import CODE_KEY_BYTES
from provisioning import certificates, firewall, hotspot, ledger
from provisioning.authority import Authority, random_id
from provisioning.hotspot import Hotspot
from provisioning.station import MANIFEST

ROW_KEY = "row.key"
CODE_KEY = "screen/code.key"
PHONE_CODE_KEY = "phone-code.key"
STAFF_PIN = "screen/staff.pin"
TOUCH_OUTBOX = "touch/touch.db"
INBOX = "inbox"
COURIER = "courier"
VOICES = "voices"
UPDATES = "updates.pem"
STAFF = b"staff"


@dataclass(frozen=True)
class Hall:
    """Where a kiosk hangs and how it behaves there; times in seconds, sizes in pixels and mm.

    `staff_pin` opens the staff screen, which a kiosk without one does not have. `voices` are
    signed voice packs.
    """

    name: str
    languages: tuple[str, ...] = ("vi", "hmn")
    hmong_script: str = RPA
    size: tuple[int, int] = (800, 480)
    width_mm: float = 154.0
    fullscreen: bool = True
    slot_s: float = 300.0
    report_every_s: float = 90.0
    hotspot: Hotspot | None = None
    staff_pin: str = field(default="", repr=False)
    assets: str = "/usr/share/homthu"
    espeak: str = "/usr/share/homthu/espeak"
    villages: dict[str, str] = field(default_factory=dict)
    voices: tuple[Path, ...] = ()


def add(authority: Authority, station_name: str, hall: Hall, bundle: Path) -> ledger.Station:
    """Make a kiosk of a station and write its bundle, which must be a new or empty folder.

    Returns the station as it now stands, for the list of kiosks that its receiver reads. Raises
    ProvisioningError when the station is unknown or the folder is in use, and VoicePackError when
    a voice pack is not signed or not whole; the kiosk is not recorded then.
    """
    station = ledger.station(authority.folder, station_name)
    if bundle.exists() and any(bundle.iterdir()):
        raise ProvisioningError(f"{bundle} is not empty", "name a new folder for this kiosk")
    for pack in hall.voices:
        voice_pack.check_signature(pack, authority.root_public)
    kiosk = ledger.Kiosk(random_id().hex(), hall.name)
    grown = ledger.with_kiosk(station, kiosk)
    for folder in (bundle, *map(bundle.joinpath, ("touch", "screen", INBOX, COURIER))):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _write_keys(authority, station, kiosk, bundle)
    files.write(bundle / "kiosk.toml", _kiosk_toml(station, kiosk, hall))
    files.write(bundle / "courier.toml", _courier_toml(station, kiosk, hall), files.PRIVATE)
    files.write(bundle / firewall.FILE, firewall.rules(station.brokers))
    if hall.hotspot:
        hotspot.write(hall.hotspot, bundle)
        files.write(bundle / PHONE_CODE_KEY, os.urandom(CODE_KEY_BYTES), files.PRIVATE)
        Outbox.create(bundle / hotspot.OUTBOX, (bundle / ROW_KEY).read_bytes(), PHONE_ROWS)
    if hall.staff_pin:
        locked = passphrase.lock(STAFF, hall.staff_pin)
        files.write(bundle / STAFF_PIN, locked, files.PRIVATE)
    for pack in hall.voices:
        voice_pack.install(pack, bundle / VOICES, authority.root_public)
    ledger.record(authority.folder, grown)
    return grown


def _write_keys(
    authority: Authority, station: ledger.Station, kiosk: ledger.Kiosk, bundle: Path
) -> None:
    master = authority.sealing.open_link_master(base64.b64decode(station.sealed_master))
    link = LinkKeys.derive(master, bytes.fromhex(kiosk.id), kiosk.generation)
    tls_key = certificates.new_key()
    certificate = certificates.client(
        authority.ca_key, authority.ca, kiosk.id, tls_key.public_key()
    )
    row_key = os.urandom(KEY)
    courier = bundle / COURIER
    files.write(courier / "link.key", link.up + link.down, files.PRIVATE)
    files.write(bundle / ROW_KEY, row_key, files.PRIVATE)
    files.write(bundle / CODE_KEY, os.urandom(CODE_KEY_BYTES), files.PRIVATE)
    files.write(courier / "tls.key", certificates.key_pem(tls_key), files.PRIVATE)
    files.write(courier / "tls.pem", certificates.pem(certificate))
    files.write(courier / "ca.pem", certificates.pem(authority.ca))
    files.write(bundle / "authority.pub", authority.root_public)
    files.write(bundle / UPDATES, certificates.pem(authority.ca))
    files.write(bundle / MANIFEST, base64.b64decode(station.manifest))
    Outbox.create(bundle / TOUCH_OUTBOX, row_key, TOUCH_ROWS)


def _kiosk_toml(station: ledger.Station, kiosk: ledger.Kiosk, hall: Hall) -> str:
    villages = "".join(f"{key} = {_text(name)}\n" for key, name in hall.villages.items())
    return f"""\
[kiosk]
id = "{kiosk.id}"
hall = {_text(hall.name)}
languages = {json.dumps(list(hall.languages))}
hmong_script = "{hall.hmong_script}"

[station]
name = {_text(station.name)}
phone = {_text(station.phone)}
form = {_text(station.form)}

[screen]
width = {hall.size[0]}
height = {hall.size[1]}
width_mm = {hall.width_mm}
fullscreen = {json.dumps(hall.fullscreen)}

[files]
outbox = "{TOUCH_OUTBOX}"
code_key = "{CODE_KEY}"
staff_pin = "{STAFF_PIN}"
clock = "{INBOX}/station.clock"
inbox = "{INBOX}/inbox.db"
courier_status = "{INBOX}/status.json"
assets = {_text(hall.assets)}
espeak = {_text(hall.espeak)}

[limits]
report_every_s = {hall.report_every_s}

{_wifi(hall)}[villages]
{villages}"""


def _wifi(hall: Hall) -> str:
    return f'[hotspot]\nfile = "{hall.hotspot.file}"\n\n' if hall.hotspot else ""


def _courier_toml(station: ledger.Station, kiosk: ledger.Kiosk, hall: Hall) -> str:
    outboxes = [TOUCH_OUTBOX, hotspot.OUTBOX] if hall.hotspot else [TOUCH_OUTBOX]
    return f"""\
topic_id = "{kiosk.id}"
brokers = {json.dumps(list(station.brokers))}
server_name = {_text(station.server_name)}
slot_s = {hall.slot_s}
outboxes = {json.dumps(outboxes)}
folder = "{COURIER}"
clock = "{INBOX}/station.clock"
inbox = "{INBOX}/inbox.db"
status = "{INBOX}/status.json"
tls_ca = "{COURIER}/ca.pem"
tls_cert = "{COURIER}/tls.pem"
tls_key = "{COURIER}/tls.key"
link_key = "{COURIER}/link.key"
row_key = "{ROW_KEY}"
"""


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)

"""Adding, replacing and revoking a kiosk: the folder that goes onto its card.

What everybody on the device may read lies at its top. A sub folder is for one user, or is shared by
one door and the courier: `images/overlay/etc/homthu/data.conf` says whose each is.
"""

import base64
import dataclasses
import os
from contextlib import ExitStack
from pathlib import Path

from cryptography import x509

from kiosk.common import files, passphrase, schema
from kiosk.common.errors import ProvisioningError
from kiosk.content import voice_pack
from kiosk.device import config
from kiosk.device.outbox import PHONE_ROWS, TOUCH_ROWS, Outbox
from kiosk.protocol.cells import KEY, LinkKeys
from kiosk.protocol.picture_code import CODE_KEY_BYTES
from kiosk.protocol.station_settings import parse_hours
from kiosk.settings import kiosk as of_kiosk
from kiosk.settings.access import parse_address
from kiosk.settings.courier import CourierSettings
from kiosk.settings.kiosk import KioskFile
from provisioning import certificates, firewall, hotspot, ledger, modem_profile
from provisioning.authority import Authority, random_id
from provisioning.hall import Hall, remembered
from provisioning.station_bundle import MANIFEST

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


def add(authority: Authority, station_name: str, hall: Hall, bundle: Path) -> ledger.Station:
    """Make a kiosk of a station and write its bundle, which must be a new or empty folder.

    Returns the station as it now stands, for the list of kiosks that its receiver reads. Raises
    ProvisioningError when the station is unknown, the hall has a kiosk already or the folder is in
    use, ConfigError when the hall is described wrongly, and VoicePackError when a voice pack is not
    signed or not whole; nothing is left then.
    """
    station = ledger.station(authority.folder, station_name)
    if any(kiosk.hall == hall.name for kiosk in station.kiosks):
        raise ProvisioningError(
            f"{hall.name} đã có kiosk / has a kiosk already",
            "kiosk thứ hai thì đặt tên khác; thẻ mới cho kiosk cũ thì dùng replace / give a "
            "second one another name; for a new card use replace",
        )
    return _issue(authority, station, random_id().hex(), 1, hall, bundle)


def replace(authority: Authority, named: str, hall: Hall, bundle: Path) -> ledger.Station:
    """Make new keys for a kiosk, revoked or not, and write its bundle; the old ones are revoked.

    `named` is its hall or the beginning of its id, `hall` that hall as it is now. Raises like
    `add`.
    """
    station, old = ledger.find(authority.folder, named)
    day = f"{authority.now:%Y-%m-%d}"
    station = station.without(old, day, replaced=True)
    return _issue(authority, station, old.id, old.generation + 1, hall, bundle)


def revoke(authority: Authority, named: str) -> ledger.Station:
    """Take a kiosk off its station's list and its certificate onto the broker's; may be repeated.

    Raises ProvisioningError when there is no such kiosk.
    """
    station, kiosk = ledger.find(authority.folder, named)
    if kiosk in station.kiosks:
        station = station.without(kiosk, f"{authority.now:%Y-%m-%d}", replaced=False)
        ledger.record(authority.folder, station)
    return station


def _issue(
    authority: Authority,
    station: ledger.Station,
    kiosk_id: str,
    generation: int,
    hall: Hall,
    bundle: Path,
) -> ledger.Station:
    if bundle.exists() and any(bundle.iterdir()):
        raise ProvisioningError(
            f"{bundle} không trống / is not empty", "chọn thư mục mới / name a new folder"
        )
    for pack in hall.voices:
        voice_pack.check_signature(pack, authority.root_public)
    with ExitStack() as finishing, files.drafted_folder(bundle) as draft:
        kiosk = ledger.Kiosk(kiosk_id, hall.name, generation, described=remembered(hall))
        certificate = _fill(authority, station, kiosk, hall, draft)
        grown = station.with_kiosk(
            dataclasses.replace(
                kiosk,
                serial=f"{certificate.serial_number:x}",
                ends=f"{certificate.not_valid_after_utc:%Y-%m-%d}",
            )
        )
        files.sync_tree(draft)
        finishing.enter_context(files.uninterrupted())
        ledger.record(authority.folder, grown)
    return grown


def _fill(
    authority: Authority, station: ledger.Station, kiosk: ledger.Kiosk, hall: Hall, bundle: Path
) -> x509.Certificate:
    for folder in ("touch", "screen", INBOX, COURIER):
        (bundle / folder).mkdir(mode=0o700)
    certificate = _write_keys(authority, station, kiosk, bundle)
    files.write(bundle / "kiosk.toml", schema.dump(_kiosk_file(station, kiosk, hall)))
    courier = schema.dump(_courier_settings(station, kiosk, hall))
    files.write(bundle / "courier.toml", courier, files.PRIVATE)
    files.write(bundle / firewall.FILE, firewall.rules(station.brokers))
    if hall.hotspot:
        hotspot.write(hall.hotspot, bundle)
        files.write(bundle / PHONE_CODE_KEY, os.urandom(CODE_KEY_BYTES), files.PRIVATE)
        Outbox.create(bundle / hotspot.OUTBOX, (bundle / ROW_KEY).read_bytes(), PHONE_ROWS)
    if hall.modem:
        modem_profile.write(hall.modem, bundle)
    if hall.staff_pin:
        locked = passphrase.lock(STAFF, hall.staff_pin)
        files.write(bundle / STAFF_PIN, locked, files.PRIVATE)
    for pack in hall.voices:
        voice_pack.install(pack, bundle / VOICES, authority.root_public)
    config.load(bundle / "kiosk.toml")
    return certificate


def _write_keys(
    authority: Authority, station: ledger.Station, kiosk: ledger.Kiosk, bundle: Path
) -> x509.Certificate:
    master = authority.sealing.open_link_master(base64.b64decode(station.sealed_master))
    link = LinkKeys.derive(master, bytes.fromhex(kiosk.id), kiosk.generation)
    tls_key = certificates.new_key()
    certificate = certificates.client(
        authority.ca_key, authority.ca, kiosk.id, tls_key.public_key(), authority.now
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
    return certificate


def _kiosk_file(station: ledger.Station, kiosk: ledger.Kiosk, hall: Hall) -> KioskFile:
    return KioskFile(
        kiosk=of_kiosk.Kiosk(
            id=bytes.fromhex(kiosk.id),
            hall=hall.name,
            languages=hall.languages,
            hmong_script=hall.hmong_script,
        ),
        station=of_kiosk.Station(station.name, station.phone, station.form),
        screen=of_kiosk.Screen(*hall.size, hall.width_mm, hall.fullscreen),
        files=of_kiosk.Files(
            outbox=Path(TOUCH_OUTBOX),
            code_key=Path(CODE_KEY),
            staff_pin=Path(STAFF_PIN),
            clock=Path(INBOX, "station.clock"),
            inbox=Path(INBOX, "inbox.db"),
            courier_status=Path(INBOX, "status.json"),
            assets=Path(hall.assets),
            espeak=Path(hall.espeak),
        ),
        limits=of_kiosk.Limits(hall.report_every_s),
        sound=of_kiosk.Sound(loud_hours=parse_hours(hall.loud_hours)),
        hotspot=of_kiosk.Hotspot(Path(hall.hotspot.file)) if hall.hotspot else of_kiosk.Hotspot(),
        villages=hall.villages,
    )


def _courier_settings(station: ledger.Station, kiosk: ledger.Kiosk, hall: Hall) -> CourierSettings:
    outboxes = [TOUCH_OUTBOX, hotspot.OUTBOX] if hall.hotspot else [TOUCH_OUTBOX]
    folder = Path(COURIER)
    made = CourierSettings(
        topic_id=kiosk.id,
        brokers=tuple(map(parse_address, station.brokers)),
        server_name=station.server_name,
        slot_s=hall.slot_s,
        budget_mb=hall.budget_mb,
        hours=parse_hours(hall.send_hours),
        outboxes=tuple(map(Path, outboxes)),
        folder=folder,
        clock=Path(INBOX, "station.clock"),
        inbox=Path(INBOX, "inbox.db"),
        status=Path(INBOX, "status.json"),
        tls_ca=folder / "ca.pem",
        tls_cert=folder / "tls.pem",
        tls_key=folder / "tls.key",
        link_key=folder / "link.key",
        row_key=Path(ROW_KEY),
    )
    modem = modem_profile.courier_keys(hall.modem) if hall.modem else {}
    return dataclasses.replace(made, **modem)

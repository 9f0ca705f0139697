"""Admitting a station: from the public request that it made to the bundle that it installs."""

import base64
import json
import re
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from kiosk.common import files
from kiosk.common.errors import ProvisioningError, SealError
from kiosk.protocol.sealing import StationPublicKey, read_manifest, sign_manifest
from provisioning import broker, certificates, ledger, station_bundle
from provisioning.authority import Authority

_ADDRESS = re.compile(r"(?:\[[0-9a-fA-F:.]+\]|[\w.-]+):\d{1,5}", re.ASCII)
_NAME = re.compile(r"\w[\w .,()/'-]{0,54}")
"""It becomes a line of the broker's rules and, behind `station-`, a common name of 64 letters."""

_OWN_KEYS = "link.master"


@dataclass(frozen=True)
class StationPlace:
    """Where a station is reached: its telephone, its brokers and the name they prove.

    `form` is the address of an online form of its own, for phones that have a signal.
    `broker_here` when the first broker runs on the station's own machine; else it runs on a
    rented server and the station is one client more. `broker_home` is where the broker's files
    will lie on its machine.
    """

    phone: str
    brokers: tuple[str, ...]
    listen: str
    form: str = ""
    broker_here: bool = True
    broker_home: str = broker.HOME

    @property
    def host(self) -> str:
        """The name or address in the broker's certificate."""
        return self.brokers[0].rpartition(":")[0].strip("[]")

    def __post_init__(self) -> None:
        for address in (*self.brokers, self.listen):
            if not _ADDRESS.fullmatch(address):
                raise ProvisioningError(
                    f"{address!r} không phải HOST:PORT / is not HOST:PORT",
                    "ghi như 10.0.0.5:8883 hay [::1]:8883 / write it like these",
                )


class _Request(NamedTuple):
    """What a station asks to be signed; stations made before notices have no key for them."""

    name: str
    report_key: StationPublicKey
    notice_key: bytes | None
    csr: bytes
    sealed_master: bytes


def admit(
    authority: Authority, request_file: Path, place: StationPlace, bundle: Path
) -> ledger.Station:
    """Sign the station's keys and certificate and write its bundle.

    May be repeated: kiosks already known stay known, the manifest's epoch rises when the keys are
    others, and an earlier bundle is replaced, except for what its station.toml was told by hand.
    Returns the station as it now stands. Raises ProvisioningError when the request is not one, or
    when it is another machine's than that of the kiosks in use.
    """
    request = _read_request(request_file)
    before = ledger.read(authority.folder).get(request.name)
    _check_master(authority, request, before)
    _check_replaceable(bundle)
    epoch, manifest = _manifest(authority, request, before)
    entry = replace(
        before or ledger.Station(request.name, "", (), "", 0, "", ""),
        phone=place.phone,
        form=place.form,
        brokers=place.brokers,
        server_name=place.host,
        listen=place.listen,
        broker_here=place.broker_here,
        epoch=epoch,
        manifest=base64.b64encode(manifest).decode(),
        sealed_master=base64.b64encode(request.sealed_master).decode(),
    )
    with ExitStack() as finishing, files.drafted_folder(bundle, replace=True) as draft:
        tls_key = certificates.requested(request.csr)
        by_hand = _told_by_hand(bundle)
        station_bundle.write(authority, entry, tls_key, by_hand, place.broker_home, draft)
        files.sync_tree(draft)
        finishing.enter_context(files.uninterrupted())
        ledger.record(authority.folder, entry)
    return entry


def rotate(authority: Authority, request_file: Path, bundle: Path) -> ledger.Station:
    """Sign a known station's new keys and renew its certificates, where it is and as it is.

    Raises ProvisioningError when the station is not known or its keys are the old ones.
    """
    request = _read_request(request_file)
    before = ledger.station(authority.folder, request.name)
    if _manifest(authority, request, before)[0] == before.epoch:
        raise ProvisioningError(
            "khóa trong yêu cầu vẫn là khóa cũ / the keys in the request are the old ones",
            "ở máy của đồn / at the station: homthu-station rekey",
        )
    return admit(authority, request_file, place_of(before), bundle)


def known(authority: Authority, request_file: Path) -> ledger.Station | None:
    """The station that made a request, if it was ever admitted."""
    return ledger.read(authority.folder).get(_read_request(request_file).name)


def place_of(station: ledger.Station) -> StationPlace:
    """Where a known station is reached."""
    return StationPlace(
        station.phone, station.brokers, station.listen, station.form, station.broker_here
    )


def _check_master(authority: Authority, request: _Request, before: ledger.Station | None) -> None:
    """A station with another link master could hear none of the kiosks that it has."""
    try:
        new = authority.sealing.open_link_master(request.sealed_master)
    except SealError:
        raise ProvisioningError(
            "tệp request.json làm cho nơi cấp phép khác / this request was made for another "
            "authority",
            "đưa đồn authority.json của nơi này / give the station our authority.json",
        ) from None
    if before is None or not before.kiosks:
        return
    if new != authority.sealing.open_link_master(base64.b64decode(before.sealed_master)):
        raise ProvisioningError(
            f"{request.name}: đồn này làm lại từ đầu, không nghe được {len(before.kiosks)} kiosk "
            "đã cấp / this station was made again and could not hear the kiosks that it has",
            "khôi phục đồn bằng homthu-station restore; không có bản sao lưu thì đặt tên đồn khác "
            "và làm thẻ mới / restore it; without a backup give it another name and new cards",
        )


def _manifest(
    authority: Authority, request: _Request, before: ledger.Station | None
) -> tuple[int, bytes]:
    """The epoch and the signed manifest; the same as before as long as the keys are the same."""
    if before:
        signed = base64.b64decode(before.manifest)
        known = read_manifest(signed, authority.root_public)
        if (known.keys, known.notice_key) == ((request.report_key,), request.notice_key):
            return before.epoch, signed
    epoch = before.epoch + 1 if before else 1
    keys = (request.report_key,)
    return epoch, sign_manifest(authority.root, epoch, request.name, keys, request.notice_key)


def _check_replaceable(bundle: Path) -> None:
    """Only an earlier bundle may be replaced, never the station's own folder."""
    if not bundle.exists() or not any(bundle.iterdir()):
        return
    if (bundle / _OWN_KEYS).exists() or not (bundle / station_bundle.MANIFEST).exists():
        raise ProvisioningError(
            f"{bundle} có thứ khác / holds something else",
            "chọn thư mục mới, rồi ở máy của đồn chạy install.sh trong đó / name a new folder, "
            "then run its install.sh at the station",
        )


def _told_by_hand(bundle: Path) -> str:
    try:
        return (bundle / station_bundle.SETTINGS).read_text("utf-8")
    except FileNotFoundError:
        return ""


def _read_request(path: Path) -> _Request:
    try:
        request: dict[str, Any] = json.loads(path.read_text("utf-8"))
        notice_key = request.get("notice_key")
        if not _NAME.fullmatch(request["name"]):
            raise ValueError
        return _Request(
            request["name"],
            StationPublicKey(base64.b64decode(request["report_key"])),
            None if notice_key is None else base64.b64decode(notice_key),
            str(request["csr"]).encode(),
            base64.b64decode(request["link_master"]),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, SealError):
        raise ProvisioningError(
            f"{path} không phải yêu cầu của đồn / is not a station's request",
            "làm ở máy của đồn / make it at the station: homthu-station init",
        ) from None

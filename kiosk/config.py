"""`kiosk.toml`: what provisioning decided about one kiosk. Paths are relative to the file."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kiosk import schema
from kiosk.catalog import LANGUAGES
from kiosk.schema import Field
from kiosk.view import Site

CURE = "mend the file, or write it anew with homthu-provision kiosk"

SECTIONS: Mapping[str, schema.Section | None] = {
    "kiosk": {
        "id": Field(str, check=schema.hexadecimal(16)),
        "hall": Field(str, ""),
        "languages": Field(list, ["vi", "hmn"], schema.one_of(*LANGUAGES)),
    },
    "station": {"name": Field(str, ""), "phone": Field(str, "")},
    "screen": {
        "width": Field(int, 800, schema.number(640, 4096)),
        "height": Field(int, 480, schema.number(400, 4096)),
        "width_mm": Field(float, 154.0, schema.number(90, 600)),
        "fullscreen": Field(bool, True),
    },
    "files": {
        "outbox": Field(str, "touch.db"),
        "row_key": Field(str, "row.key"),
        "manifest": Field(str, "manifest.cbor"),
        "authority": Field(str, "authority.pub"),
        "clock": Field(str, "station.clock"),
        "assets": Field(str, "/usr/share/homthu"),
        "staff_pin": Field(str, "staff.pin"),
        "courier_status": Field(str, "status.json"),
        "image": Field(str, "/etc/homthu-image"),
    },
    "limits": {"report_every_s": Field(float, 90.0, schema.number(0, 86_400))},
    "sound": {"private": Field(bool, False)},
    "staff": {"power_off": Field(str, "systemctl poweroff")},
    "phone": {"ssid": Field(str, ""), "key": Field(str, "")},
    "villages": None,
    "forms": None,
}


@dataclass(frozen=True)
class Config:
    """One kiosk as the touch app sees it.

    `width_mm` is the visible width of the panel, `image` the file that holds the system's hash,
    `power_off` the command of the staff screen's last tile.
    """

    kiosk_id: bytes
    site: Site
    languages: tuple[str, ...]
    size: tuple[int, int]
    width_mm: float
    fullscreen: bool
    outbox: Path
    row_key: Path
    manifest: Path
    authority: Path
    clock: Path
    assets: Path
    staff_pin: Path
    courier_status: Path
    image: Path
    power_off: str
    report_every_s: float
    private_sound: bool


def load(path: Path) -> Config:
    """Read `kiosk.toml`. Raises ConfigError with every mistake in it."""
    raw = schema.read(path, SECTIONS, CURE)
    files = {name: (path.parent / value) for name, value in raw["files"].items()}
    screen = raw["screen"]
    return Config(
        kiosk_id=bytes.fromhex(raw["kiosk"]["id"]),
        site=_site(raw),
        languages=tuple(raw["kiosk"]["languages"]),
        size=(screen["width"], screen["height"]),
        width_mm=screen["width_mm"],
        fullscreen=screen["fullscreen"],
        report_every_s=raw["limits"]["report_every_s"],
        private_sound=raw["sound"]["private"],
        power_off=raw["staff"]["power_off"],
        **files,
    )


def _site(raw: Mapping[str, Mapping[str, Any]]) -> Site:
    return Site(
        hall=raw["kiosk"]["hall"],
        station_name=raw["station"]["name"],
        station_phone=raw["station"]["phone"],
        villages=tuple(raw["villages"].items()),
        forms=tuple(raw["forms"].items()),
        phone_qr=_wifi_qr(**raw["phone"]) if raw["phone"]["ssid"] else None,
        phone_name=raw["phone"]["ssid"],
    )


def _wifi_qr(ssid: str, key: str) -> str:
    """The text phones understand as "join this Wi-Fi" (WPA3 specification, section 7.1)."""
    return f"WIFI:T:WPA;S:{_escaped(ssid)};P:{_escaped(key)};;"


def _escaped(text: str) -> str:
    return "".join(f"\\{letter}" if letter in '\\;,":' else letter for letter in text)

"""`kiosk.toml`: what provisioning decided about one kiosk. Paths are relative to the file."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kiosk.common import schema
from kiosk.common.schema import Field
from kiosk.content.catalog import HMONG_SCRIPTS, LANGUAGES, RPA
from kiosk.device.hotspot import Latest
from kiosk.device.site import Site
from kiosk.protocol.station_settings import parse_hours

CURE = "mend the file, or write it anew with homthu-provision kiosk"
ASSETS = "/usr/share/homthu"
PIN_DIGITS = 6
"""Length of the technician's code that opens the staff screens."""


def windows(texts: list[str]) -> str | None:
    """What is wrong with windows of the day, as a check of `kiosk.common.schema`."""
    try:
        parse_hours(texts)
    except (ValueError, AttributeError):
        return 'must be like ["6-7", "17-18"], from 0 to 24'
    return None


SECTIONS: Mapping[str, schema.Section | None] = {
    "kiosk": {
        "id": Field(str, check=schema.hexadecimal(16)),
        "hall": Field(str, ""),
        "languages": Field(list, ["vi", "hmn"], schema.one_of(*LANGUAGES)),
        "hmong_script": Field(str, RPA, schema.either(*HMONG_SCRIPTS)),
        "voice": Field(bool, False),
    },
    "station": {"name": Field(str, ""), "phone": Field(str, ""), "form": Field(str, "")},
    "screen": {
        "width": Field(int, 800, schema.number(640, 4096)),
        "height": Field(int, 480, schema.number(400, 4096)),
        "width_mm": Field(float, 154.0, schema.number(90, 600)),
        "fullscreen": Field(bool, True),
    },
    "files": {
        "outbox": Field(str, "touch.db"),
        "row_key": Field(str, "row.key"),
        "code_key": Field(str, "code.key"),
        "phone_code_key": Field(str, "phone-code.key"),
        "manifest": Field(str, "manifest.cbor"),
        "authority": Field(str, "authority.pub"),
        "clock": Field(str, "station.clock"),
        "inbox": Field(str, "inbox.db"),
        "assets": Field(str, ASSETS),
        "voices": Field(str, "voices"),
        "espeak": Field(str, "/usr/share/homthu/espeak"),
        "staff_pin": Field(str, "staff.pin"),
        "courier_status": Field(str, "status.json"),
        "image": Field(str, "/etc/homthu-image"),
        "stick": Field(str, "/run/homthu-stick/state"),
        "board": Field(str, "/sys/firmware/devicetree/base/serial-number"),
    },
    "limits": {"report_every_s": Field(float, 90.0, schema.number(0, 86_400))},
    "sound": {
        "private": Field(bool, False),
        "volume": Field(float, 0.5, schema.number(0.05, 1)),
        "speaker": Field(str, ""),
        "handset": Field(str, ""),
        "microphone": Field(str, ""),
        "switch": Field(str, ""),
        "loud_hours": Field(list, [], windows),
    },
    "hotspot": {"file": Field(str, "/run/homthu/hotspot.toml")},
    "staff": {"power_off": Field(str, "touch /run/homthu-touch/power-off")},
    "villages": None,
    "forms": None,
}


@dataclass(frozen=True)
class Sound:
    """How the kiosk is heard.

    `private` when it has no loudspeaker at all; `volume` from 0 to 1 of plain speech; `speaker`
    and `handset` are names of sound devices, or parts of them; `switch` is the input device
    (/dev/input/...) that tells when the handset is lifted or headphones are plugged in;
    `microphone` is named like the others. `loud_hours` are the windows of the day in which new
    notices are played to the hall.
    """

    private: bool
    volume: float
    speaker: str
    handset: str
    microphone: str
    switch: str
    loud_hours: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Config:
    """One kiosk as the touch app sees it.

    `width_mm` is the visible width of the panel, `image` the file that tells the system's version,
    `stick` the one that tells what is done with a technician's USB stick, `board` the one with the
    board's serial number, `power_off` the command of the staff screen's last tile, `voice` whether
    a voice may go with a report as long as the station has sent no settings.
    """

    kiosk_id: bytes
    site: Site
    languages: tuple[str, ...]
    hmong_script: str
    voice: bool
    size: tuple[int, int]
    width_mm: float
    fullscreen: bool
    outbox: Path
    row_key: Path
    code_key: Path
    phone_code_key: Path
    manifest: Path
    authority: Path
    clock: Path
    inbox: Path
    assets: Path
    voices: Path
    espeak: Path
    hotspot: Path
    staff_pin: Path
    courier_status: Path
    image: Path
    stick: Path
    board: Path
    power_off: str
    report_every_s: float
    sound: Sound


def load(path: Path) -> Config:
    """Read `kiosk.toml`. Raises ConfigError with every mistake in it."""
    raw = schema.read(path, SECTIONS, CURE)
    files = {name: (path.parent / value) for name, value in raw["files"].items()}
    screen = raw["screen"]
    return Config(
        kiosk_id=bytes.fromhex(raw["kiosk"]["id"]),
        site=_site(raw),
        languages=tuple(raw["kiosk"]["languages"]),
        hmong_script=raw["kiosk"]["hmong_script"],
        voice=raw["kiosk"]["voice"],
        size=(screen["width"], screen["height"]),
        width_mm=screen["width_mm"],
        fullscreen=screen["fullscreen"],
        report_every_s=raw["limits"]["report_every_s"],
        sound=Sound(**{**raw["sound"], "loud_hours": parse_hours(raw["sound"]["loud_hours"])}),
        hotspot=path.parent / raw["hotspot"]["file"],
        power_off=raw["staff"]["power_off"],
        **files,
    )


def live_site(config: Config) -> Callable[[], Site]:
    """The site as it is at each call: its Wi-Fi has a new key every day."""
    wifi = Latest(config.hotspot)
    return lambda: replace(config.site, hotspot=wifi.read())


def _site(raw: Mapping[str, Mapping[str, Any]]) -> Site:
    return Site(
        hall=raw["kiosk"]["hall"],
        station_name=raw["station"]["name"],
        station_phone=raw["station"]["phone"],
        station_form=raw["station"]["form"],
        villages=tuple(raw["villages"].items()),
        forms=tuple(raw["forms"].items()),
    )

"""One kiosk as its programs see it, read from `kiosk.toml`."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from kiosk.common import schema
from kiosk.device.hotspot import Latest
from kiosk.device.site import Site
from kiosk.settings.kiosk import KioskFile, Sound

CURE = "fix the file, or write it again with homthu-provision kiosk"
PIN_DIGITS = 6
"""Length of the technician's code that opens the staff screens."""


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
    file = schema.load(KioskFile, path, CURE)
    return Config(
        kiosk_id=file.kiosk.id,
        site=_site(file),
        languages=file.kiosk.languages,
        hmong_script=file.kiosk.hmong_script,
        voice=file.kiosk.voice,
        size=(file.screen.width, file.screen.height),
        width_mm=file.screen.width_mm,
        fullscreen=file.screen.fullscreen,
        report_every_s=file.limits.report_every_s,
        sound=file.sound,
        hotspot=file.hotspot.file,
        power_off=file.staff.power_off,
        **vars(file.files),
    )


def live_site(config: Config) -> Callable[[], Site]:
    """The site as it is at each call: its Wi-Fi has a new key every day."""
    wifi = Latest(config.hotspot)
    return lambda: replace(config.site, hotspot=wifi.read())


def _site(file: KioskFile) -> Site:
    return Site(
        hall=file.kiosk.hall,
        station_name=file.station.name,
        station_phone=file.station.phone,
        station_form=file.station.form,
        villages=tuple(file.villages.items()),
        forms=tuple(file.forms.items()),
    )

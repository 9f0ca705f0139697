"""One hotspot as its page's server sees it, read from `phone.toml`."""

from dataclasses import dataclass
from pathlib import Path

from kiosk.common import schema
from kiosk.device import config as configs
from kiosk.device.config import Config
from kiosk.settings.phone import PhoneFile

QUOTA_WINDOW_S = 600.0


@dataclass(frozen=True)
class Settings:
    """One hotspot.

    `url` is the page as phones reach it, `page` the folder of the built page, `wifi_keys` what
    hostapd reads and `hotspot` what the touch app shows as a code.
    """

    address: str
    port: int
    url: str
    ssid: str
    phrase: tuple[str, ...]
    kiosk: Config
    outbox: Path
    page: Path
    wifi_keys: Path
    hotspot: Path
    reports_in_10_min: int


def load(path: Path) -> Settings:
    """Read `phone.toml` and the kiosk.toml beside it. Raises ConfigError with every mistake."""
    file = schema.load(PhoneFile, path, configs.CURE)
    return Settings(
        **vars(file.listen),
        **vars(file.hotspot),
        **vars(file.limits),
        **(vars(file.files) | {"kiosk": configs.load(file.files.kiosk)}),
    )

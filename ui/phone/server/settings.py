"""`phone.toml`: what provisioning decided about the hotspot and the page behind it.

Paths are relative to the file. The kiosk itself (its station, villages and keys) is described
once, in the kiosk.toml that `files.kiosk` names.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kiosk.common import schema
from kiosk.common.schema import Field
from kiosk.device import config as configs
from kiosk.device.config import Config
from kiosk.device.hotspot import PHRASE, ssid_problem

QUOTA_WINDOW_S = 600.0


def _phrase(value: list[Any]) -> str | None:
    named = len(set(value)) == PHRASE and all(isinstance(tile, str) for tile in value)
    return None if named else f"must name {PHRASE} different pictures"


SECTIONS: Mapping[str, schema.Section | None] = {
    "listen": {
        "address": Field(str, "10.42.0.1"),
        "port": Field(int, 8080, schema.number(1, 65_535)),
        "url": Field(str, "http://10.42.0.1/"),
    },
    "hotspot": {"ssid": Field(str, check=ssid_problem), "phrase": Field(list, check=_phrase)},
    "files": {
        "kiosk": Field(str, "kiosk.toml"),
        "outbox": Field(str, "phone.db"),
        "page": Field(str, "/usr/share/homthu/phone"),
        "wifi_keys": Field(str, "/run/homthu/hotspot.psk"),
        "hotspot": Field(str, "/run/homthu/hotspot.toml"),
    },
    "limits": {"reports_in_10_min": Field(int, 3, schema.number(1, 10_000))},
}


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
    raw = schema.read(path, SECTIONS, configs.CURE)
    files = {name: path.parent / value for name, value in raw["files"].items()}
    hotspot = raw["hotspot"]
    return Settings(
        **raw["listen"],
        **raw["limits"],
        ssid=hotspot["ssid"],
        phrase=tuple(hotspot["phrase"]),
        **(files | {"kiosk": configs.load(files["kiosk"])}),
    )

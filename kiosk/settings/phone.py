"""`phone.toml`: what provisioning decided about the hotspot and the page behind it.

The kiosk itself (its station, villages and keys) is described once, in the kiosk.toml that
`files.kiosk` names.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from kiosk.common.checks import Check, between
from kiosk.settings.fields import PHRASE, Ssid


def _phrase_problem(phrase: tuple[str, ...], _: Path) -> str | None:
    named = len(phrase) == len(set(phrase)) == PHRASE
    return None if named else f"must name {PHRASE} different pictures"


@dataclass(frozen=True)
class Listen:
    """Where the page is served, and the `url` where phones find it."""

    address: str = "10.42.0.1"
    port: Annotated[int, between(1, 65_535)] = 8080
    url: str = "http://10.42.0.1/"


@dataclass(frozen=True)
class Network:
    """The Wi-Fi's name, and the three pictures that prove it."""

    ssid: Ssid
    phrase: Annotated[tuple[str, ...], Check(_phrase_problem)]


@dataclass(frozen=True)
class Files:
    """What the page's server reads and writes.

    `page` is the folder of the built page, `wifi_keys` what hostapd reads and `hotspot` what the
    touch app shows as a code.
    """

    kiosk: Path = Path("kiosk.toml")
    outbox: Path = Path("phone.db")
    page: Path = Path("/usr/share/homthu/phone")
    wifi_keys: Path = Path("/run/homthu/hotspot.psk")
    hotspot: Path = Path("/run/homthu/hotspot.toml")


@dataclass(frozen=True)
class Limits:
    """How many reports may come in ten minutes."""

    reports_in_10_min: Annotated[int, between(1, 10_000)] = 3


@dataclass(frozen=True)
class PhoneFile:
    """The file."""

    hotspot: Network
    listen: Listen = Listen()
    files: Files = Files()
    limits: Limits = Limits()

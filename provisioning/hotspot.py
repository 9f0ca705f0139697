"""The Wi-Fi of a hall: what hostapd, dnsmasq and nftables are told.

The network is an island: phones get an address, every name leads to the page, and nothing is
forwarded. The phrase of three pictures, drawn here once, is shown by the kiosk's screen, its label
and the page, so that a false access point is noticed.
"""

import secrets
import tomllib
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from string import Template

from kiosk.common import files, schema
from kiosk.common.errors import ProvisioningError
from kiosk.settings.fields import PHRASE, ssid_problem
from kiosk.settings.phone import Files, Limits, Listen, Network, PhoneFile

ADDRESS = "10.42.0.1"
PORT = 8080
FOLDER = "hotspot"
PHONE_TOML = "phone.toml"
OUTBOX = "phone/phone.db"

_NETWORK = "10.42.0.0/24"
_LEASES = "10.42.0.10", "10.42.0.99"
_CATCH_ALL = "192.0.2.1"
_RUN = "/run/homthu"
_random = secrets.SystemRandom()


@dataclass(frozen=True)
class Hotspot:
    """A kiosk's Wi-Fi. Raises ProvisioningError for a name that phones or hostapd cannot take.

    `listen` and `url` are where the page is served and where phones find it; `page` is the folder
    of the built page on the card.
    """

    ssid: str
    phrase: tuple[str, ...]
    interface: str = "wlan0"
    channel: int = 6
    listen: tuple[str, int] = (ADDRESS, PORT)
    url: str = f"http://{ADDRESS}/"
    page: str = "/usr/share/homthu/phone"
    run: str = _RUN
    reports_in_10_min: int = 3

    @property
    def file(self) -> str:
        """Where the Wi-Fi of the day is told to the touch app."""
        return f"{self.run}/hotspot.toml"

    def __post_init__(self) -> None:
        problem = ssid_problem(self.ssid)
        if problem:
            raise ProvisioningError(f"the name of the Wi-Fi {self.ssid!r} {problem}")


def draw_phrase() -> tuple[str, ...]:
    """Three different pictures, in an order that counts."""
    raw = resources.files("provisioning").joinpath("hotspot.toml").read_text("utf-8")
    return tuple(_random.sample(tomllib.loads(raw)["pictures"], PHRASE))


def write(hotspot: Hotspot, bundle: Path) -> None:
    """Put `phone.toml`, the folder of the phones' outbox and the folder `hotspot` into a bundle."""
    folder = bundle / FOLDER
    for made in (folder, (bundle / OUTBOX).parent):
        made.mkdir(mode=0o700)
    for name, text in system_files(hotspot).items():
        files.write(folder / name, text)
    files.write(bundle / PHONE_TOML, schema.dump(phone_file(hotspot)))


def system_files(hotspot: Hotspot) -> dict[str, str]:
    """What the kiosk's system reads in the folder `hotspot`: name -> text."""
    values = {
        "interface": hotspot.interface,
        "ssid": hotspot.ssid,
        "channel": hotspot.channel,
        "address": ADDRESS,
        "network": _NETWORK,
        "port": hotspot.listen[1],
        "first": _LEASES[0],
        "last": _LEASES[1],
        "catch_all": _CATCH_ALL,
        "run": hotspot.run,
    }
    templates = resources.files("provisioning").joinpath("templates", "hotspot")
    return {
        template.name: Template(template.read_text("utf-8")).substitute(values)
        for template in templates.iterdir()
    }


def phone_file(hotspot: Hotspot) -> PhoneFile:
    """What `homthu-phone` reads."""
    return PhoneFile(
        hotspot=Network(hotspot.ssid, hotspot.phrase),
        listen=Listen(*hotspot.listen, hotspot.url),
        files=Files(
            outbox=Path(OUTBOX),
            page=Path(hotspot.page),
            wifi_keys=Path(hotspot.run, "hotspot.psk"),
            hotspot=Path(hotspot.file),
        ),
        limits=Limits(hotspot.reports_in_10_min),
    )

"""The kiosk that a paper is made for, as its bundle describes it."""

from dataclasses import dataclass
from pathlib import Path

from kiosk.common import schema
from kiosk.common.errors import ProvisioningError
from kiosk.content import catalog
from kiosk.device import config
from kiosk.views.screens import emergency_numbers
from provisioning.hotspot import PHONE_TOML
from provisioning.paper.texts import Texts

SERIAL = 8
CURE = "name a folder made by homthu-provision kiosk add"


@dataclass(frozen=True)
class KioskDetails:
    """Names, codes and words for one kiosk.

    `numbers` are those to call in danger, as (whose, number), the nearest first; `form` is the
    address of the station's online form, or empty; `serial` is the beginning of the kiosk's id.
    """

    hall: str
    station: str
    numbers: tuple[tuple[str, str], ...]
    form: str
    ssid: str
    phrase: tuple[str, ...]
    url: str
    serial: str
    texts: Texts


def read(bundle: Path) -> KioskDetails:
    """The place that a kiosk's bundle describes.

    Raises ProvisioningError when the kiosk has no hotspot, whose codes the papers show.
    """
    kiosk = config.load(bundle / "kiosk.toml")
    if not (bundle / PHONE_TOML).exists():
        raise ProvisioningError(f"{bundle} has no hotspot", "make the kiosk with an ssid")
    phone = schema.parse(bundle / PHONE_TOML, CURE)
    words = catalog.load()
    site, ssid = kiosk.site, phone["hotspot"]["ssid"]
    return KioskDetails(
        hall=site.hall,
        station=site.station_name,
        numbers=tuple(
            (words.words(whose, "vi").show, number) for whose, number in emergency_numbers(site)
        ),
        form=site.station_form,
        ssid=ssid,
        phrase=tuple(phone["hotspot"]["phrase"]),
        url=phone["listen"]["url"],
        serial=kiosk.kiosk_id.hex()[:SERIAL],
        texts=Texts({"hall": site.hall, "station": site.station_name, "ssid": ssid}),
    )

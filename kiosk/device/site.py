"""The place where a kiosk hangs, as provisioning described it."""

from dataclasses import dataclass

from kiosk.device.hotspot import Hotspot


@dataclass(frozen=True)
class Site:
    """The hall, its station, its villages and its Wi-Fi.

    `station_form` is the address of the station's own online form, where it keeps one.
    `villages` maps a village id to its name, `forms` a procedure to the address of its form;
    `hotspot` is the Wi-Fi of the day, None where there is none.
    """

    hall: str = ""
    station_name: str = ""
    station_phone: str = ""
    station_form: str = ""
    villages: tuple[tuple[str, str], ...] = ()
    forms: tuple[tuple[str, str], ...] = ()
    hotspot: Hotspot | None = None

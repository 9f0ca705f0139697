"""Fields that stand in several settings files."""

from collections.abc import Iterable
from typing import Annotated, TypeAlias

from kiosk.common.checks import FILLED, Check, Parsed, matching
from kiosk.protocol.station_settings import Window, parse_hours

APN_PATTERN = r"[A-Za-z0-9.-]{1,100}"
"""The name of an access point (3GPP TS 23.003, section 9.1)."""

SSID_BYTES = 32
"""IEEE 802.11, section 9.4.2.2."""

PHRASE = 3
"""How many pictures prove a hotspot."""

Text: TypeAlias = Annotated[str, FILLED]
KioskId: TypeAlias = Annotated[str, matching(r"[0-9a-f]{32}", "32 hexadecimal digits")]
"""A kiosk's random id, which is its topic too."""


def dump_hours(windows: Iterable[Window]) -> list[str]:
    """Windows of the day as they are written in a file, the reverse of `parse_hours`."""
    return [f"{start}-{end}" for start, end in windows]


Hours: TypeAlias = Annotated[
    tuple[Window, ...],
    Parsed(tuple[str, ...], parse_hours, dump_hours, 'must be like ["6-7", "17-18"], from 0 to 24'),
]
"""Windows of the day, such as those in which notices are played to the hall."""


def ssid_problem(ssid: str) -> str | None:
    """What is wrong with the name of a Wi-Fi, or None."""
    fits = 0 < len(ssid.encode()) <= SSID_BYTES and ssid.isprintable() and ssid == ssid.strip()
    return None if fits else f"must have 1 to {SSID_BYTES} bytes and no space at either end"


Ssid: TypeAlias = Annotated[str, Check(lambda ssid, _: ssid_problem(ssid))]

"""What the page is told about this kiosk: `GET /site.json`."""

import base64
from typing import Any

from kiosk.common.errors import SealError
from kiosk.device import station_clock
from kiosk.device.config import Config
from kiosk.device.inbox import station_manifest
from kiosk.protocol.sealing import StationPublicKey
from kiosk.views.screens import emergency_numbers


def describe(
    config: Config, phrase: tuple[str, ...], room: tuple[bool, bool], wishes: StationPublicKey
) -> dict[str, Any]:
    """Everything that is not in the built page.

    `room` says whether an ordinary and whether an urgent report can be kept. Without a valid
    station key both are closed: nothing is ever sealed to an unknown key. `wishes` is the key to
    which the page seals what it wishes of this server.
    """
    try:
        key = station_manifest(config.authority, config.manifest, config.inbox).keys[0]
    except SealError:
        key, room = None, (False, False)
    codes = config.phone_code_key.exists()
    now = station_clock.now(config.clock)
    site = config.site
    return {
        "station_key": base64.b64encode(key.raw).decode() if key else None,
        "key_id": key.key_id.hex() if key else None,
        "wish_key": base64.b64encode(wishes.raw).decode() if codes else None,
        "wish_key_id": wishes.key_id.hex() if codes else None,
        "day": f"{now:%Y-%m-%d}" if now else None,
        "half": station_clock.half_day(now) if now else None,
        "phrase": list(phrase),
        "hall": site.hall,
        "villages": [{"id": name, "name": shown} for name, shown in site.villages],
        "station_name": site.station_name,
        "phones": [{"whose": whose, "number": n} for whose, n in emergency_numbers(site)],
        "open": room[0],
        "urgent_open": room[1],
    }

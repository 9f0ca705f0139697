"""The Wi-Fi key of the day: drawn again, told to hostapd and to the touch app, kept in memory.

Both files lie under /run and are gone when the power goes. hostapd's is as in hostapd.wpa_psk:
"00:00:00:00:00:00" means every phone.
"""

import secrets

from kiosk.common import files
from kiosk.common.errors import ConfigError
from kiosk.device import hotspot
from kiosk.device.hotspot import Hotspot
from ui.phone.server.settings import Settings

KEY_LENGTH = 12
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that look alike, since a key may have to be typed."""


def rotate(settings: Settings) -> None:
    """Give the hotspot a new key. Raises ConfigError when the files cannot be written."""
    key = "".join(secrets.choice(LETTERS) for _ in range(KEY_LENGTH))
    folder = settings.wifi_keys.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        files.write(settings.wifi_keys, f"00:00:00:00:00:00 {key}\n", files.PRIVATE)
        hotspot.write(settings.hotspot, Hotspot(settings.ssid, key, settings.url, settings.phrase))
    except OSError as error:
        raise ConfigError(
            "phone.toml",
            [f"{folder} cannot be written ({error.strerror})"],
            "chạy bằng quyền root / run as root",
        ) from None

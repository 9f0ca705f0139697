"""What time it is by the station, whose word comes in every down cell.

The kiosk's own clock may stand at 1970 or 2099, or jump when the network tells it to. The courier
therefore keeps how far the station's time is from this boot's monotonic clock; after a reboot
nothing is known until the station is heard again.
"""

import json
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from kiosk.common import files

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def hear(path: Path, station_time: int, monotonic: Callable[[], float] = time.monotonic) -> None:
    """Remember the station's Unix time in seconds; always the same work and size."""
    offset = f"{station_time - monotonic():020.3f}"
    files.write(path, json.dumps({"boot": _boot_id(), "offset_s": offset}))


def now(path: Path, monotonic: Callable[[], float] = time.monotonic) -> datetime | None:
    """The local time by the station; None when it was not heard since this boot."""
    try:
        heard = json.loads(path.read_text("utf-8"))
        if heard["boot"] != _boot_id():
            return None
        return datetime.fromtimestamp(float(heard["offset_s"]) + monotonic())
    except (OSError, ValueError, KeyError, TypeError, OverflowError):
        return None


def half_day(moment: datetime) -> str:
    """Which half of the day it is, as a report says it."""
    return "am" if moment.hour < 12 else "pm"


def _boot_id() -> str:
    return _BOOT_ID.read_text("ascii").strip()

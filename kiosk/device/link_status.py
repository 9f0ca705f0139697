"""How the courier says it is: `status.json`, read for the staff screen."""

import json
import time
from dataclasses import dataclass
from pathlib import Path

from kiosk.content import status_codes

STALE_SLOTS = 2
GROUPS = {"modem": "link", "sim": "sim", "network": "registration", "data": "data"}


@dataclass(frozen=True)
class LinkStatus:
    """The names of all states in `states.toml` that hold, the worst first.

    `operator` and `bars` (0 to 5, None when not known) are the modem's.
    """

    names: tuple[str, ...] = ()
    operator: str = ""
    bars: int | None = None


def read(path: Path) -> LinkStatus | None:
    """The courier's last word; None when it is too old, damaged or missing."""
    try:
        age_s = time.time() - path.stat().st_mtime
        raw = json.loads(path.read_text("utf-8"))
        if age_s > STALE_SLOTS * raw["slot_s"]:
            return None
        modem = raw["modem"] or {}
        names = [f"broker_{raw['trouble']}".replace(" ", "_"), *raw["states"], *_of_modem(modem)]
    except (OSError, ValueError, TypeError, LookupError, AttributeError):
        return None
    known = [name for name in dict.fromkeys(names) if name in status_codes.load()]
    bars = modem.get("bars")
    return LinkStatus(
        tuple(sorted(known, key=_severity)),
        str(modem.get("operator", "")),
        bars if isinstance(bars, int) else None,
    )


def _of_modem(modem: dict[str, object]) -> list[str]:
    if modem.get("link") == "absent":
        return []
    return [
        f"{group}_{modem[key]}".replace(" ", "_") for group, key in GROUPS.items() if key in modem
    ]


def _severity(name: str) -> int:
    return -status_codes.LEVELS.index(status_codes.load()[name].level)

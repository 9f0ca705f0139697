"""The hall in which a kiosk hangs, as provisioning is told of it and as the ledger remembers it."""

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from kiosk.content.catalog import RPA
from provisioning.hotspot import Hotspot
from provisioning.modem_profile import ModemPlan

_NOT_REMEMBERED = ("staff_pin", "voices")


@dataclass(frozen=True)
class Hall:
    """Where a kiosk hangs and how it behaves there; times in seconds, sizes in pixels and mm.

    `loud_hours` are windows such as "6-7" in which notices are played to the hall, `send_hours`
    those in which cells leave, `budget_mb` the megabytes of a month, 0 for no limit. `staff_pin`
    opens the staff screen, which a kiosk without one does not have. `voices` are signed voice
    packs.
    """

    name: str
    languages: tuple[str, ...] = ("vi", "hmn")
    hmong_script: str = RPA
    size: tuple[int, int] = (800, 480)
    width_mm: float = 154.0
    fullscreen: bool = True
    slot_s: float = 300.0
    report_every_s: float = 90.0
    hotspot: Hotspot | None = None
    staff_pin: str = field(default="", repr=False)
    assets: str = "/usr/share/homthu"
    espeak: str = "/usr/share/homthu/espeak"
    villages: dict[str, str] = field(default_factory=dict)
    voices: tuple[Path, ...] = ()
    village: str = ""
    loud_hours: tuple[str, ...] = ()
    send_hours: tuple[str, ...] = ()
    budget_mb: int = 0
    modem: ModemPlan | None = None


def remembered(hall: Hall) -> dict[str, Any]:
    """What the ledger keeps of a hall, as JSON takes it: no code, no paths of this machine."""
    return {key: value for key, value in asdict(hall).items() if key not in _NOT_REMEMBERED}


def recalled(known: dict[str, Any], staff_pin: str, voices: tuple[Path, ...]) -> Hall:
    """The hall that was remembered, with a code and voices given again."""
    values = {key: _as_given(value) for key, value in known.items()}
    if known["hotspot"]:
        values["hotspot"] = Hotspot(**{k: _as_given(v) for k, v in known["hotspot"].items()})
    if known["modem"]:
        values["modem"] = ModemPlan(**{k: _as_given(v) for k, v in known["modem"].items()})
    return Hall(**values, staff_pin=staff_pin, voices=voices)


def _as_given(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value

"""What an authority has issued: its stations and their kiosks, in `fleet.json`."""

import json
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from kiosk import files
from kiosk.errors import ProvisioningError

FLEET = "fleet.json"


@dataclass(frozen=True)
class Kiosk:
    """One kiosk: its random id in hexadecimal and the generation of its link keys."""

    id: str
    hall: str
    generation: int = 1


@dataclass(frozen=True)
class Station:
    """One station: the manifest that its kiosks trust, and its link master as it was sealed.

    Binary fields are base64. `brokers` are "host:port" in the order in which they are tried.
    """

    name: str
    phone: str
    brokers: tuple[str, ...]
    server_name: str
    epoch: int
    manifest: str
    sealed_master: str
    form: str = ""
    kiosks: tuple[Kiosk, ...] = field(default=())


def read(folder: Path) -> dict[str, Station]:
    """The stations by name; none when the authority is new."""
    try:
        raw = json.loads((folder / FLEET).read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError:
        raise ProvisioningError(f"{FLEET} is damaged", "restore it from the backup") from None
    return {name: _station(entry) for name, entry in raw.items()}


def record(folder: Path, station: Station) -> None:
    """Add a station or replace what is known of it."""
    known = {**read(folder), station.name: station}
    text = json.dumps({n: asdict(s) for n, s in known.items()}, ensure_ascii=False, indent=2)
    files.write(folder / FLEET, text + "\n", files.PRIVATE)


def with_kiosk(station: Station, kiosk: Kiosk) -> Station:
    """The station with one more kiosk."""
    return replace(station, kiosks=(*station.kiosks, kiosk))


def station(folder: Path, name: str) -> Station:
    """One station. Raises ProvisioningError naming the known ones when there is no such."""
    known = read(folder)
    if name not in known:
        listed = ", ".join(known) or "none yet"
        raise ProvisioningError(f"there is no station {name!r}", f"known stations: {listed}")
    return known[name]


def _station(entry: dict[str, object]) -> Station:
    kiosks = entry.pop("kiosks")
    brokers = entry.pop("brokers")
    assert isinstance(kiosks, list)
    assert isinstance(brokers, list)
    return Station(
        **entry,  # type: ignore[arg-type]
        brokers=tuple(brokers),
        kiosks=tuple(Kiosk(**kiosk) for kiosk in kiosks),
    )

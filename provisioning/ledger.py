"""What an authority has issued: its stations and their kiosks, in `fleet.json`."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from kiosk.common import files
from kiosk.common.errors import ProvisioningError

FLEET = "fleet.json"


@dataclass(frozen=True)
class Kiosk:
    """One kiosk: its random id in hexadecimal and the generation of its keys.

    `serial` is its certificate's number in hexadecimal and `ends` that one's last day (ISO 8601).
    `described` is its hall as `provisioning.hall` remembers it, so that it can be replaced.
    """

    id: str
    hall: str
    generation: int = 1
    serial: str = ""
    ends: str = ""
    described: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Revoked:
    """A kiosk that no broker may let in any more, and the day on which that was so decided.

    `replaced` when a new card has taken its place.
    """

    kiosk: Kiosk
    day: str
    replaced: bool = False


@dataclass(frozen=True)
class Station:
    """One station: the manifest that its kiosks trust, and its link master as it was sealed.

    Binary fields are base64. `brokers` are "host:port" in the order in which they are tried;
    `broker_here` when the first of them runs on the station's own machine, at `listen`.
    """

    name: str
    phone: str
    brokers: tuple[str, ...]
    server_name: str
    epoch: int
    manifest: str
    sealed_master: str
    form: str = ""
    listen: str = "0.0.0.0:8883"
    broker_here: bool = True
    kiosks: tuple[Kiosk, ...] = ()
    revoked: tuple[Revoked, ...] = ()

    @property
    def user(self) -> str:
        """The name by which its certificate is known to the broker's access rules."""
        return f"station-{self.name}"

    def with_kiosk(self, kiosk: Kiosk) -> "Station":
        """The station with this kiosk, in the place of the one that had its id."""
        others = (other for other in self.kiosks if other.id != kiosk.id)
        return replace(self, kiosks=(*others, kiosk))

    def without(self, kiosk: Kiosk, day: str, *, replaced: bool) -> "Station":
        """The station after a kiosk was revoked; a revoked one may still come to be replaced."""
        kept = tuple(other for other in self.kiosks if other.id != kiosk.id)
        before = tuple(other for other in self.revoked if other.kiosk.serial != kiosk.serial)
        return replace(self, kiosks=kept, revoked=(*before, Revoked(kiosk, day, replaced)))


def read(folder: Path) -> dict[str, Station]:
    """The stations by name; none when the authority is new."""
    try:
        raw = json.loads((folder / FLEET).read_text("utf-8"))
        return {name: _station(entry) for name, entry in raw.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        raise ProvisioningError(
            f"{FLEET} hỏng hoặc không đọc được / is damaged or cannot be read",
            "khôi phục từ bản sao lưu / restore it from the backup",
        ) from None


def record(folder: Path, station: Station) -> None:
    """Add a station or replace what is known of it."""
    known = {**read(folder), station.name: station}
    text = json.dumps({n: asdict(s) for n, s in known.items()}, ensure_ascii=False, indent=2)
    files.write(folder / FLEET, text + "\n", files.PRIVATE)


def station(folder: Path, name: str) -> Station:
    """One station. Raises ProvisioningError naming the known ones when there is no such."""
    known = read(folder)
    if name not in known:
        listed = ", ".join(known) or "chưa có / none yet"
        raise ProvisioningError(
            f"không có đồn / there is no station {name!r}", f"các đồn / known stations: {listed}"
        )
    return known[name]


def find(folder: Path, named: str) -> tuple[Station, Kiosk]:
    """The kiosk, revoked or not, of this hall or whose id begins so.

    Raises ProvisioningError when there is none, or more than one.
    """
    found = {
        (known.name, kiosk.id): (known, kiosk)
        for known in read(folder).values()
        for kiosk in (*(gone.kiosk for gone in known.revoked), *known.kiosks)
        if kiosk.hall == named or kiosk.id.startswith(named.lower())
    }
    if len(found) == 1:
        return next(iter(found.values()))
    what = "nhiều kiosk / several kiosks" if found else "không có kiosk / no kiosk"
    listed = "; ".join(f"{kiosk.hall} {kiosk.id[:8]}" for _, kiosk in _all(folder))
    raise ProvisioningError(f"{what}: {named!r}", f"các kiosk / known ones: {listed}")


def serials(folder: Path) -> Iterable[int]:
    """The numbers of all revoked certificates."""
    for known in read(folder).values():
        yield from (int(gone.kiosk.serial, 16) for gone in known.revoked)


def _all(folder: Path) -> Iterator[tuple[Station, Kiosk]]:
    for known in read(folder).values():
        yield from ((known, kiosk) for kiosk in known.kiosks)


def _station(entry: dict[str, Any]) -> Station:
    return Station(
        **entry
        | {
            "brokers": tuple(entry["brokers"]),
            "kiosks": tuple(Kiosk(**kiosk) for kiosk in entry["kiosks"]),
            "revoked": tuple(
                Revoked(**gone | {"kiosk": Kiosk(**gone["kiosk"])}) for gone in entry["revoked"]
            ),
        }
    )

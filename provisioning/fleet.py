"""The fleet as the authority knows it, with what the station has heard of each kiosk."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from kiosk.common.errors import ProvisioningError
from provisioning import ledger

ACTIVE, REVOKED, REPLACED = "active", "revoked", "replaced"


@dataclass(frozen=True)
class Row:
    """One kiosk of one generation; None where the station has told nothing.

    `version` is that of its image and its programs, `epoch` that of the station's keys it holds,
    out of `newest_epoch`; `last_seen` is the hour of its last cell (ISO 8601, UTC).
    """

    station: str
    kiosk: str
    hall: str
    village: str
    generation: int
    state: str
    ends: str
    newest_epoch: int
    version: str | None = None
    epoch: int | None = None
    last_seen: str | None = None


def rows(folder: Path, health: Mapping[str, Mapping[str, Any]]) -> Iterator[Row]:
    """All kiosks of all stations, those in use first; `health` is what `read_health` gives."""
    for station in ledger.read(folder).values():
        for kiosk in station.kiosks:
            told = health.get(kiosk.id, {})
            yield _row(
                station,
                kiosk,
                ACTIVE,
                told.get("software"),
                told.get("epoch"),
                told.get("last_hour"),
            )
        for gone in station.revoked:
            yield _row(station, gone.kiosk, REPLACED if gone.replaced else REVOKED)


def read_health(path: Path) -> dict[str, Mapping[str, Any]]:
    """By kiosk what `homthu-station health --json` said of it.

    Raises ProvisioningError when the file is something else.
    """
    try:
        told = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line]
        return {entry["kiosk"]: entry for entry in told}
    except (ValueError, LookupError, TypeError):
        raise ProvisioningError(
            f"{path} không phải sức khỏe kiosk / does not tell how the kiosks are",
            "ở máy của đồn / at the station: homthu-station health --json > FILE",
        ) from None


def ending(station: ledger.Station, before: datetime) -> Iterator[ledger.Kiosk]:
    """The kiosks whose certificates end before a moment."""
    return (kiosk for kiosk in station.kiosks if kiosk.ends < f"{before:%Y-%m-%d}")


def _row(
    station: ledger.Station,
    kiosk: ledger.Kiosk,
    state: str,
    version: str | None = None,
    epoch: int | None = None,
    last_seen: str | None = None,
) -> Row:
    return Row(
        station.name,
        kiosk.id,
        kiosk.hall,
        kiosk.described.get("village", ""),
        kiosk.generation,
        state,
        kiosk.ends,
        station.epoch,
        version,
        epoch,
        last_seen,
    )

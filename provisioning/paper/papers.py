"""All papers of one kiosk: poster in two sizes, leaflet and tamper label."""

from collections.abc import Callable, Iterable
from pathlib import Path

from provisioning.paper import kiosk_details, label, leaflet, poster
from provisioning.paper.kiosk_details import KioskDetails
from provisioning.paper.sheet import Sheet

A3_SCALE = 2**0.5
LABEL = "label"

Draw = Callable[[Sheet, KioskDetails], None]
PAPERS: dict[str, tuple[tuple[float, float], float, Draw]] = {
    "poster-a4": (poster.SIZE, 1.0, poster.draw),
    "poster-a3": (poster.SIZE, A3_SCALE, poster.draw),
    "leaflet-a4": (leaflet.SIZE, 1.0, leaflet.draw),
    LABEL: (label.SIZE, 1.0, label.draw),
}


def write(
    bundle: Path, out: Path, assets: Path, names: Iterable[str] = tuple(PAPERS)
) -> list[Path]:
    """Draw the papers of those names for the kiosk of `bundle` into `out`; returns the files.

    `assets` holds the built pictures. Raises ProvisioningError when the kiosk has no hotspot or
    a text does not fit.
    """
    described = kiosk_details.read(bundle)
    out.mkdir(parents=True, exist_ok=True)
    written = []
    for name in names:
        size, scale, draw = PAPERS[name]
        path = out / f"{name}.pdf"
        sheet = Sheet(path, size, assets, scale)
        draw(sheet, described)
        sheet.save()
        written.append(path)
    return written

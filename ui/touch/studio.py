"""What every widget draws from: the panel's measures, pictures, letters and words."""

from dataclasses import dataclass

from kiosk.catalog import Catalog
from ui.touch.geometry import Panel
from ui.touch.lettering import Lettering
from ui.touch.pictures import Pictures


@dataclass(frozen=True)
class Studio:
    """Handed to every widget when it is made."""

    panel: Panel
    pictures: Pictures
    lettering: Lettering
    catalog: Catalog
    languages: tuple[str, ...]

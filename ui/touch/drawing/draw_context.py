"""What every widget draws from: the panel's measures, pictures, letters and words."""

from dataclasses import dataclass

from kiosk.content.catalog import Catalog
from ui.touch.drawing.text import Lettering
from ui.touch.drawing.textures import Pictures
from ui.touch.layout.geometry import Panel


@dataclass(frozen=True)
class Studio:
    """Handed to every widget when it is made."""

    panel: Panel
    pictures: Pictures
    lettering: Lettering
    catalog: Catalog
    languages: tuple[str, ...]

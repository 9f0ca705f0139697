"""What every widget draws from: the panel's measures, pictures, letters and words."""

from dataclasses import dataclass

from kiosk.content.catalog import Catalog
from ui.touch.drawing.text import TextTextures
from ui.touch.drawing.textures import PictureTextures
from ui.touch.layout.geometry import Panel


@dataclass(frozen=True)
class DrawContext:
    """Handed to every widget when it is made."""

    panel: Panel
    pictures: PictureTextures
    lettering: TextTextures
    catalog: Catalog
    languages: tuple[str, ...]

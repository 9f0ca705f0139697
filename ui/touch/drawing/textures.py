"""Tiles as textures: loaded when first shown, in the smallest width that is large enough."""

from collections import OrderedDict
from collections.abc import Iterable
from pathlib import Path

from kivy.core.image import Image
from kivy.graphics.texture import Texture

from kiosk.content.assets import tile_widths

KEPT = 24
ENLARGED_AT_MOST = 1.25


class PictureTextures:
    """A small cache of textures; the least recently shown goes first."""

    def __init__(self, assets: Path) -> None:
        self._folder = assets / "tiles"
        self._widths = tile_widths(assets)
        self._kept: OrderedDict[tuple[str, int], Texture] = OrderedDict()

    def texture(self, name: str, width: int) -> Texture | None:
        """The picture for a place `width` pixels wide; None when it was never built."""
        path = self._best(name, width)
        if path is None:
            return None
        key = (name, int(path.parent.name))
        if key not in self._kept:
            texture = Image.load(str(path), nocache=True).texture
            texture.mag_filter = texture.min_filter = "linear"
            self._kept[key] = texture
        self._kept.move_to_end(key)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return self._kept[key]

    def preload(self, wanted: Iterable[tuple[str, int]]) -> None:
        """Load pictures that are likely to be shown next."""
        for name, width in wanted:
            self.texture(name, width)

    def _best(self, name: str, width: int) -> Path | None:
        """The smallest rendering that need not be enlarged much, else the largest there is."""
        built = [self._folder / str(w) / f"{name}.png" for w in self._widths]
        built = [path for path in built if path.is_file()]
        for path in built:
            if int(path.parent.name) * ENLARGED_AT_MOST >= width:
                return path
        return built[-1] if built else None

"""Words as textures that always fit: smaller letters first, then more lines, never a cut."""

from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

from kivy.core.text import Label
from kivy.graphics.texture import Texture

from ui.palette import INK, Colour

NOTO = Path("/usr/share/fonts/truetype/noto")
FALLBACK = "Roboto"
KEPT = 96
STEP = 0.92


@dataclass(frozen=True, slots=True)
class Style:
    """How words look: `largest` and `smallest` letter height in pixels."""

    largest: int
    smallest: int = 11
    bold: bool = False
    colour: Colour = INK
    centred: bool = True
    lines: int = 2


class TextTextures:
    """Renders and keeps words."""

    def __init__(self, fonts: Path = NOTO) -> None:
        self._fonts = fonts
        self._kept: OrderedDict[tuple[str, int, int, Style], Texture] = OrderedDict()

    def fit(self, text: str, width: int, height: int, style: Style) -> Texture:
        """The words as a texture not larger than `width` x `height`."""
        key = (text, width, height, style)
        if key not in self._kept:
            self._kept[key] = self._render(*key)
        self._kept.move_to_end(key)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return self._kept[key]

    def forget(self) -> None:
        """Drop all words, so that nothing of a visit stays."""
        self._kept.clear()

    def _render(self, text: str, width: int, height: int, style: Style) -> Texture:
        size = float(style.largest)
        label = self._label(text, width, int(size), style)
        while not _fits(label, text, width, height, style) and size > style.smallest:
            size = max(size * STEP, style.smallest)
            label = self._label(text, width, int(size), style)
        label.refresh()
        return label.texture

    def _label(self, text: str, width: int, size: int, style: Style) -> Label:
        return Label(
            text=text,
            font_name=self._font(style.bold),
            font_size=size,
            color=style.colour,
            text_size=(width, None),
            halign="center" if style.centred else "left",
            padding=(0, 0),
        )

    def _font(self, bold: bool) -> str:
        path = self._fonts / ("NotoSans-Bold.ttf" if bold else "NotoSans-Regular.ttf")
        return str(path) if path.is_file() else FALLBACK


def _fits(label: Label, text: str, width: int, height: int, style: Style) -> bool:
    widest_word = max((label.get_extents(word)[0] for word in text.split()), default=0)
    _, high = label.render()
    line = label.get_extents("Ệg")[1]
    return widest_word <= width and high <= min(height, line * style.lines + 2)

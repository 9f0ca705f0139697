"""A sheet of paper: places in millimetres from the top left, text that fits or is refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode
from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from kiosk.common.colours import COLOURS
from kiosk.common.errors import ProvisioningError
from kiosk.content.assets import tile_widths
from kiosk.content.fonts import BOLD, LEADING, REGULAR, fitting, height_of, lines_of, load_fonts
from provisioning.paper.texts import Text

QUIET_MODULES = 4
SECOND = 0.72
"""The size of the second language beside the first."""

BAND_MM = 7.0
_ASCENT = 0.95


@dataclass(frozen=True)
class Box:
    """A place on a sheet, in millimetres; y goes down from the top."""

    x: float
    y: float
    w: float
    h: float

    def inset(self, by: float) -> "Box":
        """The box without a margin all around."""
        return Box(self.x + by, self.y + by, self.w - 2 * by, self.h - 2 * by)

    def rows(self, *heights: float) -> tuple["Box", ...]:
        """Boxes of these heights from the top down; the last one gets what is left."""
        boxes, y = [], self.y
        for height in heights:
            boxes.append(Box(self.x, y, self.w, height))
            y += height
        return (*boxes, Box(self.x, y, self.w, self.y + self.h - y))

    def columns(self, count: int, gap: float) -> tuple["Box", ...]:
        """Equal boxes side by side."""
        width = (self.w - gap * (count - 1)) / count
        return tuple(
            Box(self.x + index * (width + gap), self.y, width, self.h) for index in range(count)
        )


class Sheet:
    """A PDF being drawn; `size` is its page in millimetres, `scale` enlarges everything."""

    def __init__(self, path: Path, size: tuple[float, float], assets: Path, scale: float = 1.0):
        load_fonts()
        self.size = size
        self._tiles = assets / "tiles"
        self._widths = tile_widths(assets)
        self._scale = scale
        page = tuple(side * scale * mm for side in size)
        self._canvas = Canvas(str(path), pagesize=page, invariant=True, lang="vi")
        self._begin()

    def _begin(self) -> None:
        self._canvas.scale(self._scale, self._scale)
        self.panel(Box(0, 0, *self.size), "ground", corner=0)

    def turn(self) -> None:
        """Go on with the next page."""
        self._canvas.showPage()
        self._begin()

    def save(self) -> None:
        """Write the file."""
        self._canvas.save()

    def panel(
        self, box: Box, fill: str, edge: str | None = None, corner: float = 3.0, line: float = 0.5
    ) -> None:
        """A filled box with round corners, in colours by name."""
        self._canvas.setFillColor(_colour(fill))
        self._canvas.setStrokeColor(_colour(edge or fill))
        self._canvas.setLineWidth(line * mm)
        self._canvas.roundRect(*self._placed(box), corner * mm, fill=1, stroke=int(bool(edge)))

    def band(self, y: float) -> None:
        """The woven band across the sheet: indigo cloth, crimson diamonds, gold threads."""
        width = self.size[0]
        self.panel(Box(0, y, width, BAND_MM), "indigo", corner=0)
        repeats = round(width / BAND_MM)
        for index in range(repeats):
            middle = (index + 0.5) * width / repeats
            for half in range(5):
                bar = 0.5 * (5 - half)
                for row in {4 - half, 4 + half}:
                    self._stitch(middle, y + 0.95 + row * 0.55 + 0.05, bar, "crimson")
            self._stitch(middle, y + 0.95 + 4 * 0.55, 0.5, "gold")
            self.panel(Box(index * width / repeats - 0.2, y, 0.4, BAND_MM), "gold", corner=0)

    def _stitch(self, middle: float, y: float, half: float, colour: str) -> None:
        self.panel(Box(middle - half, y, 2 * half, 0.5), colour, corner=0)

    def disc(self, text: str, x: float, y: float, radius: float, colour: str) -> None:
        """A number in a disc around a point."""
        around = Box(x - radius, y - radius, 2 * radius, 2 * radius)
        self.panel(around, colour, corner=radius)
        size = radius * mm
        middle = Box(around.x, y - 0.66 * radius, around.w, around.h)
        self.words(text, middle, size, True, "card", True)

    def picture(self, name: str, box: Box, corner: float = 2.0) -> None:
        """A tile, as large as it fits into the box, in its finest rendering."""
        files = [self._tiles / str(width) / f"{name}.png" for width in reversed(self._widths)]
        found = next((path for path in files if path.is_file()), None)
        if found is None:
            raise ProvisioningError(f"there is no picture {name!r}", "build them: make setup")
        width, height = ImageReader(str(found)).getSize()
        factor = min(box.w / width, box.h / height)
        place = Box(
            box.x + (box.w - width * factor) / 2,
            box.y + (box.h - height * factor) / 2,
            width * factor,
            height * factor,
        )
        self._canvas.saveState()
        outline = self._canvas.beginPath()
        outline.roundRect(*self._placed(place), corner * mm)
        self._canvas.clipPath(outline, stroke=0, fill=0)
        self._canvas.drawImage(str(found), *self._placed(place), mask="auto")
        self._canvas.restoreState()

    def code(self, text: str, box: Box) -> None:
        """A QR code with its quiet zone, drawn as shapes so that it is sharp in any size."""
        code = QRCode(error_correction=ERROR_CORRECT_M, border=QUIET_MODULES)
        code.add_data(text)
        code.make(fit=True)
        matrix = code.get_matrix()
        side = min(box.w, box.h)
        module = side / len(matrix)
        left, top = box.x + (box.w - side) / 2, box.y + (box.h - side) / 2
        self.panel(Box(left, top, side, side), "card")
        path = self._canvas.beginPath()
        for row, modules in enumerate(matrix):
            for column, dark in enumerate(modules):
                if dark:
                    spot = Box(left + column * module, top + row * module, module, module)
                    path.rect(*self._placed(spot))
        self._canvas.setFillColor(HexColor("#000000"))
        self._canvas.drawPath(path, stroke=0, fill=1)

    def words(
        self,
        text: str,
        box: Box,
        size: float,
        bold: bool = False,
        colour: str = "ink",
        centred: bool = False,
    ) -> float:
        """Text in a box, made smaller until it fits; returns the height it took.

        Raises ProvisioningError when it would become too small to read, or a letter is missing.
        """
        font = BOLD if bold else REGULAR
        size = fitting(text, box.w, box.h, size, font)
        lines = lines_of(text, box.w, size, font)
        self._canvas.setFillColor(_colour(colour))
        self._canvas.setFont(font, size)
        for number, line in enumerate(lines):
            down = (self.size[1] - box.y) * mm - (number * LEADING + _ASCENT) * size
            if centred:
                self._canvas.drawCentredString((box.x + box.w / 2) * mm, down, line)
            else:
                self._canvas.drawString(box.x * mm, down, line)
        return height_of(lines, size)

    def both(
        self, text: Text, box: Box, size: float, colour: str = "ink", centred: bool = False
    ) -> float:
        """Vietnamese, and Hmong smaller under it; returns the height of both."""
        above = _first_of(text, box, size)
        first = self.words(text.vi, above, size, True, colour, centred)
        rest = Box(box.x, box.y + first, box.w, box.h - first)
        soft = "ink_soft" if colour == "ink" else colour
        return first + self.words(text.hmn, rest, size * SECOND, False, soft, centred)

    def alike(self, texts: Sequence[Text], boxes: Sequence[Box], size: float) -> None:
        """Several texts in both languages, all in the size that the longest one needs."""
        placed = list(zip(texts, boxes, strict=True))
        rooms = [(text.vi, _first_of(text, box, size)) for text, box in placed]
        size = min(fitting(words, room.w, room.h, size, BOLD) for words, room in rooms)
        for text, box in placed:
            self.both(text, box, size)

    def _placed(self, box: Box) -> tuple[float, float, float, float]:
        return box.x * mm, (self.size[1] - box.y - box.h) * mm, box.w * mm, box.h * mm


def _first_of(text: Text, box: Box, size: float) -> Box:
    """The part of a box that the first language may take, above the second."""
    second = height_of(lines_of(text.hmn, box.w, size * SECOND, REGULAR), size * SECOND)
    return Box(box.x, box.y, box.w, box.h - second)


def _colour(name: str) -> HexColor:
    return HexColor(COLOURS[name])

"""One sheet with all tiles and their names, for people who judge them."""

from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw

COLUMNS = 6
CELL = (256, 166)
PAPER = "#FAF6EC"


def draw_contact(out: Path, tiles: Sequence[tuple[str, tuple[int, int]]]) -> None:
    """Write `contact.png` from the small PNGs already in `out`."""
    rows = -(-len(tiles) // COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * CELL[0], rows * CELL[1]), PAPER)
    pen = ImageDraw.Draw(sheet)
    for number, (name, (width, height)) in enumerate(tiles):
        x, y = number % COLUMNS * CELL[0], number // COLUMNS * CELL[1]
        with Image.open(out / str(width) / f"{name}.png") as tile:
            picture = tile.convert("RGBA")
        sheet.paste(picture, (x + (CELL[0] - width) // 2, y + (143 - height) // 2), picture)
        pen.text((x + 10, y + 146), name, fill="#2B2622", font_size=13)
    sheet.save(out / "contact.png")

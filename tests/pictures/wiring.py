"""What is plugged in where: a Raspberry Pi 4 seen from above, and the parts around it."""

import base64
import tomllib
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any

import resvg_py
from PIL import Image

from kiosk.common.colours import COLOURS
from tests.pictures.keeping import PICTURES, ROOT, TECHNICIAN, at_width, keep
from ui.tiles.icons import Icons
from ui.tiles.scene import read_drawings

WIDTH, HEIGHT = 1300, 900
SHOWN_WIDTH = 1040
ICON = 80
GAP = 18
SHAPE = 0.8
ICONS = ROOT / "node_modules" / "@iconify-json"
PARTS = Path(__file__).with_name("wiring.toml")
BOARD = Path(__file__).with_name("board.svg")
TITLE = "Đấu dây trong thùng máy, theo số từ 1 đến 6"


def draw() -> None:
    """The wiring as one picture."""
    parts = tomllib.loads(PARTS.read_text("utf-8"))["part"]
    icons = Icons.load(ICONS, read_drawings())
    cables = "".join(map(_cables, parts))
    cards = "".join(_card(number, part, icons) for number, part in enumerate(parts, 1))
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" font-family="Noto Sans" fill="{COLOURS["ink"]}">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{COLOURS["ground"]}"/>'
        f'<text x="40" y="62" font-size="34" font-weight="bold">{escape(TITLE)}</text>'
        f"{BOARD.read_text('utf-8')}{cables}{cards}</svg>"
    )
    png = resvg_py.svg_to_bytes(svg_string=svg, width=SHOWN_WIDTH)
    with Image.open(BytesIO(bytes(png))) as picture:
        keep(picture, TECHNICIAN / "wiring.png", 200)


def _cables(part: dict[str, Any]) -> str:
    return "".join(
        f'<path d="{cable["way"]}" fill="none" stroke="{COLOURS["card"]}" stroke-width="13"/>'
        f'<path d="{cable["way"]}" fill="none" stroke="{cable["colour"]}" stroke-width="8"/>'
        for cable in part["cable"]
    )


def _card(number: int, part: dict[str, Any], icons: Icons) -> str:
    x, y, width, height = part["at"]
    side = part.get("picture_width", ICON)
    left, colour, white = x + 2 * GAP + side, part["cable"][0]["colour"], COLOURS["card"]
    words = "".join(
        f'<text x="{left}" y="{y + 78 + 30 * line}" font-size="22">{escape(text)}</text>'
        for line, text in enumerate(part["words"])
    )
    return (
        f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="14" '
        f'fill="{white}" stroke="{colour}" stroke-width="3"/>'
        f"{_picture(part, icons, x + GAP, y + 58, side)}"
        f'<circle cx="{x + 8}" cy="{y + 8}" r="24" fill="{colour}"/>'
        f'<text x="{x + 8}" y="{y + 18}" font-size="27" font-weight="bold" fill="{white}" '
        f'text-anchor="middle">{number}</text>'
        f'<text x="{x + 44}" y="{y + 40}" font-size="27" font-weight="bold">'
        f"{escape(part['name'])}</text>{words}"
    )


def _picture(part: dict[str, Any], icons: Icons, x: float, y: float, width: float) -> str:
    """The part's icon, or what its screen shows."""
    place = f'x="{x}" y="{y - 12}" width="{width}" height="{width * SHAPE}"'
    if "screenshot" in part:
        with Image.open(PICTURES / part["screenshot"]) as shown, BytesIO() as data:
            at_width(shown, 2 * round(width)).save(data, "PNG")
            encoded = base64.b64encode(data.getvalue()).decode()
        return f'<image {place} xlink:href="data:image/png;base64,{encoded}"/>'
    icon = icons.find(part["icon"])
    assert icon is not None
    box = " ".join(f"{side:g}" for side in icon.box)
    body = icon.with_ids(f"at{x}-")
    return f'<svg {place} viewBox="{box}" color="{COLOURS["ink"]}">{body}</svg>'

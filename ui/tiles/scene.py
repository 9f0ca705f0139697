"""What every tile shows, read from TOML and checked as a whole before anything is drawn."""

import string
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from kiosk.common.errors import QuestionnaireError
from ui.tiles import DATA
from ui.tiles.icons import Icons, Picture

CODE = "code.toml"
FILES = ("backdrops.toml", "drawings.toml", "scenes.toml", CODE)
SCENE_BOX = (400, 225)
ICON_BOX = (128, 128)
_QUARTERS = ((32, 62), (96, 62), (32, 126), (96, 126))


@dataclass(frozen=True)
class Layer:
    """One picture in a scene: `x` its middle, `y` its foot, `size` its height."""

    icon: str
    x: float
    y: float
    size: float
    flip: bool = False
    turn: float = 0
    tint: str = "#2B2622"
    fade: float = 1


@dataclass(frozen=True)
class TileScene:
    """A tile: pictures on a ground, or an icon: pictures on nothing.

    `printed` pictures are drawn large as well, for paper.
    """

    name: str
    ground: str
    layers: tuple[Layer, ...]
    printed: bool = False

    @property
    def is_icon(self) -> bool:
        """Whether it is a square control picture without a ground."""
        return not self.ground

    @property
    def box(self) -> tuple[int, int]:
        """Width and height its coordinates are in."""
        return ICON_BOX if self.is_icon else SCENE_BOX


@dataclass(frozen=True)
class Book:
    """All scenes, with the SVG of every ground they stand on."""

    scenes: tuple[TileScene, ...]
    grounds: dict[str, str]


def read_drawings(folder: Path = DATA) -> dict[str, Picture]:
    """This project's own drawings, by name."""
    drawings = {}
    for name, drawing in _read(folder / "drawings.toml").items():
        width, height = drawing.get("box", (128, 128))
        drawings[name] = Picture(drawing["svg"], (0, 0, width, height))
    return drawings


def read_book(icons: Icons, folder: Path = DATA) -> Book:
    """Read grounds and scenes; every mistake in them is reported at once."""
    backdrops = _read(folder / "backdrops.toml")
    tables = _read(folder / "scenes.toml")
    problems: list[str] = []
    grounds = _grounds(backdrops, problems)
    scenes = [*_scenes(tables.pop("scenes", {}), grounds, icons, problems)]
    scenes += _scenes(tables.pop("icons", {}), None, icons, problems)
    scenes += _scenes(code_icons(_read(folder / CODE)), None, icons, problems)
    problems += [f"unknown table {name}" for name in tables]
    if problems:
        raise QuestionnaireError(f"scenes in {folder.name}", problems, "correct the TOML files")
    return Book(tuple(scenes), grounds)


def code_icons(code: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The pictures of answer codes as tables of icons: each alone, and four for a family."""
    pictures = code["pictures"]
    alone = {
        f"pic_{name}": {"layers": [{"icon": icon, "x": 64, "y": 126, "size": 124}]}
        for name, icon in pictures.items()
    }
    families = {
        f"family_{name}": {
            "layers": [
                {"icon": pictures[member], "x": x, "y": y, "size": 60}
                for member, (x, y) in zip(members, _QUARTERS, strict=True)
            ]
        }
        for name, members in code["families"].items()
    }
    return alone | families


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise QuestionnaireError(path.name, [str(error)], "correct the TOML file") from error


def _grounds(backdrops: dict[str, Any], problems: list[str]) -> dict[str, str]:
    grounds = {}
    for name, ground in backdrops.get("grounds", {}).items():
        colours = dict(ground)
        kind = colours.pop("kind", "")
        shape = backdrops.get("kinds", {}).get(kind)
        if shape is None:
            problems.append(f"ground {name}: unknown backdrop {kind!r}")
            continue
        wanted = {field for _, field, _, _ in string.Formatter().parse(shape) if field}
        if wanted != set(colours):
            problems.append(f"ground {name}: {kind} needs the colours {sorted(wanted)}")
            continue
        grounds[name] = shape.format(**colours)
    return grounds


def _scenes(
    tables: dict[str, Any], grounds: dict[str, str] | None, icons: Icons, problems: list[str]
) -> Iterator[TileScene]:
    for name, table in tables.items():
        ground = table.get("ground", "")
        if grounds is not None and ground not in grounds:
            problems.append(f"{name}: unknown backdrop {ground!r}")
        allowed = {"layers"} if grounds is None else {"layers", "ground", "printed"}
        problems += [f"{name}: unknown key {key!r}" for key in sorted(set(table) - allowed)]
        layers = [_layer(name, layer, icons, problems) for layer in table.get("layers", [])]
        if not layers:
            problems.append(f"{name}: no layers")
        drawn = tuple(layer for layer in layers if layer)
        yield TileScene(name, ground, drawn, bool(table.get("printed", False)))


def _layer(name: str, table: dict[str, Any], icons: Icons, problems: list[str]) -> Layer | None:
    known = {field.name for field in fields(Layer)}
    found = [f"unknown key {key!r}" for key in sorted(set(table) - known)]
    found += [f"no {key!r}" for key in ("icon", "x", "y", "size") if key not in table]
    if "icon" in table and icons.find(table["icon"]) is None:
        found.append(f"unknown icon {table['icon']!r}")
    problems += [f"{name}: {problem}" for problem in found]
    return None if found else Layer(**table)

"""Puts a View on a panel: which tile stands where and which target a finger meets. No Kivy here.

The renderer draws a Scene and the walker clicks on one; both get it from here, so that they can
never disagree.
"""

from dataclasses import dataclass, field
from enum import Enum

from kiosk.flow.model import Screen
from kiosk.settings.fields import PHRASE
from kiosk.views.model import Tile, View
from ui.touch.layout import screens
from ui.touch.layout.geometry import Panel, Rect, columns

QUICK_EXIT = "quit"
ANYWHERE = "anywhere"
PHONE = "phone"
FORM = "form"
IRREVERSIBLE = frozenset({"send", "keep", "voice:none", "voice:other", "finish", "power_off"})
"""Targets whose tap cannot be taken back and that do not stand on one place on every screen."""

CODES = (Screen.PHONE, Screen.FORM)


class Shape(Enum):
    """The kinds of screen that look different."""

    START = "start"
    GRID = "grid"
    READ_BACK = "read_back"
    WRITTEN = "written"
    MESSAGE = "message"
    CODE = "code"


@dataclass(frozen=True)
class Placed:
    """A tile and its place."""

    tile: Tile
    place: Rect


@dataclass(frozen=True)
class Scene:
    """A View with a place for everything on it."""

    view: View
    shape: Shape
    tiles: tuple[Placed, ...] = ()
    buttons: tuple[Placed, ...] = ()
    rail: tuple[tuple[str, Rect], ...] = ()
    header: screens.Header | None = None
    code: Rect | None = None
    message: screens.MessagePlan | None = None
    targets: dict[str, Rect] = field(default_factory=dict)


def place(view: View, panel: Panel) -> Scene:
    """The scene for a view."""
    return _start(view, panel) if view.screen is Screen.START else _inner(view, panel)


def target_at(scene: Scene, panel: Panel, spot: tuple[int, int]) -> str | None:
    """What a tap at `spot` means; on the start screen any touch at all is a greeting."""
    found = screens.hit(panel, scene.targets, spot)
    return ANYWHERE if found is None and scene.shape is Shape.START else found


def _start(view: View, panel: Panel) -> Scene:
    plan = screens.start(panel, len(view.tiles), bool(view.qr))
    tiles = _onto(view.tiles, plan.languages)
    buttons = _onto(view.buttons, (plan.notices,))
    targets = _targets(tiles, buttons)
    if plan.phone:
        targets[PHONE] = plan.phone
    return Scene(view, Shape.START, tiles, buttons, code=plan.phone, targets=targets)


def _inner(view: View, panel: Panel) -> Scene:
    shape = _shape(view)
    head = screens.header(panel)
    rail = tuple(
        (target, slot)
        for target, slot in zip(view.rail, screens.rail(panel), strict=True)
        if target
    )
    buttons = _onto(view.buttons, screens.buttons(panel, len(view.buttons)))
    if shape is Shape.CODE:
        return _code(view, panel, head, rail)
    tiles: tuple[Placed, ...] = ()
    message = code = None
    if shape is Shape.GRID:
        tiles = _onto(view.tiles, screens.grid(panel, len(view.tiles)))
    elif shape is Shape.WRITTEN:
        shares = tuple(1 if tile.picture else 2 for tile in view.tiles)
        tiles = _onto(view.tiles, screens.written(panel, shares))
    elif shape is Shape.READ_BACK:
        tiles, code = _shown(view, panel)
    else:
        message = screens.message(panel, bool(view.buttons), bool(view.numbers), bool(view.told))
    targets = dict(rail) | _targets(tiles, buttons)
    if view.quick_exit:
        targets[QUICK_EXIT] = head.quick_exit
    if code is not None:
        targets[FORM] = code
    return Scene(view, shape, tiles, buttons, rail, head, code, message, targets)


def _code(
    view: View, panel: Panel, head: screens.Header, rail: tuple[tuple[str, Rect], ...]
) -> Scene:
    plan = screens.code(panel)
    below = columns(plan.message.numbers, PHRASE, panel.px(2.4))
    tiles = _onto(view.tiles, below[: len(view.tiles)])
    buttons = _onto(view.buttons, (plan.button,))
    targets = dict(rail) | _targets(tiles, buttons) | {QUICK_EXIT: head.quick_exit}
    return Scene(view, Shape.CODE, tiles, buttons, rail, head, plan.code, plan.message, targets)


def _shown(view: View, panel: Panel) -> tuple[tuple[Placed, ...], Rect | None]:
    if view.screen is Screen.CODE:
        return _onto(view.tiles, screens.code_pictures(panel, len(view.tiles))), None
    if not view.qr:
        return _onto(view.tiles, screens.read_back(panel, len(view.tiles))), None
    places, code = screens.papers(panel, len(view.tiles))
    return _onto(view.tiles, places), code


def _shape(view: View) -> Shape:
    if view.screen in CODES:
        return Shape.CODE
    if not view.tiles:
        return Shape.MESSAGE
    if view.screen is Screen.ANSWER and view.tiles[0].literal:
        return Shape.WRITTEN
    return Shape.READ_BACK if view.buttons else Shape.GRID


def _onto(tiles: tuple[Tile, ...], places: tuple[Rect, ...]) -> tuple[Placed, ...]:
    return tuple(Placed(tile, place) for tile, place in zip(tiles, places, strict=True))


def _targets(*groups: tuple[Placed, ...]) -> dict[str, Rect]:
    return {p.tile.target: p.place for group in groups for p in group if p.tile.target}

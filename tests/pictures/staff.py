"""The technician's screens, taken from the real app: the way in, the menu, good and bad states."""

import json
from pathlib import Path

from PIL import ImageDraw, ImageFont

from kiosk.common.colours import COLOURS
from kiosk.content.fonts import BOLD, FONTS, NOTO
from kiosk.device import config as configs
from kiosk.flow.model import Gate, GateKind
from kiosk.flow.staff import StaffPage, StaffState
from kiosk.views.model import View
from kiosk.views.staff import Machine, view
from tests.kiosk.visits import Visitor
from tests.pictures.glass import PANEL, SIZE, Glass, kiosk
from tests.pictures.keeping import TECHNICIAN, keep
from tests.toml_files import edit
from tests.ui.touch.place import STAFF_PIN
from ui.touch.input.staff_gesture import CORNER_MM, HELD_S

RELEASE = "2026.11.0"
HELD = HELD_S + 1.5
WELL = {"link": "answering", "sim": "ready", "registration": "home", "data": "active"}
LINKS: dict[str, tuple[str, list[str], dict[str, str | int | None]]] = {
    "link-good": ("none", [], {**WELL, "operator": "Viettel", "bars": 4}),
    "link-sim": ("no route", [], {"link": "answering", "sim": "missing", "bars": None}),
    "link-alarm": ("twin", [], {**WELL, "operator": "Viettel", "bars": 3}),
}
STICKS = ("carried", "installing", "installed")
SHUT = {"out-of-order": (GateKind.CLOSED, 40), "full": (GateKind.URGENT_ONLY, 32)}


def draw() -> None:
    """The staff screens, the corners that open them, and the screens of a kiosk that is shut."""
    with kiosk(_with_release) as (glass, path):
        _knock(glass)
        _pages(glass, path)
    for name, (gate, rows) in SHUT.items():
        with kiosk(_without_key if gate is GateKind.CLOSED else _with_release, rows) as (glass, _):
            _refused(glass, name, gate)


def _knock(glass: Glass) -> None:
    """The start screen with the two corners marked in their order; leaves the code asked for."""
    start = glass.photograph()
    side = PANEL.px(CORNER_MM)
    corners = (0, 0), (SIZE[0] - side, SIZE[1] - side)
    pen = ImageDraw.Draw(start)
    font = ImageFont.truetype(NOTO / FONTS[BOLD], side // 2)
    for number, (x, y) in enumerate(corners, 1):
        pen.rectangle((x, y, x + side, y + side), fill=COLOURS["crimson"])
        pen.text((x + side // 2, y + side // 2), str(number), "white", font, "mm")
    keep(start, TECHNICIAN / "knock.png", 96)
    for x, y in corners:
        glass.touch((x + side // 2, y + side // 2), HELD)


def _pages(glass: Glass, path: Path) -> None:
    _keep(glass, "staff-code")
    for digit in STAFF_PIN:
        glass.tap(_shown(StaffPage.PIN), digit)
    glass.await_heading(_shown(StaffPage.MENU))
    _keep(glass, "staff-menu")
    for page in (StaffPage.SYSTEM, StaffPage.CARD, StaffPage.POWER):
        _photograph_page(glass, page, f"staff-{page.value}")
    _photograph_page(glass, StaffPage.LINK, "link-off")
    for name, (trouble, names, modem) in LINKS.items():
        told = {"slot_s": 300, "trouble": trouble, "states": names, "modem": modem}
        configs.load(path).courier_status.write_text(json.dumps(told), "utf-8")
        _photograph_page(glass, StaffPage.LINK, name)
    for done in STICKS:
        configs.load(path).stick.write_text(f"{done}\n", "ascii")
        _photograph_page(glass, StaffPage.STICK, f"stick-{done}")


def _photograph_page(glass: Glass, page: StaffPage, name: str) -> None:
    glass.tap(_shown(StaffPage.MENU), page.value)
    _keep(glass, name)
    glass.tap(_shown(page), "back")


def _refused(glass: Glass, name: str, gate: GateKind) -> None:
    """What somebody sees who wants to report while the kiosk is shut."""
    visitor = Visitor()
    visitor.feel(Gate(gate))
    glass.photograph()
    for target in ("lang:vi", "box:crime"):
        glass.tap(visitor.shown(), target)
        visitor.tap(target)
    _keep(glass, name)


def _shown(page: StaffPage) -> View:
    return view(StaffState(page), Machine(RELEASE, RELEASE))


def _keep(glass: Glass, name: str) -> None:
    keep(glass.photograph(), TECHNICIAN / f"{name}.png")


def _with_release(path: Path) -> None:
    """A kiosk whose image tells its version, and whose services tell of a stick."""
    release = path.parent / "homthu-image"
    release.write_text(json.dumps({"version": RELEASE}))
    edit(path, {"files.image": str(release), "files.stick": str(path.parent / "stick")})


def _without_key(path: Path) -> None:
    """A kiosk that has lost the station's key."""
    (path.parent / "manifest.cbor").unlink()

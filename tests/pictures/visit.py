"""Screenshots of real visits: at the touch screen and on a phone."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

from tests.pictures.keeping import BUILD, PICTURES, ROOT
from tests.ui.phone.browser import PAGE, Phone, address_in_the_hall
from tests.ui.phone.place import provision_hotspot, serving

VISITS = BUILD / "visit"
SIZE = "1024x600"
SHOWN = {
    "start": "vi/*-start.png",
    "menu": "vi/*-menu.png",
    "question": "vi/*-crime.png",
    "danger": "hmn/*danger.png",
    "read-back": "hmn/*-read_back.png",
    "kept": "hmn/*-done.png",
}
GAP = 16
GROUND = (226, 220, 205)


def draw() -> None:
    """Visit the village once and keep the pictures that the papers show."""
    environment = {k: v for k, v in os.environ.items() if k != "DISPLAY"}
    subprocess.run(
        ["bash", str(ROOT / ".ci" / "run-village.sh")],
        check=True,
        cwd=ROOT,
        env={**environment, "VISIT_SIZE": SIZE},
    )
    PICTURES.mkdir(parents=True, exist_ok=True)
    screens = {name: _last(pattern) for name, pattern in SHOWN.items()}
    for name, screen in screens.items():
        screen.save(PICTURES / f"{name}.png", optimize=True)
    _sheet(list(screens.values())).save(PICTURES / "overview.png", optimize=True)
    _row(list(_phone_screens())).save(PICTURES / "phone.png", optimize=True)


def _last(pattern: str) -> Image.Image:
    path = sorted(VISITS.glob(pattern))[0 if "start" in pattern else -1]
    return Image.open(path).convert("RGB").quantize(128)


def _sheet(screens: list[Image.Image]) -> Image.Image:
    """Two rows of three, at half size."""
    width, height = (side // 2 for side in screens[0].size)
    sheet = Image.new("RGB", (3 * width + 4 * GAP, 2 * height + 3 * GAP), GROUND)
    for number, screen in enumerate(screens):
        row, column = divmod(number, 3)
        small = screen.convert("RGB").resize((width, height), Image.Resampling.LANCZOS)
        sheet.paste(small, (GAP + column * (width + GAP), GAP + row * (height + GAP)))
    return sheet.quantize(256)


def _phone_screens() -> Iterator[Image.Image]:
    """A visit on a phone: start, a question, danger, what may be added, kept. Needs root."""
    with tempfile.TemporaryDirectory() as name, address_in_the_hall() as address:
        folder = Path(name)
        place = provision_hotspot(folder / "kiosk", address, PAGE)
        with serving(place):
            phone = Phone(folder / "profile").open(f"http://{address}:{place.port}/")
            try:
                yield from _visit_by_phone(phone, folder / "screen.png")
            finally:
                phone.close()


def _visit_by_phone(phone: Phone, path: Path) -> Iterator[Image.Image]:
    def seen() -> Image.Image:
        phone.settle()
        phone.driver.save_screenshot(str(path))
        with Image.open(path) as screen:
            return screen.convert("RGB")

    phone.one("[data-choice=hmn]")
    yield seen()
    phone.choose("hmn", "border")
    yield seen()
    phone.choose("people_led", "armed_yes", "forest", "last_night", "few", "nothing_more")
    phone.choose("danger_yes")
    yield seen()
    phone.next()
    yield seen()
    phone.next()
    phone.send()
    phone.shows("done")
    yield seen()


def _row(screens: list[Image.Image]) -> Image.Image:
    """Side by side, at half size."""
    width, height = (side // 2 for side in screens[0].size)
    row = Image.new("RGB", (len(screens) * (width + GAP) + GAP, height + 2 * GAP), GROUND)
    for column, screen in enumerate(screens):
        small = screen.resize((width, height), Image.Resampling.LANCZOS)
        row.paste(small, (GAP + column * (width + GAP), GAP))
    return row.quantize(256)

"""`make pictures`: the screenshots of docs/pictures, taken from real visits."""

import os
import subprocess
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parent.parent
VISITS = ROOT / "build" / "visit"
PICTURES = ROOT / "docs" / "pictures"
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


def main() -> None:
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


if __name__ == "__main__":
    main()

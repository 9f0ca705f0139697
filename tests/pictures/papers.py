"""The label and the poster of a kiosk, as they come out of the printer."""

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from provisioning import demo
from provisioning.paper import papers
from tests.pictures.keeping import BUILD, TECHNICIAN, at_width, keep

WIDTHS = {papers.LABEL: 620, "poster-a4": 480}
HOTSPOT = "10.42.0.1", 18080


def draw() -> None:
    """Label and poster of the demo village's kiosk."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        village = demo.provision(
            folder / "village", demo.Plan((800, 480), BUILD, False, False, None, HOTSPOT)
        )
        for paper in papers.write(village.kiosk, folder, BUILD, WIDTHS):
            keep(_page(paper, WIDTHS[paper.stem]), TECHNICIAN / f"{paper.stem}.png", 96)


def _page(paper: Path, width: int) -> Image.Image:
    command = ["pdftoppm", "-singlefile", "-png", "-r", "200"]
    subprocess.run([*command, str(paper), str(paper.with_suffix(""))], check=True)
    with Image.open(paper.with_suffix(".png")) as page:
        return at_width(page, width)

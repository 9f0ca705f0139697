"""Where the pictures go, and how they are kept small."""

from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parents[2]
BUILD = ROOT / "build"
PICTURES = ROOT / "docs" / "pictures"
TECHNICIAN = PICTURES / "technician"
OFFICER = PICTURES / "officer"


def keep(image: Image.Image, path: Path, colours: int = 64) -> None:
    """Write a picture with few colours, as our flat drawings and screens need no more."""
    path.parent.mkdir(parents=True, exist_ok=True)
    flat = image.convert("RGB").quantize(colours, kmeans=1, dither=Image.Dither.NONE)
    flat.save(path, optimize=True)


def at_width(image: Image.Image, width: int) -> Image.Image:
    """The picture made smaller, its sides in proportion."""
    height = round(image.height * width / image.width)
    return image.convert("RGB").resize((width, height), Image.Resampling.LANCZOS)

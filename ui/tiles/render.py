"""`python -m ui.tiles.render`: every tile as PNGs, a manifest and a contact sheet."""

import argparse
import hashlib
import json
import os
import shutil
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import resvg_py

from kiosk.common.errors import EXIT_BAD_INPUT, KioskError
from ui.tiles import DATA
from ui.tiles.contact import draw_contact
from ui.tiles.icons import PACKAGES, Icons
from ui.tiles.scene import FILES, TileScene, read_book, read_drawings
from ui.tiles.svg import compose

SCENE_SIZES = ((240, 135), (400, 225))
PRINT_SIZES = ((800, 450),)
ICON_SIZES = ((96, 96), (160, 160))
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Job:
    """One scene to be written in its sizes."""

    name: str
    svg: str
    sizes: tuple[tuple[int, int], ...]
    out: Path


def sizes_of(scene: TileScene) -> tuple[tuple[int, int], ...]:
    """The sizes in which a scene is rendered, the small one first."""
    if scene.is_icon:
        return ICON_SIZES
    return SCENE_SIZES + (PRINT_SIZES if scene.printed else ())


def draw(job: Job) -> str:
    """Write one scene's PNGs and return its name."""
    for width, height in job.sizes:
        png = resvg_py.svg_to_bytes(svg_string=job.svg, width=width, height=height)
        path = job.out / str(width) / f"{job.name}.png"
        path.write_bytes(bytes(png))
    return job.name


def stamp(icons: Path) -> str:
    """A digest of everything the pictures depend on."""
    digest = hashlib.sha256(version("resvg-py").encode())
    sources = [DATA / name for name in FILES] + sorted(DATA.glob("*.py"))
    sources += [icons / name / "package.json" for name in PACKAGES]
    for path in sources:
        digest.update(path.read_bytes() if path.is_file() else b"missing")
    return digest.hexdigest()


def is_current(out: Path, now: str) -> bool:
    """Whether `out` already holds every picture of this stamp."""
    try:
        manifest = json.loads((out / MANIFEST).read_text("utf-8"))
        pictures = [
            out / str(width) / f"{name}.png"
            for name, sizes in manifest["tiles"].items()
            for width, _ in sizes
        ]
    except (OSError, ValueError, KeyError):
        return False
    return bool(manifest.get("stamp") == now) and all(path.is_file() for path in pictures)


def render(out: Path, icons_folder: Path, workers: int) -> int:
    """Render all scenes into `out`; returns how many were drawn (0 when nothing changed)."""
    now = stamp(icons_folder)
    if is_current(out, now):
        return 0
    icons = Icons.load(icons_folder, read_drawings())
    book = read_book(icons)
    jobs = [Job(s.name, compose(s, book, icons), sizes_of(s), out) for s in book.scenes]
    for width in {width for job in jobs for width, _ in job.sizes}:
        shutil.rmtree(out / str(width), ignore_errors=True)
        (out / str(width)).mkdir(parents=True)
    with ProcessPoolExecutor(workers) as pool:
        for number, name in enumerate(pool.map(draw, jobs, chunksize=8), 1):
            if number % 40 == 0 or number == len(jobs):
                print(f"tiles: {number}/{len(jobs)} {name}", file=sys.stderr, flush=True)
    draw_contact(out, [(job.name, job.sizes[0]) for job in jobs])
    tiles = {job.name: job.sizes for job in jobs}
    (out / MANIFEST).write_text(json.dumps({"stamp": now, "tiles": tiles}, indent=1), "utf-8")
    return len(jobs)


def main(argv: Sequence[str] | None = None) -> int:
    """Command line; exits with 2 and a cure when something is missing or wrong."""
    parser = argparse.ArgumentParser(prog="python -m ui.tiles.render", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("build/tiles"))
    parser.add_argument("--icons", type=Path, default=Path("node_modules/@iconify-json"))
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args(argv)
    try:
        drawn = render(options.out, options.icons, options.workers)
    except KioskError as error:
        print(f"tiles: {error}", file=sys.stderr)
        return EXIT_BAD_INPUT
    print(f"tiles: {drawn} drawn" if drawn else "tiles: nothing changed", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())

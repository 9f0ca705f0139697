"""`python -m ui.phone.page.build`: the page that phones get, as static files with a manifest.

One HTML file carries script and style, so that the policy can name both by their hashes and
nothing else may run. Beside it stand the pictures, the clips where they were rendered, and a plain
page for browsers without a script.
"""

import base64
import hashlib
import json
import mimetypes
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import click
from jinja2 import Environment
from PIL import Image

from kiosk.common.errors import EXIT_BAD_INPUT, KioskError, QuestionnaireError
from kiosk.content import catalog as catalogues
from kiosk.content import questionnaire as questionnaires
from kiosk.content.assets import CURE, tile_widths
from kiosk.content.catalog import LANGUAGES, Catalog
from ui import palette
from ui.phone.page.bundle import ROOT, bundle
from ui.phone.page.content import WEB, label, page_content, pictures, strings

QUALITY = 82
WIDEST = 400
COLOURS = (
    *("GROUND", "CARD", "EDGE", "INK", "INK_SOFT", "SHADE", "WHITE"),
    *("GREEN", "INDIGO", "CRIMSON", "GOLD", "NUMBER"),
)
_POLICY = (
    "default-src 'none'; script-src '{script}'; style-src '{style}'; img-src 'self' blob:; "
    "media-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)


def build(out: Path, assets: Path) -> None:
    """Write the page into `out` from the tiles and clips under `assets`.

    Raises KioskError with a cure when pictures, words or the bundler are missing.
    """
    questionnaire = questionnaires.load()
    catalog = catalogues.load(strings(questionnaire))
    tiles = largest_tiles(assets)
    missing = pictures(questionnaire) - set(tiles)
    if missing:
        raise QuestionnaireError("pictures", sorted(missing), CURE)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix="phone-") as folder:
        made = Path(folder)
        _write_pictures(made / "tiles", tiles)
        _copy_clips(made / "clips", assets / "clips")
        icons = [name for name, path in tiles.items() if _is_square(path)]
        content = page_content(questionnaire, catalog, icons, made / "clips")
        _write_pages(made, catalog, bundle(WEB / "main.js", content))
        shutil.rmtree(out, ignore_errors=True)
        made.chmod(0o755)
        made.rename(out)


def largest_tiles(assets: Path) -> dict[str, Path]:
    """Every built picture by name, in the largest size that a phone's screen has use for."""
    return {
        path.stem: path
        for width in tile_widths(assets)
        if width <= WIDEST
        for path in sorted((assets / "tiles" / str(width)).glob("*.png"))
    }


def _write_pages(out: Path, catalog: Catalog, script: str) -> None:
    page = Environment(autoescape=False).from_string((WEB / "page.html").read_text("utf-8"))
    style = _style()
    words = partial(label, catalog, LANGUAGES[0])
    script = script.replace("</", "<\\/")
    for name, used in (("index.html", script), ("lite.html", "")):
        (out / name).write_text(page.render(style=style, script=used, words=words), "utf-8")
    files = {
        path.relative_to(out).as_posix(): {
            "type": _type(path),
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        }
        for path in sorted(out.rglob("*.*"))
    }
    csp = _POLICY.format(script=_hash(script), style=_hash(style))
    (out / "manifest.json").write_text(json.dumps({"csp": csp, "files": files}, indent=1), "utf-8")


def _style() -> str:
    """The page's style with the kiosk's colours."""
    colours = "".join(
        f"--{name.lower().replace('_', '-')}:{palette.to_hex(getattr(palette, name))};"
        for name in COLOURS
    )
    accents = "".join(
        f"[data-accent={box}]{{--accent:{palette.to_hex(colour)}}}"
        for box, colour in palette.ACCENTS.items()
    )
    return f":root{{{colours}}}{(WEB / 'page.css').read_text('utf-8')}{accents}"


def _write_pictures(out: Path, tiles: dict[str, Path]) -> None:
    """WebP: a third of the PNG's size on the air, known to every browser the seal runs in."""
    out.mkdir(parents=True)
    for name, path in tiles.items():
        with Image.open(path) as picture:
            picture.save(out / f"{name}.webp", quality=QUALITY, method=6)


def _is_square(path: Path) -> bool:
    with Image.open(path) as picture:
        return picture.width == picture.height


def _copy_clips(out: Path, clips: Path) -> None:
    for language in LANGUAGES:
        for clip in sorted((clips / language).glob("*.mp3")):
            (out / language).mkdir(parents=True, exist_ok=True)
            shutil.copy(clip, out / language)


def _type(path: Path) -> str:
    kind = "image/webp" if path.suffix == ".webp" else mimetypes.guess_type(path.name)[0]
    return f"{kind}; charset=utf-8" if kind == "text/html" else str(kind)


def _hash(text: str) -> str:
    """How a Content-Security-Policy names an inline text."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _sources(assets: Path) -> Iterator[Path]:
    for folder in (WEB.parent, ROOT / "kiosk", assets / "clips"):
        yield from sorted(p for p in folder.rglob("*.*") if p.suffix != ".pyc")
    yield from (assets / "tiles" / "manifest.json", ROOT / "package-lock.json")
    yield Path(palette.__file__)


def stamp(assets: Path) -> str:
    """A digest of everything the page is made of."""
    digest = hashlib.sha256()
    for path in _sources(assets):
        digest.update(path.name.encode() + (path.read_bytes() if path.is_file() else b""))
    return digest.hexdigest()


@click.command()
@click.option("--out", type=click.Path(path_type=Path), default=Path("build/phone"))
@click.option("--assets", type=click.Path(path_type=Path), default=Path("build"))
def main(out: Path, assets: Path) -> None:
    """Build the page for phones from tiles and clips; nothing is done when nothing changed."""
    now, known = stamp(assets), out.with_suffix(".stamp")
    if (out / "manifest.json").is_file() and known.is_file() and known.read_text() == now:
        return print("phone: nothing changed", file=sys.stderr)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        build(out, assets)
    except KioskError as error:
        print(f"phone: {error}", file=sys.stderr)
        sys.exit(EXIT_BAD_INPUT)
    known.write_text(now)
    count = len(os.listdir(out / "tiles"))
    print(f"phone: page built, {count} pictures", file=sys.stderr)


if __name__ == "__main__":
    main()

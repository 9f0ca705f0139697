"""`python -m images.build`: builds the card's image, and renews the lock of Debian's packages."""

import hashlib
import logging
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from images import boot_files, debian, layout, lock
from images.assembly import IMAGE, assemble
from images.product import Product
from images.prune import prune
from images.tools import Tools
from kiosk.common.command_line import explained
from kiosk.common.errors import ImageError

FOLDER = click.Path(file_okay=False, path_type=Path)
Step = tuple[str, Callable[[], object]]


@click.group(epilog="Exit codes: 0, 1, 2 (cannot be built from this), 130.")
def main() -> None:
    """Build the image of a card."""
    logging.basicConfig(stream=sys.stderr, format="%(levelname)s %(message)s")


@main.command("lock")
def lock_command() -> None:
    """Write into images/packages.lock what Debian offers today."""
    with explained():
        _be_root()
        renewed = debian.resolve(layout.load(), lock.names())
        lock.LOCK.write_text(str(renewed), "utf-8")
        click.echo(f"{lock.LOCK}: {len(renewed.packages)} packages")


@main.command("image")
@click.option("--build", type=FOLDER, default=Path("build"), show_default=True)
def image_command(build: Path) -> None:
    """Build BUILD/image/homthu.img from Debian's locked packages and what set-up made in BUILD."""
    with explained():
        _be_root()
        os.umask(0o022)
        for name, step in _steps(build):
            with _shown(name):
                step()
        click.echo(build / "image" / IMAGE)


def _steps(build: Path) -> Iterator[Step]:
    plan, locked = layout.load(), lock.read()
    tools, out = Tools(locked.date), build / "image"
    root, debs = out / "root", out / "debs"
    archive = out / f"debian-{hashlib.sha256(str(locked).encode()).hexdigest()[:12]}.tar"

    yield "Debian's packages", partial(debian.fetch, plan, locked, debs)
    if not archive.exists():
        yield "Debian, installed", partial(debian.install, plan, locked, debs, archive)
    yield "Debian, unpacked", partial(_unpack, archive, root, tools)
    product = Product(plan, root, build, tools)
    for step in product.steps():
        yield f"The product: {step.__name__}", step
    firmware, slot = boot_files.firmware(root), boot_files.slot(root)
    yield "What a card does without", partial(prune, root)
    yield "What is left", product.settle
    yield "The image", partial(assemble, root, firmware, slot, out, plan, tools)


def _unpack(archive: Path, root: Path, tools: Tools) -> None:
    if root.exists():
        shutil.rmtree(root)
    root.mkdir(parents=True)
    kept = ("--xattrs", "--xattrs-include=*", "--numeric-owner", "--same-permissions")
    tools.run("tar", "--extract", "--directory", root, *kept, "--file", archive)


def _be_root() -> None:
    if os.geteuid() != 0:
        raise ImageError("the image is built as root: its files belong to root", "sudo make image")


@contextmanager
def _shown(name: str) -> Iterator[None]:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(name, total=1)
        yield
        bar.advance(task)


if __name__ == "__main__":
    main()

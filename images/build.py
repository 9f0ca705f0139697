"""`python -m images.build`: builds the card's image, renews and keeps Debian's packages."""

import hashlib
import logging
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from images import boot_files, debian, kept_packages, layout, lock
from images.assembly import IMAGE, assemble
from images.layout import Layout
from images.lock import Lock
from images.modules import chosen
from images.product import Product
from images.prune import check, prune
from images.sources import TODAY, Source, snapshots
from images.tools import Tools
from kiosk.common.command_line import explained
from kiosk.common.errors import ImageError

FOLDER = click.Path(file_okay=False, path_type=Path)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
DEBS = "debs"
"""The folder of packages below BUILD/image."""

build_option = click.option("--build", type=FOLDER, default=Path("build"), show_default=True)
snapshot_option = click.option(
    "--snapshot",
    metavar="URL",
    help="Address of a Debian snapshot archive, asked for what Debian no longer offers.",
)
Step = tuple[str, Callable[[], object]]


@click.group(epilog="Exit codes: 0, 1, 2 (cannot be built from this), 130.")
def main() -> None:
    """Build the image of a card."""
    logging.basicConfig(stream=sys.stderr, format="%(levelname)s %(message)s")


@main.command("lock")
def lock_command() -> None:
    """Write into images/packages.lock what Debian offers today, and print what that changes."""
    with explained():
        _be_root()
        with _shown("What Debian offers today"):
            changes = debian.renew(layout.load(), lock.names(), lock.LOCK)
        if changes:
            click.echo(changes)


@main.command("image")
@build_option
@snapshot_option
@click.option(
    "--packages",
    type=FILE,
    help="File of the release's kept packages; nothing of Debian is fetched then.",
)
def image_command(build: Path, snapshot: str | None, packages: Path | None) -> None:
    """Build BUILD/image/homthu.img from Debian's locked packages and what set-up made in BUILD."""
    if packages and snapshot:
        raise click.UsageError("give one of --packages and --snapshot")
    with explained():
        _be_root()
        os.umask(0o022)
        for name, step in _steps(build, snapshot, packages):
            with _shown(name):
                step()
        click.echo(build / "image" / IMAGE)


@main.command("keep-packages")
@build_option
@snapshot_option
def keep_packages_command(build: Path, snapshot: str | None) -> None:
    """Write Debian's locked packages into one file, to be kept with the release.

    Prints the file's name and SHA-256.
    """
    with explained():
        _be_root()
        plan, locked = layout.load(), lock.read()
        debs = build / "image" / DEBS
        file = build / "image" / f"homthu-{plan.version}-packages.tar"
        with _shown("Debian's packages"):
            debian.fetch(plan, locked, debs, _sources(plan, locked, snapshot))
        with _shown(file.name):
            kept_packages.keep(locked, debs, file)
        with file.open("rb") as whole:
            click.echo(f"{hashlib.file_digest(whole, 'sha256').hexdigest()}  {file}")


def _sources(plan: Layout, locked: Lock, snapshot: str | None) -> Sequence[Source]:
    return (TODAY, *(snapshots(snapshot, plan, locked.date) if snapshot else ()))


def _steps(build: Path, snapshot: str | None, packages: Path | None) -> Iterator[Step]:
    plan, locked = layout.load(), lock.read()
    tools, out = Tools(locked.date), build / "image"
    root, debs = out / "root", out / DEBS
    archive = out / f"debian-{hashlib.sha256(str(locked).encode()).hexdigest()[:12]}.tar"

    if packages:
        yield "Debian's kept packages", partial(kept_packages.unpack, packages, locked, debs)
    else:
        sources = _sources(plan, locked, snapshot)
        yield "Debian's packages", partial(debian.fetch, plan, locked, debs, sources)
    if not archive.exists():
        yield "Debian, installed", partial(debian.install, plan, locked, debs, archive)
    yield "Debian, unpacked", partial(_unpack, archive, root, tools)
    product = Product(plan, root, build, tools)
    for step in product.steps():
        yield f"The product: {step.__name__}", step
    firmware, slot = boot_files.firmware(root, tools), boot_files.slot(root)
    modules = boot_files.modules(root)
    needed = (*chosen(), *boot_files.card_drivers(root, tools))
    yield "What a card does without", partial(prune, root, spared=modules.files(needed))
    yield "What its drivers need", partial(check, modules)
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

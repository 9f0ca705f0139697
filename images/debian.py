"""The Debian part of a card: its packages looked up, fetched, checked and installed.

What is installed comes from a folder that holds the locked packages and nothing else; no program
of a package that differs from the lock is ever run.
"""

import logging
import re
import shlex
import subprocess
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote

from images import lock
from images.emulation import emulation
from images.layout import Layout
from images.lock import Lock, Package
from images.sources import TODAY, Source, mmdebstrap
from images.tools import Tools
from kiosk.common import files
from kiosk.common.errors import ImageError

ESSENTIAL = "?essential"
OFFLINE = (
    "connect to the network and repeat; "
    "or build without it: make image PACKAGES=the kept packages of this release"
)
WAYS_ON = (
    "either renew the lock: make image-lock; or build what is locked: "
    "make image PACKAGES=the kept packages of this release, "
    "or make image SNAPSHOT=the address of a Debian snapshot archive"
)
_LOGGER = logging.getLogger(__name__)
_OFFER = re.compile(r"' ([^_ ]+)_([^_ ]+)_[^_ ]+\.deb \d+ SHA256:(\w+)")


def resolve(layout: Layout, names: Sequence[str], source: Source = TODAY) -> Lock:
    """What Debian offers today for these packages and all they depend on.

    Raises ImageError when it cannot be reached or does not offer one of them.
    """
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as folder:
        offers = Path(folder) / "offers"
        asked = ("apt-get", "--yes", "--print-uris", "-o", "Acquire::ForceHash=SHA256", "install")
        script = f"{shlex.join((*asked, ESSENTIAL, *names))} > {shlex.quote(str(offers))}"
        source.ask(layout, Tools(now), script, cure="nothing was changed")
        found = [Package(*offer) for offer in _OFFER.findall(unquote(offers.read_text("utf-8")))]
    if absent := set(names) - {package.name for package in found}:
        raise ImageError(f"{source.name} has no package {' '.join(sorted(absent))}")
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return Lock(today, tuple(sorted(found)))


def renew(layout: Layout, names: Sequence[str], path: Path, source: Source = TODAY) -> str:
    """Lock what a source offers; returns what that changes as a table, or nothing.

    The lock at `path` stays as it is when nothing changes, and after an error.
    """
    try:
        former = lock.read(path)
    except (ImageError, FileNotFoundError):
        former = Lock(datetime.min, ())
    renewed = resolve(layout, names, source)
    changes = lock.difference(former, renewed)
    if changes:
        files.write(path, str(renewed))
    return changes


def fetch(layout: Layout, locked: Lock, debs: Path, sources: Sequence[Source] = (TODAY,)) -> None:
    """Put the locked packages into a folder, all of them and as locked.

    Each source is asked for what the former ones did not have. Raises ImageError that names what
    none of them has, what is offered instead by the first that answers, and the ways on.
    """
    debs.mkdir(parents=True, exist_ok=True)
    offers: dict[Source, Mapping[str, str]] = {}
    failures = []
    for source in sources:
        lacking = locked.lacking(debs)
        if not lacking:
            return
        if source is not sources[0]:
            _LOGGER.warning("%d locked packages are looked for in %s", len(lacking), source.name)
        try:
            offers[source] = _download(layout, locked, lacking, debs, source)
        except ImageError as error:
            failures.append(f"{source.name}: {error.message}")
    lacking = locked.lacking(debs)
    if lacking and not offers:
        raise ImageError("\n".join(failures), OFFLINE)
    if lacking:
        source, offered = next(iter(offers.items()))
        listing = lock.missing(lacking, source.name, offered)
        count = f"{len(lacking)} of {len(locked.packages)} locked packages could not be fetched"
        raise ImageError("\n".join((*failures, listing, count)), WAYS_ON)


def install(layout: Layout, locked: Lock, debs: Path, archive: Path) -> None:
    """Install the locked packages from a folder into a root file system, an archive of tar."""
    with tempfile.TemporaryDirectory(dir=debs.parent) as folder, emulation():
        repository = Path(folder).resolve()
        offers = [_offer(package, deb, repository) for package, deb in locked.files(debs).items()]
        (repository / "Packages").write_text("\n".join(offers), "utf-8")
        new = archive.with_suffix(".new")
        Tools(locked.date).run(
            *mmdebstrap(layout, "essential"),
            f"--include={','.join(package.name for package in locked.packages)}",
            "--format=tar",
            "",
            new,
            f"deb [trusted=yes] copy://{repository} ./",
        )
        new.rename(archive)


def _download(
    layout: Layout, locked: Lock, lacking: Iterable[Package], debs: Path, source: Source
) -> Mapping[str, str]:
    """Download those that a source has; returns the newest version that it has of each by name."""
    for package in lacking:
        for damaged in debs.glob(package.pattern):
            damaged.unlink()
    names = shlex.join(package.name for package in lacking)
    with tempfile.TemporaryDirectory() as folder:
        wanted, offers = Path(folder) / "wanted", Path(folder) / "offers"
        wanted.write_text("".join(f"{package.pin}\n" for package in lacking), "utf-8")
        source.ask(
            layout,
            Tools(locked.date),
            f"cd {shlex.quote(str(debs.resolve()))}\n"
            f"apt-cache madison {names} | awk '{{print $1 \"=\" $3}}' > {offers}\n"
            f"grep -Fxf {wanted} {offers} | sort -u | xargs -r apt-get download >&2",
        )
        newest_first = [line.split("=", 1) for line in offers.read_text("utf-8").splitlines()]
    return dict(reversed([(name, version) for name, version in newest_first]))


def _offer(package: Package, deb: Path, repository: Path) -> str:
    """Put a package into a repository; returns its paragraph of the index, as in deb822(5)."""
    file = repository / f"{package.digest}.deb"
    file.hardlink_to(deb)
    control = subprocess.run(["dpkg-deb", "-f", deb], check=True, capture_output=True, text=True)
    size = deb.stat().st_size
    return f"{control.stdout}Filename: {file.name}\nSize: {size}\nSHA256: {package.digest}\n"

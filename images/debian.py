"""The Debian part of a card: its packages looked up, fetched, checked and installed.

What is installed comes from a folder that holds the locked packages and nothing else; no program
of a package that differs from the lock is ever run. Where packages come from is the building
machine's own affair: mmdebstrap takes its default.
"""

import re
import shlex
import subprocess
import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote

from images.emulation import emulation
from images.layout import Layout
from images.lock import RENEW, Lock, Package
from images.tools import Tools

ESSENTIAL = "?essential"
_OFFER = re.compile(r"' ([^_ ]+)_([^_ ]+)_[^_ ]+\.deb \d+ SHA256:(\w+)")


def resolve(layout: Layout, names: Iterable[str]) -> Lock:
    """What Debian offers today for these packages and all they depend on."""
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as folder:
        offers = Path(folder) / "offers"
        asked = ("--print-uris", "-o", "Acquire::ForceHash=SHA256", "install", ESSENTIAL, *names)
        _apt(layout, Tools(now), Path(folder), *asked, out=offers)
        found = _OFFER.findall(unquote(offers.read_text("utf-8")))
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return Lock(today, tuple(sorted(Package(*offer) for offer in found)))


def fetch(layout: Layout, lock: Lock, debs: Path) -> None:
    """Put the locked packages into a folder, all of them and as locked, or raise ImageError."""
    debs.mkdir(parents=True, exist_ok=True)
    lacking = [package.pin for package in lock.packages if not package.file(debs)]
    if lacking:
        asked = ("--download-only", "install", *(package.pin for package in lock.packages))
        _apt(layout, Tools(lock.date), debs, *asked)
    lock.files(debs)


def install(layout: Layout, lock: Lock, debs: Path, archive: Path) -> None:
    """Install the locked packages from a folder into a root file system, an archive of tar."""
    with tempfile.TemporaryDirectory(dir=debs.parent) as folder, emulation():
        repository = Path(folder).resolve()
        offers = [_offer(package, deb, repository) for package, deb in lock.files(debs).items()]
        (repository / "Packages").write_text("\n".join(offers), "utf-8")
        new = archive.with_suffix(".new")
        Tools(lock.date).run(
            *_mmdebstrap(layout, "essential"),
            f"--include={','.join(package.name for package in lock.packages)}",
            "--format=tar",
            "",
            new,
            f"deb [trusted=yes] copy://{repository} ./",
        )
        new.rename(archive)


def _apt(layout: Layout, tools: Tools, debs: Path, *asked: str, out: Path | None = None) -> None:
    (debs / "partial").mkdir(exist_ok=True)
    command = shlex.join(
        ("apt-get", "--yes", "-o", f"Dir::Cache::archives={debs.resolve()}", *asked)
    )
    hook = f'APT_CONFIG="$MMDEBSTRAP_APT_CONFIG" {command} > {out or "/dev/stderr"}'
    tools.run(
        *_mmdebstrap(layout, "custom"),
        f"--components={layout.components}",
        f"--extract-hook={hook}",
        "--format=null",
        layout.suite,
        "-",
        cure=RENEW,
    )


def _mmdebstrap(layout: Layout, variant: str) -> tuple[str, ...]:
    return (
        "mmdebstrap",
        "--mode=root",
        f"--architectures={layout.architecture}",
        f"--variant={variant}",
        "--skip=check/qemu",
        '--aptopt=Acquire::Languages "none"',
    )


def _offer(package: Package, deb: Path, repository: Path) -> str:
    """Put a package into a repository; returns its paragraph of the index, as in deb822(5)."""
    file = repository / f"{package.digest}.deb"
    file.hardlink_to(deb)
    control = subprocess.run(["dpkg-deb", "-f", deb], check=True, capture_output=True, text=True)
    size = deb.stat().st_size
    return f"{control.stdout}Filename: {file.name}\nSize: {size}\nSHA256: {package.digest}\n"

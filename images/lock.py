"""The lock of Debian's packages: which versions a card is made of, and their hashes.

`packages.lock` begins with the date on which Debian looked like this; then one line a package:
name, version and the SHA-256 of its file.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from images.layout import IMAGES
from kiosk.common.errors import ImageError

LOCK = IMAGES / "packages.lock"
NAMES = IMAGES / "packages.txt"
RENEW = "make image-lock, look at what changed, commit"


@dataclass(frozen=True, order=True)
class Package:
    """One locked package; `digest` is the SHA-256 of the .deb in hexadecimal."""

    name: str
    version: str
    digest: str

    @property
    def pin(self) -> str:
        """How apt-get is asked for exactly this."""
        return f"{self.name}={self.version}"

    def file(self, debs: Path) -> Path | None:
        """Its .deb among others, named as apt names it, when it is there and not a byte differs."""
        version = self.version.replace(":", "%3a")
        found = next(debs.glob(f"{self.name}_{version}_*.deb"), None)
        if found and hashlib.sha256(found.read_bytes()).hexdigest() == self.digest:
            return found
        return None


@dataclass(frozen=True)
class Lock:
    """Every package of the card, and the date: nothing on the card is newer."""

    date: datetime
    packages: Sequence[Package]

    def files(self, debs: Path) -> dict[Package, Path]:
        """The .deb of each package. Raises ImageError when one is missing or not as locked."""
        found = {package: package.file(debs) for package in self.packages}
        wrong = [package.pin for package, file in found.items() if file is None]
        if wrong:
            raise ImageError(f"not what packages.lock says: {' '.join(wrong)}", RENEW)
        return {package: file for package, file in found.items() if file}

    def __str__(self) -> str:
        lines = (f"{p.name} {p.version} {p.digest}" for p in sorted(self.packages))
        return "\n".join((f"{self.date:%Y-%m-%d}", *lines, ""))


def read(path: Path = LOCK) -> Lock:
    """The lock in a file. Raises ImageError for a line that is not one of a lock."""
    date, *lines = path.read_text("utf-8").splitlines() or [""]
    try:
        day = datetime.strptime(date, "%Y-%m-%d").replace(tzinfo=UTC)
        return Lock(day, tuple(Package(*line.split()) for line in lines))
    except (TypeError, ValueError):
        raise ImageError(f"{path}: not a lock", RENEW) from None


def names(path: Path = NAMES) -> list[str]:
    """The packages that were chosen by hand, without their comments."""
    lines = path.read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]

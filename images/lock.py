"""The lock of Debian's packages: which versions a card is made of, and their hashes.

`packages.lock` begins with the date on which Debian looked like this; then one line a package:
name, version and the SHA-256 of its file.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
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

    @property
    def pattern(self) -> str:
        """What the name of its .deb matches, as apt names it."""
        return f"{self.name}_{self.version.replace(':', '%3a')}_*.deb"

    def file(self, debs: Path) -> Path | None:
        """Its .deb among others, when it is there and not a byte differs."""
        found = next(debs.glob(self.pattern), None)
        return found if found and self.is_whole(found.read_bytes()) else None

    def is_whole(self, deb: bytes) -> bool:
        """Whether these are the bytes that are locked."""
        return hashlib.sha256(deb).hexdigest() == self.digest


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

    def lacking(self, debs: Path) -> list[Package]:
        """The packages whose .deb is not in a folder, or differs."""
        return [package for package in self.packages if not package.file(debs)]

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


def difference(former: Lock, renewed: Lock) -> str:
    """A table of what is new, gone or changed, a line a package; empty when nothing is."""
    old, new = ({package.name: package for package in lock.packages} for lock in (former, renewed))
    rows = []
    for name in sorted({*old, *new}):
        before, after = old.get(name), new.get(name)
        if before is None and after:
            rows.append((name, "-", after.version, "new"))
        elif before and after is None:
            rows.append((name, before.version, "-", "gone"))
        elif before and after and before != after:
            same = before.version == after.version
            rows.append((name, before.version, after.version, "other bytes" if same else "changed"))
    return _table(("package", "former", "renewed", ""), rows) if rows else ""


def missing(lacking: Iterable[Package], where: str, found: Mapping[str, str]) -> str:
    """A table of packages that could not be had, beside the versions that were `found` by name.

    `where` is the heading of those. To have found the locked version means: with other bytes.
    """
    rows = []
    for package in lacking:
        version = found.get(package.name, "none")
        note = "damaged or changed" if version == package.version else ""
        rows.append((package.name, package.version, version, note))
    return _table(("package", "locked", where, ""), rows)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Columns of text, each as wide as its longest cell; read by people and by `column`."""
    lines = [head, *rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def names(path: Path = NAMES) -> list[str]:
    """The packages that were chosen by hand, without their comments."""
    lines = path.read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]

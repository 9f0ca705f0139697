"""The packages of a release in one file, from which its image can be built for years.

The file is a tar: first packages.lock, in which the digests are, then every .deb that it names, by
name. The same packages give the same bytes: nothing in it depends on machine, user or hour.
"""

import tarfile
from collections.abc import Iterator
from fnmatch import fnmatch
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote

from images import lock
from images.lock import Lock, missing
from kiosk.common import files
from kiosk.common.errors import ImageError

CURE = "take the whole file that was kept with this release, or build without: make image"


def keep(locked: Lock, debs: Path, file: Path) -> None:
    """Write the packages in a folder into one file; a former one stays until it is whole.

    Raises ImageError when a package is missing or not as locked.
    """
    found = sorted(locked.files(debs).items())
    with files.drafted(file) as draft, tarfile.open(fileobj=draft, mode="w") as archive:
        _add(archive, locked, lock.LOCK.name, str(locked).encode())
        for _, deb in found:
            _add(archive, locked, deb.name, deb.read_bytes())


def unpack(file: Path, locked: Lock, debs: Path) -> None:
    """Put the locked packages out of a file into a folder, all of them and as locked.

    Raises ImageError that names what is missing from the file or differs, and which version is
    there instead; what is right is in the folder then.
    """
    debs.mkdir(parents=True, exist_ok=True)
    wanted = {package.name: package for package in locked.packages}
    kept, lacking = {}, dict(wanted)
    for deb, content in _members(file):
        name, version, *_ = unquote(deb).split("_")
        kept[name] = version
        package = wanted.get(name)
        if package and fnmatch(deb, package.pattern) and package.is_whole(content):
            files.write(debs / deb, content)
            lacking.pop(name, None)
    if lacking:
        listing = missing(lacking.values(), "in the file", kept)
        count = f"{len(lacking)} of {len(wanted)} locked packages are not in {file} as locked"
        raise ImageError(f"{listing}\n{count}", CURE)


def _add(archive: tarfile.TarFile, locked: Lock, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mtime = len(content), int(locked.date.timestamp())
    archive.addfile(member, BytesIO(content))


def _members(file: Path) -> Iterator[tuple[str, bytes]]:
    """Name and content of every .deb in a tar, as far as it can be read."""
    try:
        with tarfile.open(file, "r:") as archive:
            for member in archive:
                content = archive.extractfile(member)
                if content and member.name.endswith(".deb"):
                    yield Path(member.name).name, content.read()
    except tarfile.TarError:
        return

"""A small Debian on loopback: real packages in archives and snapshots that apt-get reads."""

import hashlib
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

from images.sources import Source

SUITE = "trixie"
LONG_AGO = "Sat, 01 Jan 2000 00:00:00 UTC"


@dataclass(frozen=True)
class Deb:
    """What makes a package: the fields of its control file, and its architecture."""

    name: str
    version: str
    fields: str = ""
    architecture: str = "arm64"

    def build(self, folder: Path) -> Path:
        """Its .deb, the same bytes each time."""
        control = f"Package: {self.name}\nVersion: {self.version}\n{self.fields}"
        control += f"Architecture: {self.architecture}\nMaintainer: nobody\nDescription: a test\n"
        file = folder / f"{self.name}_{self.version.replace(':', '%3a')}_{self.architecture}.deb"
        with TemporaryDirectory() as name:
            tree = Path(name) / "tree"
            (tree / "DEBIAN").mkdir(parents=True)
            (tree / "DEBIAN" / "control").write_text(control)
            subprocess.run(
                ["dpkg-deb", "--root-owner-group", "--build", tree, file],
                check=True,
                capture_output=True,
                env=os.environ | {"SOURCE_DATE_EPOCH": "0"},
            )
        return file

    def paragraph(self, file: Path, place: str) -> str:
        """What the index of an archive says of it, as in deb822(5)."""
        control = subprocess.run(
            ["dpkg-deb", "-f", file], check=True, capture_output=True, text=True
        )
        data = file.read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        return f"{control.stdout}Filename: {place}\nSize: {len(data)}\nSHA256: {digest}\n"


class Mirror:
    """Archives below one folder, served on loopback at `address`."""

    def __init__(self, folder: Path, address: str) -> None:
        self.folder = folder
        self.address = address

    @property
    def today(self) -> Source:
        """Where apt finds what was published last."""
        return Source("Debian today", (f"deb [trusted=yes] {self.address}/debian {SUITE} main",))

    def publish(self, *debs: Deb, archive: str = "debian", suite: str = SUITE) -> None:
        """Make these the only packages of a suite; what it had before is gone, as in Debian."""
        top = self.folder / archive
        pool, dists = top / "pool" / suite, top / "dists" / suite
        shutil.rmtree(pool, ignore_errors=True)
        pool.mkdir(parents=True)
        index = dists / "main" / "binary-arm64" / "Packages"
        index.parent.mkdir(parents=True, exist_ok=True)
        built = [(deb, deb.build(pool)) for deb in debs]
        paragraphs = (deb.paragraph(file, str(file.relative_to(top))) for deb, file in built)
        data = "\n".join(paragraphs).encode()
        index.write_bytes(data)
        digest = f"{hashlib.sha256(data).hexdigest()} {len(data)} {index.relative_to(dists)}"
        dates = f"Date: {LONG_AGO}\n"
        if archive != "debian":
            dates += f"Valid-Until: {LONG_AGO}\n"
        (dists / "Release").write_text(
            f"Suite: {suite}\nArchitectures: arm64\nComponents: main\n{dates}SHA256:\n {digest}\n"
        )

    def keep_snapshot(self, moment: str, *debs: Deb, suite: str = SUITE) -> None:
        """Publish a snapshot of a moment, as 20261122T000000Z, with packages in one of its suites.

        It is no longer valid, as those of former years are not.
        """
        for archive, name in (
            ("debian", SUITE),
            ("debian", f"{SUITE}-updates"),
            ("debian-security", f"{SUITE}-security"),
        ):
            there = debs if name == suite else ()
            self.publish(*there, archive=f"archive/{archive}/{moment}", suite=name)


def listed(text: str, *cells: str) -> bool:
    """Whether a table has a line of these cells and no others."""
    return re.search(rf"^{' +'.join(map(re.escape, cells))}$", text, re.M) is not None


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def serving(folder: Path) -> Iterator[Mirror]:
    """A mirror of the archives below a folder, reachable meanwhile."""
    folder.mkdir(parents=True, exist_ok=True)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield Mirror(folder, f"http://127.0.0.1:{server.server_port}")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

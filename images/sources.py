"""Where Debian's packages are looked up and fetched: today's Debian, and snapshots of a former day.

No address is written here. For today's Debian mmdebstrap takes its own default; the address of a
snapshot archive is given by whoever builds.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from tempfile import NamedTemporaryFile

from images.layout import Layout
from images.tools import Tools
from kiosk.common.errors import ImageError

_ADDRESS = re.compile(r"[a-z]+://[^\s\[\]]+")
_SUITES = (("debian", ""), ("debian", "-updates"), ("debian-security", "-security"))
"""Archives and suites in which a stable Debian is published."""


@dataclass(frozen=True)
class Source:
    """Something apt fetches from.

    `name` says what it is in messages; `lines` are those of a sources.list(5), none for
    mmdebstrap's default.
    """

    name: str
    lines: Sequence[str] = ()

    def ask(self, layout: Layout, tools: Tools, script: str, cure: str = "") -> None:
        """Run a shell script in which apt-get and apt-cache know this source and nothing else.

        Nothing is installed. Raises ImageError, with this cure, when the source does not answer or
        the script fails.
        """
        with NamedTemporaryFile("w", encoding="utf-8") as file:
            file.write(f'export APT_CONFIG="$MMDEBSTRAP_APT_CONFIG"\n{script}\n')
            file.flush()
            tools.run(
                *mmdebstrap(layout, "custom"),
                f"--components={layout.components}",
                f"--extract-hook=sh -e {file.name}",
                "--format=null",
                layout.suite,
                "-",
                *self.lines,
                cure=cure,
            )


TODAY = Source("Debian today")


def snapshots(address: str, layout: Layout, day: datetime) -> tuple[Source, ...]:
    """The snapshots at the beginning and at the end of a day, in the scheme of Debian's archive.

    What came during the day is in the later one, what went during the day in the earlier one.
    Signatures are not asked for: Debian's keys expire after some years, and a fetched package
    counts only when it has the SHA-256 of the lock. Raises ImageError for what is no address.
    """
    if not _ADDRESS.fullmatch(address):
        raise ImageError(f"{address!r} is not the address of a snapshot archive", "SNAPSHOT=URL")
    return tuple(
        Source(
            f"the snapshot of {moment:%Y-%m-%d}",
            tuple(
                f"deb [trusted=yes check-valid-until=no] {address.rstrip('/')}/archive/{archive}"
                f"/{moment:%Y%m%dT%H%M%SZ} {layout.suite}{suffix} {layout.components}"
                for archive, suffix in _SUITES
            ),
        )
        for moment in (day, day + timedelta(days=1))
    )


def mmdebstrap(layout: Layout, variant: str) -> tuple[str, ...]:
    """The beginning of every command of mmdebstrap."""
    return (
        "mmdebstrap",
        "--mode=root",
        f"--architectures={layout.architecture}",
        f"--variant={variant}",
        "--skip=check/qemu",
        '--aptopt=Acquire::Languages "none"',
    )

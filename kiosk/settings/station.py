"""`station.toml`: what the station's programs need. It is the operator's to change."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from kiosk.common import schema
from kiosk.common.checks import FILLED, Check, Parsed, private, secret
from kiosk.protocol.cells import KEY
from kiosk.settings.access import Access, Address, File
from kiosk.settings.fields import KioskId, Text
from kiosk.settings.kiosk_list import load_kiosks
from kiosk.settings.mail import MailSettings

CURE = "fix the file"
MASTER_FILE = "link.master"
_URL_WITH_PASSWORD = re.compile(r"[^/]+://[^/@]*:[^/]*@|.*[?&]password=")


def _master_problem(folder: Path, file: Path) -> str | None:
    if not folder.exists():
        return "the file does not exist"
    problem = secret(KEY).problem(folder / MASTER_FILE, file)
    return problem and f"its {MASTER_FILE}: {problem}"


def _password_problem(url: str, file: Path) -> str | None:
    return private(url, file) if _URL_WITH_PASSWORD.match(url) else None


def _by_kiosk(clusters: Mapping[str, Iterable[str]]) -> dict[str, str]:
    pairs = [(kiosk, name) for name, kiosks in clusters.items() for kiosk in kiosks]
    if len(dict(pairs)) != len(pairs):
        raise ValueError
    return dict(pairs)


def _by_cluster(names: Mapping[str, str]) -> dict[str, list[str]]:
    clusters: dict[str, list[str]] = {}
    for kiosk, name in names.items():
        clusters.setdefault(name, []).append(kiosk)
    return clusters


@dataclass(frozen=True, kw_only=True)
class StationSettings:
    """The file; its owner alone may read it when `database` holds a password.

    `folder` is made by `homthu-station init`. `database` is an URL of SQLite or of PostgreSQL
    ("postgresql+psycopg://user@host/name"), by default `station.db` in the folder. `assets` are
    built pictures for the desk. `clusters` are kiosks that the desk shows as one until a reader
    asks for more, from a kiosk's topic id to the name of its cluster; the others are a cluster too.
    """

    broker: Address
    server_name: Text
    folder: Annotated[Path, Check(_master_problem)]
    tls_ca: File
    tls_cert: File
    tls_key: File
    kiosks: File
    database: Annotated[str, FILLED, Check(_password_problem)] = ""
    assets: Path = Path("/usr/share/homthu")
    mail: MailSettings | None = None
    clusters: Annotated[
        Mapping[str, str],
        Parsed(
            dict[str, tuple[KioskId, ...]],
            _by_kiosk,
            _by_cluster,
            "must not name a kiosk twice",
        ),
    ] = field(default_factory=dict)

    @property
    def access(self) -> Access:
        """How to reach the broker."""
        return Access((self.broker,), self.server_name, self.tls_ca, self.tls_cert, self.tls_key)

    @property
    def database_url(self) -> str:
        """Where the station's database is."""
        return self.database or f"sqlite:///{(self.folder / 'station.db').absolute()}"

    @property
    def link_master(self) -> bytes:
        """The key from which those of all kiosks are derived."""
        return (self.folder / MASTER_FILE).read_bytes()


def load_station(path: Path) -> StationSettings:
    """Read `station.toml`. Raises ConfigError with every mistake in it or in its list of kiosks."""
    settings = schema.load(StationSettings, path, CURE)
    load_kiosks(settings.kiosks)
    return settings

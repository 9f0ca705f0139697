"""What the courier and the station are told: `courier.toml`, `station.toml`, `kiosks.toml`.

Paths are relative to the file that names them; every key is required unless marked optional.

courier.toml
    topic_id    = "32 hexadecimal digits"      the kiosk's random id
    brokers     = ["host:port", ...]           in order, fixed addresses before names; IPv6 as
                                               "[::1]:8883"
    server_name = "broker.example"             name in the broker's certificate
    slot_s      = 300                          seconds, 0.01 to 86400
    budget_mb   = 50                           optional; MB in 30 days; slots are rarer to keep it
    hours       = ["5-9", "17-22"]             optional; cells leave only at these hours
    outboxes    = ["touch.db", "phone.db"]
    folder      = "."                          optional; where the courier keeps what it remembers
    status      = "status.json"                optional; where it tells how the link is
    clock       = "station.clock"              optional; where the station's time is kept
    inbox       = "inbox.db"                   optional; where the station's messages are kept
    authority   = "authority.pub"              optional; the authority's root, 32 bytes
    manifest    = "manifest.cbor"              optional; the key manifest from provisioning
    tls_ca = "ca.pem"  tls_cert = "tls.pem"  tls_key = "tls.key"
    link_key    = "link.key"                   64 bytes, up key then down key, mode 0600
    row_key     = "row.key"                    32 bytes, for its owner and one group
    modem_port  = "usb-*-if02-port0"           optional; a name in /dev/serial/by-id, with * and ?,
                                               or an absolute path; without it no modem is touched
    modem_pin   = "1234"                       optional; then courier.toml needs mode 0600
    modem_apn   = "v-internet"                 optional
    modem_reset_after = 6                      optional; missed slots in a row before a reset
    modem_power = "/run/homthu-courier/modem-power"   optional; takes 0 for off and 1 for on

station.toml
    folder      = "."                          made by `homthu-station init`
    database    = "sqlite:///..."              optional; default `station.db` in the folder, or
                                               "postgresql+psycopg://user@host/name"; with a
                                               password in it station.toml needs mode 0600
    broker      = "host:port"
    server_name, tls_ca, tls_cert, tls_key     as above
    kiosks      = "kiosks.toml"
    assets      = "/usr/share/homthu"          optional; built pictures for the desk
    [mail]                                     optional; see `uplink/link/mail_settings.py`
    [clusters]                                 optional; kiosks that the desk shows as one until
    "Cụm Nậm Pồ" = ["topic id", ...]           a reader asks for more; the others are a cluster too

kiosks.toml (read again whenever it changes)
    [kiosks.<topic_id>]
    name = "Bản Nậm Pồ"
    generation = 1                             of its link keys, 1 or more
    villages = { ncs1 = "Na Cô Sa 1" }         optional; as in the kiosk's own kiosk.toml
"""

import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from kiosk.common import schema
from kiosk.common.errors import ConfigError
from kiosk.protocol.cells import KEY
from kiosk.protocol.station_settings import MAX_BUDGET_MB, MAX_SLOT_S, Pace, parse_hours
from uplink.link.mail_settings import MailSettings, read_mail

MASTER_FILE = "link.master"
PIN_FILE = "modem.pin-tried"
STATE_FILE = "status.json"
RESET_AFTER = 6

_TOPIC_ID = re.compile(r"[0-9a-f]{32}")
_ADDRESS = re.compile(r"(?:\[([0-9a-fA-F:.]+)\]|([^\s:\[\]]+)):(\d{1,5})")
_PORT = re.compile(r"(?:/[\w*?./:+-]+|[\w*?.:+-]+)?")
_URL_WITH_PASSWORD = re.compile(r"[^/]+://[^/@]*:[^/]*@|.*[?&]password=")
_PIN = re.compile(r"(?:[0-9]{4,8})?")
_APN = re.compile(r"(?:[A-Za-z0-9.-]{1,100})?")
MAX_GENERATION = 2**32 - 1
CURE = "mend the file"


@dataclass(frozen=True)
class Access:
    """How to reach the brokers and how to prove who we are."""

    brokers: tuple[tuple[str, int], ...]
    server_name: str
    tls_ca: Path
    tls_cert: Path
    tls_key: Path


@dataclass(frozen=True)
class ModemSettings:
    """Which modem to look at; `memory` remembers a tried PIN, `power` switches the modem off."""

    port: str
    pin: str
    apn: str
    reset_after: int
    memory: Path
    power: Path | None = None


@dataclass(frozen=True)
class CourierSettings:
    """Everything the courier is told; `folder` is its own, `status` is for the staff screen."""

    topic_id: str
    access: Access
    pace: Pace
    outboxes: tuple[Path, ...]
    clock: Path
    inbox: Path
    authority: Path
    manifest: Path
    link_up: bytes
    link_down: bytes
    row_key: bytes
    folder: Path
    status: Path
    modem: ModemSettings | None = None


class Kiosk(NamedTuple):
    """One kiosk of the station's list; `villages` are the names of those that it offers, by id."""

    name: str
    generation: int
    villages: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class StationSettings:
    """Everything the station is told."""

    folder: Path
    database_url: str
    access: Access
    link_master: bytes
    kiosks: Path
    assets: Path = Path("/usr/share/homthu")
    clusters: Mapping[str, str] = field(default_factory=dict)
    """From a kiosk's topic id to the name of its cluster."""
    mail: MailSettings | None = None


class _Reader:
    """Reads one TOML file and gathers every problem before it complains."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problems: list[str] = []
        self._asked: list[str] = []
        self._table = schema.parse(path, CURE)

    def value(self, key: str, kind: type | tuple[type, ...], wanted: str) -> Any:
        self._asked.append(key)
        value = self._table.get(key)
        if isinstance(value, kind) and not isinstance(value, bool) and value not in ("", []):
            return value
        self.problems.append(f"{key}: {wanted} is missing")
        return None

    def text(self, key: str) -> str:
        return self.value(key, str, "a text") or ""

    def optional_text(self, key: str, default: str) -> str:
        return self.text(key) if key in self._table else self._default(key, default)

    def optional_match(self, key: str, pattern: re.Pattern[str], wanted: str) -> str:
        value = self.optional_text(key, "")
        if not pattern.fullmatch(value):
            self.problems.append(f"{key}: must be {wanted}")
        return value

    def number(self, key: str, low: float, high: float) -> float:
        value = self.value(key, (int, float), "a number")
        if value is not None and not low <= value <= high:
            self.problems.append(f"{key}: must be between {low} and {high}")
        return float(value or 0)

    def texts(self, key: str) -> list[str]:
        found = self.value(key, list, "a list of texts") or []
        if all(isinstance(item, str) for item in found):
            return found
        self.problems.append(f"{key}: must be a list of texts")
        return []

    def topic_id(self, key: str) -> str:
        topic_id = self.text(key)
        if topic_id and not _TOPIC_ID.fullmatch(topic_id):
            self.problems.append(f"{key}: must be 32 hexadecimal digits")
        return topic_id

    def file(self, key: str) -> Path:
        path = self._resolve(self.text(key))
        if path != self.path.parent and not path.exists():
            self.problems.append(f"{key}: the file does not exist")
        return path

    def secret(self, key: str, size: int, forbidden: int = 0o077) -> bytes:
        path = self.file(key)
        return self.secret_at(path, key, size, forbidden) if path.is_file() else b""

    def secret_at(self, path: Path, key: str, size: int, forbidden: int = 0o077) -> bytes:
        try:
            data = path.read_bytes()
            mode = stat.S_IMODE(path.stat().st_mode)
        except OSError as error:
            self.problems.append(f"{key}: cannot be read ({error.strerror})")
            return b""
        if mode & forbidden:
            self.problems.append(f"{key}: others may read it; set its mode to 0600")
        if len(data) != size:
            self.problems.append(f"{key}: must hold {size} bytes")
        return data

    def access(self, key: str, addresses: list[str]) -> Access:
        return Access(
            tuple(self._address(key, address) for address in addresses),
            self.text("server_name"),
            self.file("tls_ca"),
            self.file("tls_cert"),
            self.file("tls_key"),
        )

    def modem(self, folder: Path) -> ModemSettings | None:
        port = self.optional_match("modem_port", _PORT, "a port")
        pin = self.optional_match("modem_pin", _PIN, "4 to 8 digits")
        apn = self.optional_match("modem_apn", _APN, "a name such as v-internet")
        given = "modem_reset_after" in self._table
        after = int(self.number("modem_reset_after", 1, 10_000)) if given else RESET_AFTER
        self._asked.append("modem_reset_after")
        power = self.optional_text("modem_power", "")
        if power and not Path(power).is_absolute():
            self.problems.append("modem_power: must be an absolute path")
        if pin:
            self.must_be_private("modem_pin")
        if not port:
            if pin or apn or given or power:
                self.problems.append("modem_port: a port is missing")
            return None
        memory = folder / PIN_FILE
        return ModemSettings(port, pin, apn, after, memory, Path(power) if power else None)

    def pace(self) -> Pace:
        slot_s = self.number("slot_s", 0.01, MAX_SLOT_S)
        limited = "budget_mb" in self._table
        budget_mb = int(self.number("budget_mb", 1, MAX_BUDGET_MB)) if limited else 0
        texts = self.texts("hours") if "hours" in self._table else []
        self._asked += ["budget_mb", "hours"]
        try:
            return Pace(slot_s, budget_mb, parse_hours(texts))
        except ValueError:
            self.problems.append('hours: must be like "5-9", from 0 to 24')
            return Pace(slot_s)

    def mail(self) -> MailSettings | None:
        self._asked.append("mail")
        if "mail" not in self._table:
            return None
        return read_mail(self._table["mail"], self.path.parent, self.problems)

    def clusters(self) -> dict[str, str]:
        named = self.value("clusters", dict, "a table") if "clusters" in self._table else {}
        found: dict[str, str] = {}
        self._asked.append("clusters")
        for name, kiosks in (named or {}).items():
            known = isinstance(kiosks, list) and all(
                isinstance(kiosk, str) and _TOPIC_ID.fullmatch(kiosk) for kiosk in kiosks
            )
            if not known:
                self.problems.append(f"clusters: {name} must be a list of topic ids")
            elif found.keys() & set(kiosks):
                self.problems.append(f"clusters: a kiosk of {name} is in two clusters")
            else:
                found.update(dict.fromkeys(kiosks, name))
        return found

    def database(self, default: Path) -> str:
        url = self.optional_text("database", f"sqlite:///{default.absolute()}")
        if _URL_WITH_PASSWORD.match(url):
            self.must_be_private("database")
        return url

    def must_be_private(self, key: str) -> None:
        if stat.S_IMODE(self.path.stat().st_mode) & 0o077:
            self.problems.append(f"{key}: others may read it; set this file's mode to 0600")

    def finish(self) -> None:
        for key in self._table.keys() - set(self._asked):
            self.problems.append(f"{key}: unknown key{schema.suggestion(key, self._asked)}")
        if self.problems:
            raise ConfigError(self.path.name, sorted(self.problems), CURE)

    def _default(self, key: str, default: str) -> str:
        self._asked.append(key)
        return default

    def _resolve(self, name: str) -> Path:
        return self.path.parent / name

    def _address(self, key: str, address: str) -> tuple[str, int]:
        match = _ADDRESS.fullmatch(address)
        if match is None or not 0 < int(match[3]) < 65536:
            self.problems.append(f"{key}: must be host:port")
            return "", 0
        return match[1] or match[2], int(match[3])


def load_courier(path: Path) -> CourierSettings:
    """The courier's settings; raises ConfigError with all that is wrong."""
    reader = _Reader(path)
    link = reader.secret("link_key", 2 * KEY)
    folder = path.parent / reader.optional_text("folder", ".")
    settings = CourierSettings(
        topic_id=reader.topic_id("topic_id"),
        access=reader.access("brokers", reader.texts("brokers")),
        pace=reader.pace(),
        outboxes=tuple(path.parent / name for name in reader.texts("outboxes")),
        clock=path.parent / reader.optional_text("clock", "station.clock"),
        inbox=path.parent / reader.optional_text("inbox", "inbox.db"),
        authority=path.parent / reader.optional_text("authority", "authority.pub"),
        manifest=path.parent / reader.optional_text("manifest", "manifest.cbor"),
        link_up=link[:KEY],
        link_down=link[KEY:],
        row_key=reader.secret("row_key", KEY, forbidden=0o027),
        folder=folder,
        status=path.parent / reader.optional_text("status", STATE_FILE),
        modem=reader.modem(folder),
    )
    reader.finish()
    return settings


def load_station(path: Path) -> StationSettings:
    """The station's settings; raises ConfigError with all that is wrong."""
    reader = _Reader(path)
    folder = reader.file("folder")
    settings = StationSettings(
        folder=folder,
        database_url=reader.database(folder / "station.db"),
        access=reader.access("broker", [reader.text("broker")]),
        link_master=reader.secret_at(folder / MASTER_FILE, MASTER_FILE, KEY),
        kiosks=reader.file("kiosks"),
        assets=path.parent / reader.optional_text("assets", "/usr/share/homthu"),
        clusters=reader.clusters(),
        mail=reader.mail(),
    )
    reader.finish()
    load_kiosks(settings.kiosks)
    return settings


def load_kiosks(path: Path) -> Mapping[str, Kiosk]:
    """The station's kiosks by topic id; raises ConfigError with all that is wrong."""
    table = schema.parse(path, CURE)
    problems = [f"{key}: unknown key, did you mean 'kiosks'?" for key in table.keys() - {"kiosks"}]
    kiosks = {}
    entries = table.get("kiosks", {})
    if not isinstance(entries, dict):
        raise ConfigError(path.name, ["kiosks: must be a table"], CURE)
    for topic_id, entry in entries.items():
        match entry:
            case {"name": str(name), "generation": int(generation), **rest} if (
                0 < generation <= MAX_GENERATION and (villages := _villages(rest)) is not None
            ):
                kiosks[topic_id] = Kiosk(name, generation, villages)
            case _:
                problems.append(
                    f"kiosks.{topic_id}: needs a name, a generation, villages if any, nothing else"
                )
        if not _TOPIC_ID.fullmatch(topic_id):
            problems.append(f"kiosks.{topic_id}: must be 32 hexadecimal digits")
    if problems:
        raise ConfigError(path.name, problems, CURE)
    return kiosks


def _villages(rest: dict[object, object]) -> dict[str, str] | None:
    """The villages of an entry that has nothing else any more; None when it has."""
    named = rest.get("villages", {})
    if rest.keys() - {"villages"} or not isinstance(named, dict):
        return None
    return named if all(isinstance(name, str) for name in named.values()) else None

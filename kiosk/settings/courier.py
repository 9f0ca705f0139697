"""`courier.toml`: what the courier needs to carry reports to the station."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from kiosk.common import schema
from kiosk.common.checks import FILLED, PRIVATE, Check, between, matching, secret
from kiosk.protocol.cells import KEY, LinkKeys
from kiosk.protocol.station_settings import MAX_BUDGET_MB, MAX_SLOT_S, Pace
from kiosk.settings.access import Access, Address, File
from kiosk.settings.fields import APN_PATTERN, Hours, KioskId, Text

CURE = "fix the file"
PIN_FILE = "modem.pin-tried"
_PORT = r"/[\w*?./:+-]+|[\w*?.:+-]+"
_ABSOLUTE = Check(lambda path, _: None if path.startswith("/") else "must be an absolute path")


@dataclass(frozen=True)
class ModemSettings:
    """Which modem to look at; `memory` remembers a tried PIN, `power` switches the modem off."""

    port: str
    pin: str
    apn: str
    reset_after: int
    memory: Path
    power: Path | None = None


@dataclass(frozen=True, kw_only=True)
class CourierSettings:
    """The file; its owner alone may read it when it holds a `modem_pin`.

    `topic_id` is the kiosk's random id. `brokers` are tried in order: fixed addresses before
    names. A cell leaves every `slot_s` seconds, more rarely to keep `budget_mb` (10^6 bytes in 30
    days, 0 for no limit), and only at `hours` where there are any. `link_key` is the file of the up
    key and the down key, `row_key` that of the outboxes' rows, which one group may read too.
    `folder` is where the courier keeps what it remembers, `status` the state of the link for the
    staff screen, `clock` the station's time, `inbox` the station's messages, `authority` the public
    root and `manifest` the station's keys.

    `modem_port` is a name in /dev/serial/by-id, with * and ?, or an absolute path; without it no
    modem is touched. After `modem_reset_after` missed slots in a row the modem is reset;
    `modem_power` is a file that takes 0 for off and 1 for on.
    """

    topic_id: KioskId
    brokers: Annotated[tuple[Address, ...], FILLED]
    server_name: Text
    slot_s: Annotated[float, between(0.01, MAX_SLOT_S)]
    budget_mb: Annotated[int, between(1, MAX_BUDGET_MB)] = 0
    hours: Hours = ()
    outboxes: Annotated[tuple[Path, ...], FILLED]
    folder: Path = Path()
    status: Path = Path("status.json")
    clock: Path = Path("station.clock")
    inbox: Path = Path("inbox.db")
    authority: Path = Path("authority.pub")
    manifest: Path = Path("manifest.cbor")
    tls_ca: File
    tls_cert: File
    tls_key: File
    link_key: Annotated[Path, secret(2 * KEY)]
    row_key: Annotated[Path, secret(KEY, forbidden=0o027)]
    modem_port: Annotated[str, matching(_PORT, "a port")] = ""
    modem_pin: Annotated[str, matching("[0-9]{4,8}", "4 to 8 digits"), PRIVATE] = ""
    modem_apn: Annotated[str, matching(APN_PATTERN, "a name such as v-internet")] = ""
    modem_reset_after: Annotated[int, between(1, 10_000)] = 6
    modem_power: Annotated[str, _ABSOLUTE] = ""

    @classmethod
    def problems_between_fields(
        cls, table: Mapping[str, Any], _file: Path
    ) -> Iterator[tuple[str, str]]:
        """A modem needs its port."""
        if "modem_port" not in table and any(re.match("modem_", key) for key in table):
            yield "modem_port", "a port is missing"

    @property
    def access(self) -> Access:
        """How to reach the brokers."""
        return Access(self.brokers, self.server_name, self.tls_ca, self.tls_cert, self.tls_key)

    @property
    def pace(self) -> Pace:
        """How often cells leave."""
        return Pace(self.slot_s, self.budget_mb, self.hours)

    @property
    def link_keys(self) -> LinkKeys:
        """The keys of the cells."""
        keys = self.link_key.read_bytes()
        return LinkKeys(keys[:KEY], keys[KEY:])

    @property
    def modem(self) -> ModemSettings | None:
        """The modem to look at, None where there is none."""
        if not self.modem_port:
            return None
        return ModemSettings(
            self.modem_port,
            self.modem_pin,
            self.modem_apn,
            self.modem_reset_after,
            self.folder / PIN_FILE,
            Path(self.modem_power) if self.modem_power else None,
        )


def load_courier(path: Path) -> CourierSettings:
    """Read `courier.toml`. Raises ConfigError with every mistake in it."""
    return schema.load(CourierSettings, path, CURE)

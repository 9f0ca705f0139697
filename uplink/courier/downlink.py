"""All that passes between a kiosk and its station beside reports and receipts."""

import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from kiosk.device import station_clock
from kiosk.device.outbox import Outbox
from kiosk.protocol.cells import Chunk, DownCell
from kiosk.protocol.station_settings import Pace
from kiosk.settings.courier import CourierSettings
from uplink.courier.inbox_writer import InboxWriter
from uplink.link.health_report import Health, gate_of, software, uptime_of
from uplink.modem.answers import ModemStatus


class Downlink:
    """Tells the station how the kiosk is, and keeps what the station sends.

    `states` gives the codes of `states.toml` that are not good, `modem` how it is,
    `errors` the error codes of the last day.
    """

    def __init__(
        self,
        settings: CourierSettings,
        outboxes: Iterable[Outbox],
        states: Callable[[], tuple[int, ...]] = tuple,
        modem: Callable[[], ModemStatus | None] = lambda: None,
        errors: Callable[[], tuple[str, ...]] = tuple,
    ) -> None:
        self._settings = settings
        self._outboxes = outboxes
        self._states, self._modem, self._errors = states, modem, errors
        self._software = software()
        authority, manifest = _bytes_of(settings.authority), _bytes_of(settings.manifest)
        self._intake = InboxWriter(settings.inbox, authority, manifest)

    def close(self) -> None:
        """Release the inbox."""
        self._intake.close()

    def cover(self) -> Chunk:
        """A cover chunk with the kiosk's health."""
        manifest = self._intake.manifest()
        listing = self._intake.listing()
        modem = self._modem()
        return Health(
            epoch=manifest.epoch if manifest else 0,
            done=listing.done,
            missing=listing.missing,
            gates=tuple(map(gate_of, self._outboxes)),
            states=self._states(),
            bars=modem.bars if modem else None,
            errors=self._errors(),
            software=self._software,
            uptime=uptime_of(time.monotonic()),
        ).chunk()

    def keep(self, downs: Sequence[DownCell]) -> None:
        """Keep what came in these answers, oldest first."""
        for down in downs:
            self._intake.take(down.chunk, down.station_time)

    def pace(self) -> Pace:
        """The pace that the station asked for, or that of courier.toml."""
        return self._intake.pace() or self._settings.pace

    def is_open(self) -> bool:
        """Whether cells leave at this hour of the station's day."""
        return self.pace().is_open(station_clock.now(self._settings.clock))


def _bytes_of(path: Path) -> bytes:
    """A file's bytes; none when it cannot be read, and then no manifest is valid."""
    try:
        return path.read_bytes()
    except OSError:
        return b""

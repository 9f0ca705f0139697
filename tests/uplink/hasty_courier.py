"""A courier with a mistake: a report leaves as soon as it is filed, besides the slots."""

import logging
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from random import SystemRandom

from kiosk.device.outbox import Outbox
from kiosk.settings.courier import load_courier
from uplink.courier.courier import Courier
from uplink.courier.main import carry
from uplink.courier.slots import SlotClock
from uplink.link.data_cost import interval_s
from uplink.link.standing_connection import Broker, Incoming

LOOKS_EVERY_S = 0.01


class _Impatient(SimpleQueue[Incoming | int]):
    """Sends what has been filed while the loop waits for its slot."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._seen: set[bytes] = set()
        self.send: Callable[[], object]

    def get(self, block: bool = True, timeout: float | None = None) -> Incoming | int:
        until = time.monotonic() + (timeout or 0)
        while time.monotonic() < until:
            with suppress(Empty):
                return super().get(timeout=LOOKS_EVERY_S)
            waiting = {header.report_id for _, header in self._outbox.waiting()}
            if waiting - self._seen:
                self._seen |= waiting
                self.send()
        raise Empty


def main() -> None:
    """The command, with `--config` as the real one's."""
    logging.basicConfig()
    settings = load_courier(Path(sys.argv[2]))
    outbox = Outbox(settings.outboxes[0], settings.row_key.read_bytes())
    events = _Impatient(outbox)
    name = settings.topic_id
    broker = Broker(settings.access, name, f"k/{name}/down", events.put, keepalive_s=60, window=1)
    courier = Courier(
        [outbox],
        settings.link_keys,
        lambda cell: broker.post(f"k/{name}/up", cell),
    )
    events.send = courier.use_slot
    clock = SlotClock(interval_s(settings.pace), time.monotonic, SystemRandom())
    broker.start()
    carry(courier, clock, events, lambda _sent: None, lambda _down: None)


if __name__ == "__main__":
    main()

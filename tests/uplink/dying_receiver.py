"""A receiver that kills itself at a chosen moment, put together as the command does it.

python -m tests.uplink.dying_receiver commit|answer|ack station.toml
"""

import os
import signal
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from queue import SimpleQueue

from sqlalchemy import event

from kiosk.protocol.cells import Status
from kiosk.settings.station import load_station
from uplink.link.standing_connection import Broker, Incoming
from uplink.station.keys import common_name
from uplink.station.receive.receiver import Links, Receiver
from uplink.station.receive.serving import serve
from uplink.station.receive.store import Arrival, Store, Suspect

BATCH = 3


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class DiesBeforeCommit(Store):
    """Everything is written and nothing committed."""

    _batches = 0

    def store_batch(
        self,
        arrivals: Sequence[Arrival],
        suspects: Sequence[Suspect],
        heard: Iterable[str],
        hour: int,
    ) -> list[Status]:
        self._batches += bool(arrivals)
        if self._batches == BATCH:
            event.listen(self._engine, "commit", lambda _: die())
        return super().store_batch(arrivals, suspects, heard, hour)


class DiesBeforeAnswer(Broker):
    """Everything is committed, nothing answered nor acknowledged."""

    _answers = 0

    def post(self, topic: str, payload: bytes) -> bool:
        self._answers += 1
        if self._answers >= BATCH:
            die()
        return super().post(topic, payload)


class DiesBeforeAcknowledgement(Broker):
    """The answer has left, the cell was not acknowledged."""

    _answers = 0

    def post(self, topic: str, payload: bytes) -> bool:
        sent = super().post(topic, payload)
        self._answers += 1
        if self._answers >= BATCH:
            die()
        return sent


STORES = {"commit": DiesBeforeCommit}
BROKERS = {"answer": DiesBeforeAnswer, "ack": DiesBeforeAcknowledgement}


def main(moment: str, config: str) -> None:
    settings = load_station(Path(config))
    events: SimpleQueue[Incoming | int] = SimpleQueue()
    store = STORES.get(moment, Store)(settings.database_url)
    broker = BROKERS.get(moment, Broker)(
        settings.access,
        f"{common_name(settings.access.tls_cert)}-{store.share}-1",
        f"$share/{store.share}/k/+/up",
        events.put,
        keepalive_s=60,
        window=100,
    )
    broker.start()
    serve(Receiver(store, Links(settings.link_master, settings.kiosks)), broker, events)


if __name__ == "__main__":
    main(*sys.argv[1:])

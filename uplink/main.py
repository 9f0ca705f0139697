"""The command `homthu-courier`: one cell each way every slot, until told to stop."""

import logging
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from random import SystemRandom

import click

from kiosk import station_clock
from kiosk.cells import DownCell, LinkKeys
from kiosk.errors import EXIT_BAD_INPUT, KioskError
from kiosk.outbox import Outbox
from uplink.broker import Broker, Incoming
from uplink.courier import Courier
from uplink.settings import CourierSettings, load_courier
from uplink.slots import SlotClock

EXIT_INTERRUPTED = 130
PUBACK_S = 20.0
MIN_KEEPALIVE_S = 60
MAX_KEEPALIVE_S = 65_535

Event = Incoming | int
"""A down cell, or the exit code to end with."""


@click.command(epilog="Mã thoát / exit codes: 0, 1, 2 (cấu hình sai / bad configuration), 130.")
@click.option(
    "--config",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Tệp courier.toml của kiosk. / The kiosk's courier.toml.",
)
def main(config: Path) -> None:
    """Gửi và nhận các gói tin của kiosk. / Carry the kiosk's cells."""
    logging.basicConfig(stream=sys.stderr, format="%(levelname)s %(message)s")
    try:
        sys.exit(run(load_courier(config)))
    except KioskError as error:
        click.echo(error, err=True)
        sys.exit(EXIT_BAD_INPUT)


def run(settings: CourierSettings) -> int:
    """Carry cells until a signal comes; the exit code that it asks for."""
    events: SimpleQueue[Event] = SimpleQueue()
    signal.signal(signal.SIGTERM, lambda *_: events.put(0))
    signal.signal(signal.SIGINT, lambda *_: events.put(EXIT_INTERRUPTED))
    outboxes = [Outbox(path, settings.row_key) for path in settings.outboxes]
    broker = Broker(
        settings.access,
        settings.topic_id,
        f"k/{settings.topic_id}/down",
        events.put,
        keepalive_s=min(max(MIN_KEEPALIVE_S, int(1.5 * settings.slot_s)), MAX_KEEPALIVE_S),
        window=1,
    )
    up_topic = f"k/{settings.topic_id}/up"
    courier = Courier(
        outboxes,
        LinkKeys(settings.link_up, settings.link_down),
        lambda cell: broker.deliver(up_topic, cell, PUBACK_S),
    )

    def answered(down: DownCell) -> None:
        with suppress(OSError):
            station_clock.hear(settings.clock, down.station_time)

    broker.start()
    try:
        slots = SlotClock(settings.slot_s, time.monotonic, SystemRandom())
        return carry(courier, slots, events, answered)
    finally:
        broker.stop()
        for outbox in outboxes:
            outbox.close()


def carry(
    courier: Courier,
    clock: SlotClock,
    events: "SimpleQueue[Event]",
    answered: Callable[[DownCell], None],
    now: Callable[[], float] = time.monotonic,
) -> int:
    """Use every slot and hear every answer until an exit code comes out of `events`."""
    due = clock.next_due()
    while True:
        try:
            event = events.get(timeout=max(0.0, due - now()))
        except Empty:
            clock.used(courier.use_slot())
            due = clock.next_due()
            continue
        if isinstance(event, int):
            return event
        down = courier.hear(event.payload)
        event.ack()
        if down is not None:
            answered(down)


if __name__ == "__main__":
    main()

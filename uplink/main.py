"""The command `homthu-courier`: one cell each way every slot, until told to stop."""

import logging
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from random import SystemRandom

import click

from kiosk import station_clock
from kiosk.cells import DownCell, LinkKeys
from kiosk.outbox import Outbox
from uplink.broker import Broker, Incoming
from uplink.budget import budget
from uplink.carry_commands import collect, export
from uplink.command_line import COURIER_TOML, EXIT_INTERRUPTED, explained
from uplink.courier import Courier
from uplink.modem import Modem
from uplink.modem_watch import ModemWatch, NoModem
from uplink.outboxes import Outboxes
from uplink.settings import CourierSettings, ModemSettings, load_courier
from uplink.slots import SlotClock
from uplink.state import Diary
from uplink.status import status
from uplink.trouble import Trouble

PUBACK_S = 20.0
MIN_KEEPALIVE_S = 60
MAX_KEEPALIVE_S = 65_535

Event = Incoming | int
"""A down cell, or the exit code to end with."""


@click.group(
    invoke_without_command=True,
    epilog="Mã thoát / exit codes: 0, 1, 2 (cấu hình sai / bad configuration), 130.",
)
@click.option("--config", type=COURIER_TOML, help="Tệp courier.toml. / The kiosk's courier.toml.")
@click.pass_context
def main(context: click.Context, config: Path | None) -> None:
    """Gửi và nhận các gói tin của kiosk. / Carry the kiosk's cells.

    Không có lệnh con thì chạy mãi. / Without a command it runs for ever.
    """
    logging.basicConfig(stream=sys.stderr, format="%(levelname)s %(message)s")
    if context.invoked_subcommand is not None:
        return
    if config is None:
        raise click.UsageError("Missing option '--config'.")
    with explained():
        sys.exit(run(load_courier(config)))


main.add_command(status)
main.add_command(budget)
main.add_command(export)
main.add_command(collect)


def run(settings: CourierSettings) -> int:
    """Carry cells until a signal comes; the exit code that it asks for."""
    events: SimpleQueue[Event] = SimpleQueue()
    signal.signal(signal.SIGTERM, lambda *_: events.put(0))
    signal.signal(signal.SIGINT, lambda *_: events.put(EXIT_INTERRUPTED))
    outboxes = Outboxes([partial(Outbox, path, settings.row_key) for path in settings.outboxes])
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
    watch = _watch(settings.modem)
    clock = SlotClock(settings.slot_s, time.monotonic, SystemRandom())
    diary = Diary(settings.folder)

    def note(sent: bool) -> None:
        watch.slot(clock.missed)
        diary.slot(sent, clock.missed, broker.trouble, watch.status)
        if sent:
            broker.trouble = Trouble.NONE

    def answered(down: DownCell) -> None:
        diary.answered()
        with suppress(OSError):
            station_clock.hear(settings.clock, down.station_time)

    broker.start()
    watch.start()
    try:
        return carry(courier, clock, events, note, answered)
    finally:
        watch.stop()
        broker.stop()
        outboxes.close()


def _watch(settings: ModemSettings | None) -> ModemWatch | NoModem:
    return ModemWatch(Modem(settings), settings.reset_after) if settings else NoModem()


def carry(
    courier: Courier,
    clock: SlotClock,
    events: "SimpleQueue[Event]",
    note: Callable[[bool], None],
    answered: Callable[[DownCell], None],
    now: Callable[[], float] = time.monotonic,
) -> int:
    """Until an exit code comes; `note` hears of each slot, `answered` of each answer."""
    due = clock.next_due()
    while True:
        try:
            event = events.get(timeout=max(0.0, due - now()))
        except Empty:
            sent = courier.use_slot()
            clock.used(sent)
            note(sent)
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

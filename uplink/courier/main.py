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

from kiosk.device import station_clock
from kiosk.device.outbox import Outbox
from kiosk.protocol.cells import DownCell
from kiosk.settings.courier import CourierSettings, ModemSettings, load_courier
from uplink.courier.budget import budget
from uplink.courier.carry_commands import collect, export
from uplink.courier.courier import REMEMBERED_NONCES, Courier
from uplink.courier.downlink import Downlink
from uplink.courier.outboxes import Outboxes
from uplink.courier.recent_codes import CodeMemory
from uplink.courier.slot_link import SlotLink
from uplink.courier.slots import SlotClock
from uplink.courier.status_command import status
from uplink.courier.status_file import StatusFile
from uplink.link.command_line import COURIER_TOML, EXIT_INTERRUPTED, explained
from uplink.link.connection import Incoming, Subscriber
from uplink.link.data_cost import KEEPALIVE_S, interval_s, is_kept
from uplink.link.link_faults import LinkFault
from uplink.link.tls import pinned_context
from uplink.modem.modem import Modem
from uplink.modem.power import PowerSwitch
from uplink.modem.watcher import ModemWatch, NoModem

PUBACK_S = 20.0
MIN_EXPIRY_S = 60.0

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
    slot_s = interval_s(settings.pace)
    row_key = settings.row_key.read_bytes()
    outboxes = Outboxes([partial(Outbox, path, row_key) for path in settings.outboxes])
    link = SlotLink(
        Subscriber(
            pinned_context(settings.access),
            settings.topic_id,
            f"k/{settings.topic_id}/down",
            events.put,
            keepalive_s=KEEPALIVE_S,
            window=1,
            expiry_s=max(MIN_EXPIRY_S, REMEMBERED_NONCES * slot_s),
        ),
        settings.access.brokers,
        kept=is_kept(slot_s),
    )
    up_topic = f"k/{settings.topic_id}/up"
    watch = _watch(settings.modem)
    codes = CodeMemory()
    logging.getLogger().addHandler(codes)
    diary = StatusFile(settings.status)
    liaison = Downlink(
        settings,
        outboxes,
        lambda: diary.codes,
        lambda: watch.status,
        codes.codes,
    )
    courier = Courier(
        outboxes,
        settings.link_keys,
        lambda cell: link.deliver(up_topic, cell, PUBACK_S),
        liaison.cover,
    )
    clock = SlotClock(slot_s, time.monotonic, SystemRandom())

    def note(sent: bool | None) -> None:
        clock.slot_s = interval_s(liaison.pace())
        link.kept = is_kept(clock.slot_s)
        if sent is None:
            link.close()
        watch.slot(clock.missed)
        diary.slot(sent, clock.missed, link.trouble, watch.status, clock.slot_s)
        if sent:
            link.trouble = LinkFault.NONE

    def answered(down: DownCell) -> None:
        diary.answered()
        with suppress(OSError):
            station_clock.hear(settings.clock, down.station_time)
        liaison.keep([down])

    watch.start()
    try:
        return carry(courier, clock, events, note, answered, is_open=liaison.is_open)
    finally:
        watch.stop()
        link.close()
        liaison.close()
        outboxes.close()


def _watch(settings: ModemSettings | None) -> ModemWatch | NoModem:
    if settings is None:
        return NoModem()
    power = PowerSwitch(settings.power) if settings.power else None
    return ModemWatch(Modem(settings), settings.reset_after, power)


def carry(
    courier: Courier,
    clock: SlotClock,
    events: "SimpleQueue[Event]",
    note: Callable[[bool | None], None],
    answered: Callable[[DownCell], None],
    now: Callable[[], float] = time.monotonic,
    is_open: Callable[[], bool] = lambda: True,
) -> int:
    """Until an exit code comes; `note` hears of each slot, `answered` of each answer.

    While `is_open` says no, no cell leaves and `note` hears None.
    """
    due = clock.next_due()
    while True:
        try:
            event = events.get(timeout=max(0.0, due - now()))
        except Empty:
            note(_slot(courier, clock, is_open()))
            due = clock.next_due()
            continue
        if isinstance(event, int):
            return event
        down = courier.hear(event.payload)
        event.ack()
        if down is not None:
            answered(down)


def _slot(courier: Courier, clock: SlotClock, is_open: bool) -> bool | None:
    if not is_open:
        courier.tend()
        return None
    sent = courier.use_slot()
    clock.used(sent)
    return sent


if __name__ == "__main__":
    main()

"""The loop that owns the database: drain what has come, commit once, answer, acknowledge.

To store a report takes a millisecond or two longer than to store cover, which whoever watches
broker or line could see in the time of the answer. Every batch is therefore answered equally long
after it was begun.
"""

import logging
import time
from collections.abc import Callable
from queue import Empty, SimpleQueue

from kiosk.common.errors import StationError
from uplink.link.standing_connection import Broker, Incoming
from uplink.station.receive.receiver import Receiver

MAX_BATCH = 500
RETRY_S = 1.0
ANSWER_AFTER_S = 0.05

log = logging.getLogger(__name__)


def serve(
    receiver: Receiver,
    broker: Broker,
    events: "SimpleQueue[Incoming | int]",
    pause: Callable[[float], None] = time.sleep,
) -> int:
    """Serve until an exit code comes out of `events`, and return that; `pause` waits seconds.

    A batch that the database does not take is tried again: neither answered nor acknowledged,
    it is safe at the kiosks meanwhile.
    """
    while True:
        batch = _drain(events)
        messages = [event for event in batch if isinstance(event, Incoming)]
        exits = [event for event in batch if isinstance(event, int)]
        if not _answer(receiver, broker, messages, pause) and not exits:
            for event in messages:
                events.put(event)
            pause(RETRY_S)
        if exits:
            return exits[0]


def _drain(events: "SimpleQueue[Incoming | int]") -> list[Incoming | int]:
    batch = [events.get()]
    try:
        while len(batch) < MAX_BATCH:
            batch.append(events.get_nowait())
    except Empty:
        pass
    return batch


def _answer(
    receiver: Receiver,
    broker: Broker,
    messages: list[Incoming],
    pause: Callable[[float], None],
) -> bool:
    due = time.monotonic() + ANSWER_AFTER_S
    try:
        answers = receiver.take([(message.topic, message.payload) for message in messages])
    except StationError as error:
        log.warning(error.code)
        return False
    pause(max(0.0, due - time.monotonic()))
    for topic, cell in answers:
        broker.post(topic, cell)
    for message in messages:
        message.ack()
    return True

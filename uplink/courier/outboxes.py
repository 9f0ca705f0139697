"""The outboxes of a kiosk, of which some may not open yet: a card that fails never stops cells."""

import logging
from collections.abc import Callable, Iterator, Sequence

from kiosk.common.errors import OutboxError
from kiosk.device.outbox import Outbox

log = logging.getLogger(__name__)


class Outboxes:
    """Goes through the outboxes that are open; one that is not is tried again each time."""

    def __init__(self, openers: Sequence[Callable[[], Outbox]]) -> None:
        self._openers = list(openers)
        self._open: list[Outbox] = []

    def __iter__(self) -> Iterator[Outbox]:
        for opener in list(self._openers):
            try:
                self._open.append(opener())
            except OutboxError as error:
                log.warning(error.code)
            else:
                self._openers.remove(opener)
        return iter(self._open)

    def close(self) -> None:
        """Release the files."""
        for outbox in self._open:
            outbox.close()

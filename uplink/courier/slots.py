"""When cells leave: one every slot for ever, whatever waits."""

from collections.abc import Callable
from random import Random

from uplink.link.data_cost import JITTER

MISSED_BEFORE_CATCHING_UP = 3
QUICK_SLOTS = 6


class SlotClock:
    """Slots of `slot_s` seconds on a monotonic clock, from a random offset.

    Another `slot_s` may be set at any time and counts from the next slot on.
    A slot that passed unused is skipped and counts as missed. When a cell gets through again
    after three or more missed slots, the next six slots come at double rate.
    """

    def __init__(self, slot_s: float, now: Callable[[], float], random: Random) -> None:
        self.slot_s = slot_s
        self._now = now
        self._random = random
        self._slot_at = now() - random.uniform(0, slot_s)
        self._missed = 0
        self._quick_left = 0

    @property
    def missed(self) -> int:
        """How many slots in a row no cell has left."""
        return self._missed

    def next_due(self) -> float:
        """The monotonic time of the next slot, its jitter already drawn."""
        jitter = self._random.uniform(-JITTER, JITTER) * self.slot_s
        self._slot_at += self._step()
        while self._slot_at + jitter < self._now():
            self.used(False)
            self._slot_at += self._step()
        return self._slot_at + jitter

    def used(self, sent: bool) -> None:
        """Tell whether a cell left in this slot."""
        if not sent:
            self._missed += 1
            self._quick_left = 0
        elif self._missed >= MISSED_BEFORE_CATCHING_UP:
            self._missed, self._quick_left = 0, QUICK_SLOTS
        else:
            self._missed, self._quick_left = 0, max(0, self._quick_left - 1)

    def _step(self) -> float:
        return self.slot_s / 2 if self._quick_left else self.slot_s

"""Virtual time: actions at their times, in an order that the seed decides."""

import heapq
from collections.abc import Callable
from itertools import count

Action = Callable[[], None]


class Timeline:
    """A clock that moves only from one action to the next."""

    def __init__(self) -> None:
        self.now = 0.0
        self._actions: list[tuple[float, int, Action]] = []
        self._order = count()

    def at(self, time: float, action: Action) -> None:
        """Do `action` at `time`."""
        heapq.heappush(self._actions, (time, next(self._order), action))

    def after(self, delay: float, action: Action) -> None:
        """Do `action` when `delay` seconds have passed."""
        self.at(self.now + delay, action)

    def stall(self, seconds: float) -> None:
        """Nobody runs for a while; what was due meanwhile comes late."""
        self.now += seconds

    def pass_until(self, time: float) -> None:
        """Let everything happen that is due until `time`."""
        while self._actions and self._actions[0][0] <= max(time, self.now):
            due, _, action = heapq.heappop(self._actions)
            self.now = max(self.now, due)
            action()
        self.now = max(self.now, time)

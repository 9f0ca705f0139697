"""Virtual time: actions at their times, in an order that the seed decides."""

import heapq
from collections import deque
from collections.abc import Callable
from itertools import count
from queue import Empty
from typing import Generic, TypeVar

Action = Callable[[], None]
Event = TypeVar("Event")


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

    def pass_until(self, time: float, stop: Callable[[], bool] = lambda: False) -> None:
        """Let time pass, at most until `time` and not beyond the action after which `stop`."""
        while self._actions and self._actions[0][0] <= max(time, self.now) and not stop():
            due, _, action = heapq.heappop(self._actions)
            self.now = max(self.now, due)
            action()
        if not stop():
            self.now = max(self.now, time)


class Events(Generic[Event]):
    """A queue for the one loop that waits in virtual time: to wait is to let time pass."""

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline
        self._waiting: deque[Event] = deque()

    def put(self, event: Event) -> None:
        """Wake the loop."""
        self._waiting.append(event)

    def get(self, timeout: float) -> Event:
        """The next event; raises Empty when none comes in time."""
        until = self._timeline.now + timeout
        self._timeline.pass_until(until, stop=lambda: bool(self._waiting))
        if not self._waiting:
            raise Empty
        return self._waiting.popleft()

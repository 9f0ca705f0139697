"""Loops that wait in virtual time: several in one world, of which only one ever moves."""

import threading
from collections import deque
from collections.abc import Callable
from queue import Empty
from typing import Generic, TypeVar

from tests.sim.timeline import Timeline

Event = TypeVar("Event")


class Ended(BaseException):
    """The world is over: nothing in a task may catch this."""


class Task:
    """A loop in a thread of its own, which runs only while the world waits for it.

    The loop calls `pause` and `sleep`; actions of the timeline call the rest.
    """

    def __init__(self, timeline: Timeline, loop: Callable[[], None]) -> None:
        self._timeline = timeline
        self._loop = loop
        self._pauses = 0
        self._alive = True
        self._thrown: BaseException | None = None
        self._failure: BaseException | None = None
        self._turn, self._others_turn = threading.Lock(), threading.Lock()
        self._turn.acquire()
        self._others_turn.acquire()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def start(self) -> None:
        """Run to the first pause."""
        self._move()

    def pause(self, until: float) -> None:
        """Let the world go on until a time, or until `wake`."""
        self._pauses += 1
        pause = self._pauses
        self._timeline.at(until, lambda: self._continue(pause))
        self._others_turn.release()
        self._turn.acquire()
        if self._thrown is not None:
            thrown, self._thrown = self._thrown, None
            raise thrown

    def sleep(self, until: float) -> None:
        """Let the world go on until a time, whatever happens."""
        while self._timeline.now < until:
            self.pause(until)

    def wake(self) -> None:
        """End the pause that the loop is in."""
        pause = self._pauses
        self._timeline.after(0, lambda: self._continue(pause))

    def throw(self, error: BaseException) -> None:
        """Raise `error` where the loop pauses."""
        self._thrown = error
        self._move()

    def end(self) -> None:
        """Be gone, wherever it was."""
        if self._alive:
            self.throw(Ended())
        self._thread.join()

    def _continue(self, pause: int) -> None:
        if self._alive and pause == self._pauses:
            self._move()

    def _move(self) -> None:
        self._turn.release()
        self._others_turn.acquire()
        if self._failure is not None:
            failure, self._failure = self._failure, None
            raise failure

    def _run(self) -> None:
        self._turn.acquire()
        try:
            if self._thrown is None:
                self._loop()
        except Ended:
            pass
        except BaseException as failure:
            self._failure = failure
        self._alive = False
        self._others_turn.release()


class Events(Generic[Event]):
    """A queue on which one task waits in virtual time."""

    def __init__(self, timeline: Timeline, task: Task) -> None:
        self._timeline, self._task = timeline, task
        self._waiting: deque[Event] = deque()
        self._listening = False

    def put(self, event: Event) -> None:
        """Wake the loop if it listens."""
        self._waiting.append(event)
        if self._listening:
            self._task.wake()

    def get(self, timeout: float) -> Event:
        """The next event; raises Empty when none comes in time."""
        until = self._timeline.now + timeout
        self._listening = True
        while not self._waiting and self._timeline.now < until:
            self._task.pause(until)
        self._listening = False
        if not self._waiting:
            raise Empty
        return self._waiting.popleft()

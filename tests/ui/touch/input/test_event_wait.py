"""The loop sleeps when nothing happens and hurries when something does."""

import os
import threading
from pathlib import Path
from types import SimpleNamespace

from tests.waiting import DEADLINE
from ui.touch.input.event_wait import EAGER_TICKS, IDLE_S, MOVING_S, DeviceWaiter, FramePacer


class Waits:
    def __init__(self, *happened: bool) -> None:
        self.happened = list(happened)
        self.asked: list[float] = []

    def wait(self, seconds: float) -> bool:
        self.asked.append(seconds)
        return self.happened.pop(0) if self.happened else False

    def wake(self) -> None:
        pass


def test_an_event_is_followed_by_ticks_without_sleep() -> None:
    waiter = Waits(True)
    pacer = FramePacer(waiter)
    for _ in range(EAGER_TICKS):
        pacer.pause()
    assert waiter.asked == []
    pacer.pause()
    assert waiter.asked == [IDLE_S]
    for _ in range(EAGER_TICKS):
        pacer.pause()
    assert waiter.asked == [IDLE_S]
    pacer.pause()
    assert len(waiter.asked) == 2


def test_quiet_ticks_sleep_a_second_each() -> None:
    waiter = Waits()
    pacer = FramePacer(waiter)
    for _ in range(EAGER_TICKS + 10):
        pacer.pause()
    assert waiter.asked == [IDLE_S] * 10


def test_while_a_picture_moves_by_itself_ticks_come_often() -> None:
    waiter, now = Waits(), 100.0
    pacer = FramePacer(waiter, lambda: now)
    for _ in range(EAGER_TICKS):
        pacer.pause()
    pacer.keep_moving(0.7)
    pacer.keep_moving(0.1)
    pacer.pause()
    now += 0.7
    pacer.pause()
    assert waiter.asked == [MOVING_S, IDLE_S]


def test_installed_it_comes_before_the_clocks_own_idling() -> None:
    waiter = Waits()
    pacer = FramePacer(waiter)
    clock = SimpleNamespace(_max_fps=60.0, idle=lambda: 42.0)
    pacer.install(clock)
    assert [clock.idle() for _ in range(EAGER_TICKS + 1)][-1] == 42.0
    assert clock._max_fps == 0
    assert waiter.asked == [IDLE_S]


def test_input_on_a_device_or_a_call_ends_the_wait(tmp_path: Path) -> None:
    device = tmp_path / "event0"
    os.mkfifo(device)
    waiter = DeviceWaiter([device])
    hand = os.open(device, os.O_WRONLY)
    assert not waiter.wait(0.05)
    for wake in (lambda: os.write(hand, bytes(24)), waiter.wake):
        threading.Timer(0.05, wake).start()
        assert waiter.wait(DEADLINE)
    os.close(hand)

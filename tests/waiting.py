"""Wait for what a test expects, however slow the machine is."""

import time
from collections.abc import Callable
from reprlib import repr as shortened

DEADLINE = 120.0
"""Seconds for what takes far less even on a busy machine."""

POLL_S = 0.05


def wait_until(
    condition: Callable[[], object],
    seconds: float = DEADLINE,
    failure: str = "it did not come true",
) -> float:
    """Poll until `condition()` is true and return the seconds that took.

    The longer it takes, the rarer the polls, so that waiting does not slow down what is awaited.
    Raises AssertionError after `seconds`, with the last value of the condition.
    """
    began = time.monotonic()
    while not (value := condition()):
        waited = time.monotonic() - began
        assert waited < seconds, f"{failure}: {shortened(value)} after {waited:.0f} s"
        time.sleep(max(POLL_S, waited / 100))
    return time.monotonic() - began

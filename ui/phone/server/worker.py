"""One thread for what must not hold up the server, and must not be done twice at a time."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")


class Busy(Exception):
    """Too many are waiting already."""


class Worker:
    """Does one thing after the other; at most `places` may be waiting or in hand."""

    def __init__(self, name: str, places: int) -> None:
        self._thread = ThreadPoolExecutor(1, name)
        self._free = places

    async def do(self, work: Callable[[], Result]) -> Result:
        """What `work` returns, when its turn has come; raises Busy when there is no place."""
        if not self._free:
            raise Busy
        self._free -= 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        finally:
            self._free += 1

    def close(self, last: Callable[[], None]) -> None:
        """Finish what was begun, then `last`."""
        self._thread.submit(last)
        self._thread.shutdown()

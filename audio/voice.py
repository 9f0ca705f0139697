"""The voice port: who speaks does not matter to the screens, only that speech has an end."""

import threading
from collections.abc import Callable
from typing import Protocol

WORDS_PER_MINUTE = 120
LEAST_SECONDS = 0.8

Ended = Callable[[], None]


class Voice(Protocol):
    """Speaks one clause at a time. No method ever blocks or raises."""

    def say(self, text: str, language: str, ended: Ended) -> None:
        """Speak `text` instead of whatever is being said; call `ended` when it is over.

        `ended` may come from another thread, and never comes after `stop` or another `say`.
        """

    def stop(self) -> None:
        """Be silent at once."""

    def close(self) -> None:
        """Be silent and let go of every thread and process."""


def estimated_seconds(text: str) -> float:
    """How long a person takes to say `text`; written syllables count as words."""
    return max(LEAST_SECONDS, len(text.split()) * 60 / WORDS_PER_MINUTE)


class SilentVoice:
    """Says nothing and takes as long as speaking would, so that tiles are still shown in turn."""

    def __init__(self, seconds: Callable[[str], float] = estimated_seconds) -> None:
        self._seconds = seconds
        self._timer: threading.Timer | None = None
        self._lock = threading.Lock()

    def say(self, text: str, language: str, ended: Ended) -> None:
        """Wait as long as `text` would last, then call `ended`."""
        timer = threading.Timer(self._seconds(text), lambda: self._over(timer, ended))
        timer.daemon = True
        with self._lock:
            self._cancel()
            self._timer = timer
        timer.start()

    def stop(self) -> None:
        """Forget the clause being paced."""
        with self._lock:
            self._cancel()

    def close(self) -> None:
        """Same as stop: there is nothing else to let go of."""
        self.stop()

    def _cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _over(self, timer: threading.Timer, ended: Ended) -> None:
        with self._lock:
            if self._timer is not timer:
                return
            self._timer = None
        ended()

"""The voice port: who speaks does not matter to the screens, only that speech has an end."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from audio.speech.sound import Samples

WORDS_PER_MINUTE = 120
LEAST_SECONDS = 0.8

Ended = Callable[[], None]


@dataclass(frozen=True)
class Clause:
    """One thing to say: `target` is the tile it is about, `string_id` its name in the catalogue.

    Words that the station itself wrote have no name. A `recording` is played as it is; the thread
    that plays calls it for its samples, and it may raise AudioError.
    """

    text: str
    language: str
    target: str | None = None
    string_id: str | None = None
    recording: Callable[[], Samples] | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True)
class Manner:
    """How to say it: into the handset alone or to the hall, and how many steps louder."""

    private: bool = False
    louder: int = 0


class Voice(Protocol):
    """Speaks one clause at a time. No method ever blocks or raises."""

    def say(self, clause: Clause, manner: Manner, ended: Ended) -> None:
        """Speak instead of whatever is being said; call `ended` when it is over.

        `ended` may come from another thread, and never comes after `stop` or another `say`.
        """

    def stop(self) -> None:
        """Be silent at once."""

    def close(self) -> None:
        """Be silent and release every thread and process."""


def estimated_seconds(text: str) -> float:
    """How long a person takes to say `text`; written syllables count as words."""
    return max(LEAST_SECONDS, len(text.split()) * 60 / WORDS_PER_MINUTE)

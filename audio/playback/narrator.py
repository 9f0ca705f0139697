"""Reads a screen aloud: its lines in order, each naming the tile that it is about."""

from collections.abc import Callable, Iterable

from audio.speech.voice import Clause, Manner, Voice


class Narrator:
    """Speaks clauses one after the other. Lives on one thread; `run` brings voices back to it."""

    def __init__(
        self,
        voice: Voice,
        run: Callable[[Callable[[], None]], None],
        on_target: Callable[[str | None], None],
        on_ended: Callable[[], None],
    ) -> None:
        self._voice = voice
        self._run = run
        self._on_target = on_target
        self._on_ended = on_ended
        self._left: list[Clause] = []
        self._manner = Manner()
        self._reading = 0

    def read(self, clauses: Iterable[Clause], manner: Manner) -> None:
        """Say these clauses instead of whatever is being said."""
        self._reading += 1
        self._left, self._manner = list(clauses), manner
        self._next(self._reading)

    def hush(self) -> None:
        """Be silent at once; this is not an end of speech."""
        self._reading += 1
        self._left = []
        self._voice.stop()
        self._on_target(None)

    def _next(self, reading: int) -> None:
        if reading != self._reading:
            return
        if not self._left:
            self._on_target(None)
            self._on_ended()
            return
        clause = self._left.pop(0)
        self._on_target(clause.target)
        self._voice.say(clause, self._manner, lambda: self._run(lambda: self._next(reading)))

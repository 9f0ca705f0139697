"""Who is signed in. Keys live here, in memory alone, and go when the session ends."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from uplink.station.desk.auth.officers import Officer, OfficerKeys

IDLE_S = 15 * 60
WRONG_BEFORE_LOCK = 5
LOCK_S = 5 * 60
TRIES_A_MINUTE = 20

Clock = Callable[[], float]


@dataclass
class Session:
    """One officer at one browser; `csrf` proves that a form is from our own page."""

    officer: Officer
    keys: OfficerKeys
    seen: float
    csrf: str = field(default_factory=lambda: secrets.token_urlsafe(24))


class Sessions:
    """All sessions, by a random id that only the browser's cookie knows."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._sessions: dict[str, Session] = {}

    def start(self, officer: Officer, keys: OfficerKeys) -> str:
        """Begin a session; its id."""
        token = secrets.token_urlsafe(32)
        self._sessions[token] = Session(officer, keys, self._clock())
        return token

    def find(self, token: str, *, touch: bool) -> Session | None:
        """The session, unless it has ended; `touch` says that its officer just did something."""
        self._forget_idle()
        session = self._sessions.get(token)
        if session is not None and touch:
            session.seen = self._clock()
        return session

    def end(self, token: str) -> None:
        """Forget the session and its keys."""
        self._sessions.pop(token, None)

    def anyone(self) -> bool:
        """Whether somebody is signed in."""
        self._forget_idle()
        return bool(self._sessions)

    def _forget_idle(self) -> None:
        before = self._clock() - IDLE_S
        for token in [t for t, session in self._sessions.items() if session.seen < before]:
            del self._sessions[token]


class Lockout:
    """Counts wrong passphrases: five in a row close an account for five minutes."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._wrong: dict[str, list[float]] = {}
        self._tries: list[float] = []

    def wait_s(self, name: str) -> float:
        """How long until somebody may try this name again; 0 for now. Counts as a try."""
        now = self._clock()
        self._tries = [at for at in self._tries if at > now - 60]
        wrong = self._wrong.get(name, [])
        if len(wrong) >= WRONG_BEFORE_LOCK and now < wrong[-1] + LOCK_S:
            return wrong[-1] + LOCK_S - now
        if len(self._tries) >= TRIES_A_MINUTE:
            return self._tries[0] + 60 - now
        self._tries.append(now)
        return 0.0

    def wrong(self, name: str) -> None:
        """A wrong passphrase for `name`; after a lock, one more locks again."""
        now = self._clock()
        recent = {n: at for n, at in self._wrong.items() if at[-1] > now - 24 * 3600}
        self._wrong = recent | {name: [*recent.get(name, []), now][-WRONG_BEFORE_LOCK:]}

    def right(self, name: str) -> int:
        """The right one: forget the wrong ones; how many there were, at most five."""
        return len(self._wrong.pop(name, []))

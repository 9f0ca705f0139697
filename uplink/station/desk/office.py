"""What outlasts a session: database, accounts, words, pictures; and the cases while anyone reads.

Nothing of it opens a report unless somebody is signed in.
"""

import threading
import time
from collections.abc import Callable

from jinja2 import Environment, PackageLoader, StrictUndefined

from kiosk import catalog as catalogues
from uplink.settings import Kiosk, StationSettings, load_kiosks
from uplink.station.database import open_engine
from uplink.station.desk import words
from uplink.station.desk.audit import AuditLog
from uplink.station.desk.casebook import Casebook
from uplink.station.desk.officers import Keys, Officer, Officers
from uplink.station.desk.sessions import Lockout, Sessions
from uplink.station.store import Store

ELSEWHERE = "Các bản khác"
"""The cluster of kiosks that are in no other."""


class Office:
    """One desk on `settings`; `now` gives Unix seconds."""

    def __init__(self, settings: StationSettings, now: Callable[[], float] = time.time) -> None:
        self.settings = settings
        self.now = now
        self.words = catalogues.load()
        self.sessions = Sessions()
        self.lockout = Lockout()
        self.engine = open_engine(settings.database_url)
        self.store = Store(settings.database_url)
        self.officers = Officers(self.engine)
        self.templates = Environment(
            loader=PackageLoader("uplink.station.desk"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.templates.filters |= words.filters(self.words)

        self._casebook: Casebook | None = None
        self._lock = threading.Lock()

    def close(self) -> None:
        """Let go of the database."""
        self.store.close()
        self.engine.dispose()

    def sign_in(self, name: str, secret: str) -> tuple[Officer, str]:
        """Begin a session: the officer and the session's id. Raises SignInRefused."""
        with self._lock:
            officer, keys = self.officers.sign_in(name, secret)
        return officer, self.sessions.start(officer, keys)

    def casebook(self, keys: Keys) -> Casebook:
        """All cases, opened once for all who are signed in."""
        with self._lock:
            if self._casebook is None:
                self._casebook = Casebook(self.engine, self.store, keys)
            return self._casebook

    def forget_if_empty(self) -> None:
        """Let go of everything opened when nobody is signed in any longer."""
        if not self.sessions.anyone():
            with self._lock:
                self._casebook = None

    def audit(self, keys: Keys) -> AuditLog:
        """The log, open under the data key."""
        return AuditLog(self.engine, keys.data, self.now)

    def kiosks(self) -> dict[str, Kiosk]:
        """The station's kiosks by topic id, as the list says now."""
        return dict(load_kiosks(self.settings.kiosks))

    def cluster(self, kiosk: str) -> str:
        """The name under which a kiosk is shown until it is released."""
        return self.settings.clusters.get(kiosk, ELSEWHERE)

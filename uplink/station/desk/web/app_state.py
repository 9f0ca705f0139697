"""What outlasts a session: database, accounts, words, pictures; and the cases while anyone reads.

Nothing of it opens a report unless somebody is signed in.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from jinja2 import Environment, PackageLoader, StrictUndefined

from kiosk.common.key_derivation import REAL, KeyDerivation
from kiosk.content import catalog as catalogues
from kiosk.content import questionnaire as questionnaires
from kiosk.settings.kiosk_list import Kiosk, load_kiosks
from kiosk.settings.station import StationSettings
from uplink.station.database.engine import open_engine
from uplink.station.desk.auth.audit import AuditLog
from uplink.station.desk.auth.officers import Officer, OfficerKeys, Officers
from uplink.station.desk.auth.sessions import Lockout, Sessions
from uplink.station.desk.cases.casebook import Case, Casebook
from uplink.station.desk.cases.search import Finder, describe
from uplink.station.desk.web.words import Words
from uplink.station.downlink.queue import DownQueue
from uplink.station.receive.store import Store

ELSEWHERE = "Các bản khác"
"""The cluster of kiosks that are in no other."""

LEAST_KIOSKS = 3
"""In a cluster; among fewer, a reader knows the village at once."""


class AppState:
    """One desk on `settings`; `now` gives Unix seconds, `derivation` keys from passphrases."""

    def __init__(
        self,
        settings: StationSettings,
        now: Callable[[], float] = time.time,
        derivation: KeyDerivation = REAL,
    ) -> None:
        self.settings = settings
        self.now = now
        self.questionnaire = questionnaires.load()
        self.catalog = catalogues.load()
        self.words = Words(self.catalog, self.questionnaire, self.place, self.village, now)
        self.sessions = Sessions()
        self.lockout = Lockout()
        self.engine = open_engine(settings.database_url)
        self.store = Store(settings.database_url)
        self.queue = DownQueue(settings.database_url)
        self.officers = Officers(self.engine, derivation)
        self.templates = Environment(
            loader=PackageLoader("uplink.station.desk.web"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.templates.filters |= self.words.filters()
        self.tidied = 0
        self._casebook: Casebook | None = None
        self._finder = self._new_finder()
        self._kiosks: tuple[int, Mapping[str, Kiosk]] = (0, {})
        self._lock = threading.Lock()

    def close(self) -> None:
        """Release the database."""
        self.queue.close()
        self.store.close()
        self.engine.dispose()

    def sign_in(self, name: str, secret: str) -> tuple[Officer, str]:
        """Begin a session: the officer and the session's id. Raises SignInRefused."""
        with self._lock:
            officer, keys = self.officers.sign_in(name, secret)
        return officer, self.sessions.start(officer, keys)

    def casebook(self, keys: OfficerKeys) -> Casebook:
        """All cases, opened once for all who are signed in."""
        with self._lock:
            if self._casebook is None:
                self._casebook = Casebook(self.engine, self.store, keys)
            return self._casebook

    def forget_if_empty(self) -> None:
        """Release everything opened when nobody is signed in any longer."""
        if not self.sessions.anyone():
            with self._lock:
                self._casebook = None
                self._finder = self._new_finder()

    def audit(self, keys: OfficerKeys) -> AuditLog:
        """The log, open under the data key."""
        return AuditLog(self.engine, keys.data, self.now)

    def find(self, cases: Iterable[Case], words: str) -> list[Case]:
        """The cases that hold all of these words."""
        return self._finder.matching(cases, words)

    def kiosks(self) -> Mapping[str, Kiosk]:
        """The station's kiosks by topic id, as the list says now."""
        stamp = self.settings.kiosks.stat().st_mtime_ns
        if stamp != self._kiosks[0]:
            self._kiosks = stamp, load_kiosks(self.settings.kiosks)
        return self._kiosks[1]

    def place(self, case: Case) -> str:
        """Where a case comes from, as far as it may be shown."""
        return self.place_of(case.kiosk, case.released)

    def place_of(self, topic_id: str, released: bool) -> str:
        """The name of a kiosk that was released, else that of its cluster."""
        kiosk = self.kiosks().get(topic_id) if released else None
        return kiosk.name if kiosk else self.cluster(topic_id)

    def cluster(self, kiosk: str) -> str:
        """The name under which a kiosk is shown until it is released."""
        return self.settings.clusters.get(kiosk, ELSEWHERE)

    def small_clusters(self) -> dict[str, int]:
        """The clusters that hide a village among too few, each with how many kiosks it has."""
        sizes = Counter(self.cluster(kiosk) for kiosk in self.kiosks())
        return {name: size for name, size in sorted(sizes.items()) if size < LEAST_KIOSKS}

    def village(self, case: Case, village_id: str) -> str:
        """The name of a village that a report names by the kiosk's own id for it."""
        kiosk = self.kiosks().get(case.kiosk)
        return kiosk.villages.get(village_id, village_id) if kiosk else village_id

    def _new_finder(self) -> Finder:
        return Finder(lambda case: describe(case, self.words.sentence(case), self.place(case)))

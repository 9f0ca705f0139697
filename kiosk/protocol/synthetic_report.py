"""A report that nobody makes, once a day: it proves the whole way from the screen to the desk.

It is sealed, kept and sent as any report, so that neither the card nor a cell tells it from one;
only the desk, which opens it, knows it by its box. It leaves at a random moment of the station's
day, and a restart may add another.
"""

import secrets
from datetime import date, datetime, time, timedelta
from random import Random

from kiosk.protocol.report import Report, new_report_id

BOX = "canary"
ROOM = 64
"""Free rows that it leaves to people."""

_random = secrets.SystemRandom()


class Canary:
    """When the canary of each day is due."""

    def __init__(self, random: Random = _random) -> None:
        self._random = random
        self._day: date | None = None
        self._moment: datetime | None = None

    def is_due(self, now: datetime) -> bool:
        """Whether it is to leave now, by the station's time `now`."""
        if now.date() != self._day:
            self._day = now.date()
            midnight = datetime.combine(self._day, time()) + timedelta(days=1)
            self._moment = now + self._random.random() * (midnight - now)
        return self._moment is not None and now >= self._moment

    def sent(self) -> None:
        """It has left; the next one is tomorrow's."""
        self._moment = None


def make(day: date) -> Report:
    """The canary of a day."""
    return Report(
        report_id=new_report_id(),
        box=BOX,
        what=(),
        where=None,
        when=None,
        how_many=None,
        urgent=False,
        language="vi",
        channel="touch",
        day=f"{day:%Y-%m-%d}",
    )

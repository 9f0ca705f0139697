"""The phone's way into its outbox: sealed parts come in, nothing is ever opened.

A part travels as kind u8 || flags u8 (bit 0 urgent) || report id 16 || sealed bytes. A phone that
lost the Wi-Fi before it heard the answer sends the same bytes again and gets the same answer.
"""

from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from hashlib import sha256
from time import monotonic

from kiosk.common.errors import OutboxFull, ReportError
from kiosk.device.outbox import Outbox
from kiosk.protocol import cells
from kiosk.protocol.cells import Chunk, Kind
from kiosk.protocol.report import ATTACHMENT_PLAINTEXTS, ICON_PLAINTEXT, REPORT_ID_BYTES
from kiosk.protocol.sealing import OVERHEAD

HEAD = 2 + REPORT_ID_BYTES
SIZES = {
    Kind.ICON: (ICON_PLAINTEXT + OVERHEAD,),
    Kind.PHOTO: tuple(size + OVERHEAD for size in ATTACHMENT_PLAINTEXTS),
}
BODIES = frozenset(HEAD + size for sizes in SIZES.values() for size in sizes)
REMEMBERED = 64
ICON_RESERVE = 96
"""Rows that photos leave free: pictures must not keep words out."""

_URGENT = 1


class Outcome(Enum):
    """What became of a part."""

    KEPT = auto()
    DIFFERENT = auto()
    WITHOUT_ICONS = auto()
    WAIT = auto()
    FULL = auto()


@dataclass(frozen=True)
class SubmittedPart:
    """One sealed part of a report as a phone sent it."""

    kind: Kind
    urgent: bool
    report_id: bytes
    sealed: bytes

    @classmethod
    def parse(cls, body: bytes) -> "SubmittedPart":
        """The part in a request's body; raises ReportError when it is none."""
        head, sealed = body[:HEAD], body[HEAD:]
        if len(head) < HEAD or head[1] & ~_URGENT or len(sealed) not in SIZES.get(head[0], ()):  # type: ignore[call-overload]
            raise ReportError("this is no part of a report")
        return cls(Kind(head[0]), bool(head[1] & _URGENT), head[2:], sealed)


class Quota:
    """At most `times` in each window of so many seconds; it knows of no phone."""

    def __init__(self, times: int, window_s: float, now: Callable[[], float] = monotonic) -> None:
        self._spent: deque[float] = deque(maxlen=times)
        self._window_s = window_s
        self._now = now

    def wait_s(self) -> float:
        """How long until the next one is let in; 0 when it is at once."""
        if len(self._spent) < (self._spent.maxlen or 0):
            return 0.0
        return max(0.0, self._spent[0] + self._window_s - self._now())

    def spend(self) -> None:
        """One was let in."""
        self._spent.append(self._now())


class Submissions:
    """Puts parts into `outbox`, each once. One thread at a time, as the outbox wants it."""

    def __init__(self, outbox: Outbox, quota: Quota) -> None:
        self._outbox = outbox
        self._quota = quota
        self._kept: OrderedDict[tuple[Kind, bytes], bytes] = OrderedDict()

    def post(self, part: SubmittedPart) -> tuple[Outcome, float]:
        """Keep a part and say what became of it, with the seconds to wait where that is so.

        Raises OutboxError when the file cannot be written; then nothing is kept.
        """
        known = self._known(part.kind, part.report_id)
        if known is not None:
            return (Outcome.KEPT if known == _digest(part) else Outcome.DIFFERENT), 0.0
        if part.kind is Kind.ICON:
            wait_s = self._quota.wait_s()
            if wait_s:
                return Outcome.WAIT, wait_s
        elif self._known(Kind.ICON, part.report_id) is None:
            return Outcome.WITHOUT_ICONS, 0.0
        chunks = cells.cut(part.kind, part.urgent, part.report_id, part.sealed)
        if part.kind is Kind.PHOTO and self._outbox.room(False) < len(chunks) + ICON_RESERVE:
            return Outcome.FULL, 0.0
        try:
            self._outbox.put(chunks)
        except OutboxFull:
            return Outcome.FULL, 0.0
        if part.kind is Kind.ICON:
            self._quota.spend()
        self._remember(part.kind, part.report_id, _digest(part))
        self._outbox.settle()
        return Outcome.KEPT, 0.0

    def room(self, urgent: bool) -> bool:
        """Whether one more report can be kept."""
        return self._outbox.room(urgent) > 0

    def close(self) -> None:
        """Release the outbox."""
        self._outbox.close()

    def _known(self, kind: Kind, report_id: bytes) -> bytes | None:
        """The digest of a part that was kept, from memory or from before a restart."""
        if (kind, report_id) not in self._kept:
            chunks = self._waiting(kind, report_id)
            if not chunks or len(chunks) != chunks[0].header.count:
                return None
            self._remember(kind, report_id, sha256(cells.join(chunks)).digest())
        return self._kept[kind, report_id]

    def _waiting(self, kind: Kind, report_id: bytes) -> list[Chunk]:
        taken = [
            self._outbox.take(row)
            for row, header in self._outbox.waiting()
            if (header.kind, header.report_id) == (kind, report_id)
        ]
        return [chunk for chunk in taken if chunk is not None]

    def _remember(self, kind: Kind, report_id: bytes, digest: bytes) -> None:
        self._kept[kind, report_id] = digest
        while len(self._kept) > REMEMBERED:
            self._kept.popitem(last=False)


def _digest(part: SubmittedPart) -> bytes:
    return sha256(part.sealed).digest()

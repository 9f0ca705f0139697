"""Who files what, where and when: drawn before the world begins."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from kiosk.protocol.cells import BODY, Chunk, Kind, cut
from tests.sim.faults import HEALED_AT
from tests.sim.product import DOORS

MOST_REPORTS = 5
ATTACHMENTS = {Kind.VOICE: 8, Kind.PHOTO: 32}


@dataclass(frozen=True)
class Filing:
    """A part that is put into an outbox of a kiosk."""

    at: float
    kiosk: int
    door: str
    chunks: tuple[Chunk, ...]


def filings(random: Random, kiosks: int) -> list[Filing]:
    """At least one report at every kiosk; some have an attachment, one part after the other."""
    return [
        filing
        for kiosk in range(kiosks)
        for _ in range(random.randint(1, MOST_REPORTS))
        for filing in _report(random, kiosk)
    ]


def most_chunks(filed: list[Filing], kiosks: int) -> int:
    """How many chunks the busiest kiosk has to carry."""
    return max(sum(len(f.chunks) for f in filed if f.kiosk == kiosk) for kiosk in range(kiosks))


def _report(random: Random, kiosk: int) -> Iterator[Filing]:
    at, door = random.uniform(0, HEALED_AT), random.choice(list(DOORS))
    urgent, report_id = random.random() < 0.3, random.randbytes(16)
    extra = random.random()
    kinds = [(Kind.ICON, 1)]
    if extra < 0.2:
        kind = Kind.PHOTO if extra < 0.02 else Kind.VOICE
        kinds.append((kind, ATTACHMENTS[kind]))
    for kind, count in kinds:
        yield Filing(
            at,
            kiosk,
            door,
            tuple(cut(kind, urgent, report_id, random.randbytes(count * BODY))),
        )

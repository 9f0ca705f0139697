"""What tests of the filing worker share: a report, a booth, and what the worker posts."""

from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from typing import Protocol, TypeVar

from kiosk.content import questionnaire as questionnaires
from kiosk.device.outbox import Outbox
from kiosk.flow.model import (
    Event,
    File,
)
from kiosk.protocol import cells
from tests.ui.touch.place import ROW_KEY
from tests.waiting import DEADLINE
from ui.touch.filing_worker import FilingWorker

QUESTIONS = questionnaires.load()
TOLD = File(
    "border",
    (("border", "people_led"), ("armed", "armed_yes"), ("where", "forest"), ("when", "today"),
     ("how_many", "few"), ("facts", "nothing_more"), ("danger", "danger_no")),
    "hmn",
)  # fmt: skip


@dataclass
class Held:
    """A booth as the door sees it."""

    packets: bytes | None = None
    microphone: bool = True

    def has_microphone(self) -> bool:
        return self.microphone


NO_BOOTH = Held()


class OpenDoor(Protocol):
    """Opens a door to the outbox of a kiosk; it is closed after the test."""

    def __call__(
        self, booth: Held = NO_BOOTH, rows: int = 40
    ) -> tuple[FilingWorker, Queue[Event], Path]:
        """The door, what it posts, and the kiosk's folder."""


E = TypeVar("E")


def posted(events: Queue[Event], kind: type[E]) -> E:
    """The next event, which is of this kind."""
    event = events.get(timeout=DEADLINE)
    assert isinstance(event, kind)
    return event


def chunk_in(outbox: Outbox, row: int) -> cells.Chunk:
    chunk = outbox.take(row)
    assert chunk is not None
    return chunk


def real_rows(folder: Path) -> int:
    outbox = Outbox(folder / "touch.db", ROW_KEY)
    try:
        return outbox.counts().real
    finally:
        outbox.close()

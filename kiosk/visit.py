"""The words of a visit: its state, the events that move it and the effects it asks for.

Times are seconds on a monotonic clock. A state is the only place where answers live before they
are sealed.
"""

from dataclasses import dataclass, field
from enum import Enum

from kiosk.questionnaire import Answers, Questionnaire


class Screen(Enum):
    """Every screen that there is."""

    START = "start"
    MENU = "menu"
    QUESTION = "question"
    PROCEDURE = "procedure"
    DANGER = "danger"
    READ_BACK = "read_back"
    CHANGE = "change"
    SENDING = "sending"
    DONE = "done"
    NOTICES = "notices"
    NOTICE = "notice"
    PHONE = "phone"
    FORM = "form"
    WAIT = "wait"
    FULL = "full"
    CLOSED = "closed"
    FAULT = "fault"
    STAFF = "staff"


class GateKind(Enum):
    """Whether filing is possible: the outbox may be full, the station's key missing."""

    OPEN = "open"
    URGENT_ONLY = "urgent_only"
    FULL = "full"
    CLOSED = "closed"


@dataclass(frozen=True)
class Place:
    """Where in the flow the visit stands; `item` is the question, procedure or notice shown."""

    screen: Screen
    item: str | None = None
    page: int = 0


@dataclass(frozen=True)
class Snapshot:
    """What Back returns to."""

    place: Place
    box: str | None
    answers: Answers


@dataclass(frozen=True)
class State:
    """The whole visit. `filed_at`, `gate` and `handset` belong to the kiosk and outlive the person.

    `louder` counts how often the person asked to hear something again.
    """

    place: Place = Place(Screen.START)
    language: str | None = None
    box: str | None = None
    answers: Answers = ()
    history: tuple[Snapshot, ...] = ()
    spots: frozenset[tuple[int, int]] = frozenset()
    touched_at: float = 0.0
    speaking_since: float | None = None
    warned: bool = False
    greet_from: float | None = None
    greeted_at: float = 0.0
    filed_at: float | None = None
    gate: GateKind = GateKind.OPEN
    handset: bool = False
    louder: int = 0


@dataclass(frozen=True)
class Rules:
    """What the configuration decides about a visit; all times in seconds."""

    questionnaire: Questionnaire
    languages: tuple[str, ...] = ("vi", "hmn")
    report_every_s: float = 90.0
    warn_after_s: float = 60.0
    wipe_after_s: float = 90.0
    done_for_s: float = 30.0
    greet_every_s: float = 15.0
    greet_for_s: float = 60.0
    distinct_spots: int = 3
    louder_steps: int = 2
    private_sound: bool = False

    def is_private(self, state: State) -> bool:
        """Whether only the person at the kiosk hears what is said."""
        return self.private_sound or state.handset


@dataclass(frozen=True)
class Tap:
    """A finger chose `target`; `spot` is the coarse place on the glass, for ghost touches."""

    target: str
    spot: tuple[int, int]
    at: float


@dataclass(frozen=True)
class Tick:
    """Time has passed."""

    at: float


@dataclass(frozen=True)
class SpeechEnded:
    """The voice has said all that it was asked to."""

    at: float


@dataclass(frozen=True)
class Kept:
    """The outbox has committed the report."""

    at: float


@dataclass(frozen=True)
class NotKept:
    """Sealing or the outbox failed; nothing was kept."""

    at: float


@dataclass(frozen=True)
class Gate:
    """Filing became possible or impossible."""

    kind: GateKind


@dataclass(frozen=True)
class Handset:
    """The handset was lifted or hung up, or headphones were plugged in or pulled out."""

    lifted: bool
    at: float


@dataclass(frozen=True)
class Crashed:
    """A screen raised an exception."""

    at: float


Event = Tap | Tick | SpeechEnded | Kept | NotKept | Gate | Handset | Crashed


@dataclass(frozen=True)
class Speak:
    """Say the new screen: first `echo` (a string id) if any, then the prompt and the tiles.

    `answers` is false where the tiles are what the person has told, which a loudspeaker keeps to
    itself until asked.
    """

    echo: str | None = None
    answers: bool = True


@dataclass(frozen=True)
class Hush:
    """Be silent at once."""


@dataclass(frozen=True)
class File:
    """Seal this report and put it in the outbox, then answer Kept or NotKept."""

    box: str
    answers: Answers = field(repr=False)
    language: str


@dataclass(frozen=True)
class Wipe:
    """Forget everything about the person."""


Effect = Speak | Hush | File | Wipe

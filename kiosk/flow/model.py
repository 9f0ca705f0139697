"""The words of a visit: its state, the events that move it and the effects it asks for.

Times are seconds on a monotonic clock. A state is the only place where answers live before they
are sealed.
"""

from dataclasses import dataclass, field
from enum import Enum

from kiosk.content.questionnaire import Answers, Questionnaire
from kiosk.device.notice_board import EMPTY, Board
from kiosk.protocol.notice import NoticeText
from kiosk.protocol.picture_code import TRIES, TRIES_S, Code
from kiosk.protocol.reply import Reply


class Screen(Enum):
    """Every screen that there is."""

    START = "start"
    MENU = "menu"
    QUESTION = "question"
    PROCEDURE = "procedure"
    DANGER = "danger"
    READ_BACK = "read_back"
    CHANGE = "change"
    VOICE = "voice"
    VOICE_WARNING = "voice_warning"
    RECORDING = "recording"
    MASKING = "masking"
    PREVIEW = "preview"
    UNHEARD = "unheard"
    TOO_LOUD = "too_loud"
    NO_MICROPHONE = "no_microphone"
    VOICELESS = "voiceless"
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
    CODE = "code"
    FAMILY = "family"
    PICTURE = "picture"
    MISTAP = "mistap"
    OPENING = "opening"
    ANSWER = "answer"
    NO_ANSWER = "no_answer"
    TRIES = "tries"
    STAFF = "staff"


class GateKind(Enum):
    """Whether filing is possible: the outbox may be full, the station's key missing."""

    OPEN = "open"
    URGENT_ONLY = "urgent_only"
    FULL = "full"
    CLOSED = "closed"


class VoiceGate(Enum):
    """Whether a voice may go with a report: the station allows it, and a microphone is there."""

    OFF = "off"
    OTHER_ONLY = "other_only"
    ON = "on"


class VoiceChoice(Enum):
    """Who speaks to the officer besides the pictures."""

    NONE = "none"
    OWN = "own"
    OTHER = "other"


class Take(Enum):
    """How a recording has ended: it can be listened to, nobody spoke, somebody spoke too loudly,
    nothing could be recorded, or it is lost."""

    READY = "ready"
    UNHEARD = "unheard"
    TOO_LOUD = "too_loud"
    NO_MICROPHONE = "no_microphone"
    LOST = "lost"


@dataclass(frozen=True)
class Place:
    """Where in the flow the visit stands; `item` is the question, procedure or notice shown."""

    screen: Screen
    item: str | None = None
    page: int = 0


@dataclass(frozen=True)
class CodeEntry:
    """The picture codes of a visit.

    `code` was made for the report just kept and is to be remembered; `entered` are the pictures
    tapped so far; `told` are the answers that they opened.
    """

    code: Code = field(default=(), repr=False)
    entered: Code = field(default=(), repr=False)
    told: tuple[Reply, ...] = field(default=(), repr=False)

    @property
    def proven(self) -> Code:
        """The code that has opened answers, if any: what is filed now replies to them."""
        return self.entered if self.told else ()


@dataclass(frozen=True)
class Snapshot:
    """What Back returns to."""

    place: Place
    box: str | None
    answers: Answers
    coding: CodeEntry


@dataclass(frozen=True)
class VisitState:
    """The whole visit. What is the kiosk's and not the person's outlives it: see `moves.fresh`.

    `louder` counts how often the person asked to hear something again; `tries` is when codes were
    entered that opened nothing. `unheard` are the ids of new notices that the loudspeaker has not
    played yet, the oldest first. `since` is when a recording or its disguise began, `recorded_s`
    how long it lasts already.
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
    voice_gate: VoiceGate = VoiceGate.OFF
    handset: bool = False
    louder: int = 0
    board: Board = EMPTY
    unheard: tuple[str, ...] = ()
    coding: CodeEntry = CodeEntry()
    tries: tuple[float, ...] = ()
    voice: VoiceChoice = VoiceChoice.NONE
    since: float = 0.0
    recorded_s: float = 0.0


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
    quiet_for_s: float = 120.0
    code_tries: int = TRIES
    code_tries_s: float = TRIES_S
    record_for_s: float = 30.0
    mask_within_s: float = 45.0
    private_sound: bool = False

    def is_private(self, state: VisitState) -> bool:
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
    """The outbox has committed the report; `whole` unless there was no room for its voice.

    `code` is new and opens the answers to it.
    """

    at: float
    whole: bool = True
    code: Code = field(default=(), repr=False)


@dataclass(frozen=True)
class NotKept:
    """Sealing or the outbox failed; nothing was kept."""

    at: float


@dataclass(frozen=True)
class Opened:
    """A picture code was tried: the answers that it opened, the newest first, or none."""

    told: tuple[Reply, ...] = field(repr=False)
    at: float


@dataclass(frozen=True)
class Gate:
    """Filing, or a voice with it, became possible or impossible."""

    kind: GateKind
    voice: VoiceGate = VoiceGate.OFF


@dataclass(frozen=True)
class Taken:
    """A recording was disguised, or there is nothing to send."""

    take: Take
    at: float


@dataclass(frozen=True)
class HandsetMoved:
    """The handset was lifted or hung up, or headphones were plugged in or pulled out."""

    lifted: bool
    at: float


@dataclass(frozen=True)
class BoardChanged:
    """The station's board has changed, or it is the time of the loudspeaker (`loud`).

    `arrived` are the ids of the notices that are new, the oldest first.
    """

    board: Board
    at: float
    arrived: tuple[str, ...] = ()
    loud: bool = False


@dataclass(frozen=True)
class Crashed:
    """A screen raised an exception."""

    at: float


Event = (
    Tap
    | Tick
    | SpeechEnded
    | Kept
    | NotKept
    | Opened
    | Gate
    | Taken
    | HandsetMoved
    | BoardChanged
    | Crashed
)


@dataclass(frozen=True)
class Speak:
    """Say the new screen: first `echo` (a string id) if any, then the prompt and the tiles.

    `answers` is false where the tiles are what the person has told, which a loudspeaker keeps to
    itself until asked.
    """

    echo: str | None = None
    answers: bool = True


@dataclass(frozen=True)
class Announce:
    """Say a notice to the hall, in every language of the kiosk."""

    text: NoticeText


@dataclass(frozen=True)
class Hush:
    """Be silent at once."""


@dataclass(frozen=True)
class File:
    """Seal this report and put it in the outbox, then answer Kept or NotKept.

    `code` opens the answers to it: the code of an earlier report that this one replies to, or
    none, and a new one is made.
    """

    box: str
    answers: Answers = field(repr=False)
    language: str
    code: Code = field(default=(), repr=False)
    voice: VoiceChoice = VoiceChoice.NONE


@dataclass(frozen=True)
class OpenBox:
    """Look for answers with this picture code, then answer Opened."""

    code: Code = field(repr=False)


@dataclass(frozen=True)
class Record:
    """Begin to listen to the person."""


@dataclass(frozen=True)
class DisguiseVoice:
    """Stop listening and disguise what was heard, then answer Taken."""


@dataclass(frozen=True)
class Discard:
    """Stop listening and forget what was recorded."""


@dataclass(frozen=True)
class Wipe:
    """Forget everything about the person."""


Effect = Speak | Announce | Hush | File | OpenBox | Record | DisguiseVoice | Discard | Wipe

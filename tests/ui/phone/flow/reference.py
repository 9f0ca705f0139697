"""The kiosk's session driven as a phone's page: the one place that names intended differences.

1. A phone scrolls: no screen has pages.
2. A phone asks for typed words and a photo before it first reads back (screen `extra`), and the
   pictures that it reads back are themselves what can be changed (no screen `change`).
3. A phone has no voice, no hotspot to join and no code of a form; its start shows only a notice of
   the station's own.
4. A phone is one person's: it always has a language, and keeps it after "finish" and the quick
   exit. "Home" stands on its menu too, and so does the way to an answer.
5. A phone can leave while it waits for the hall; what it waited for then came to nothing.
6. The hall says whether a report can be kept when it is sent, and when too many codes were tried.
7. Only the kiosk limits how often somebody files, and looks out for ghost touches.
"""

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from tests.ui.phone.flow.kiosk_side import (
    LANGUAGES,
    BoardChanged,
    Event,
    File,
    Gate,
    Kept,
    NotKept,
    Opened,
    Place,
    Rules,
    Screen,
    Speak,
    SpeechEnded,
    Tap,
    Tick,
    VisitState,
    Wipe,
    enter_code,
    new_state,
    step_session,
)
from tests.ui.phone.flow.world import ANSWERS, ASKED, KEPT, World

EXTRA, READ_BACK = "extra", "read_back"
WAITING = (Screen.SENDING, Screen.OPENING)

_NO_LIMIT = 10**6
_READS_BACK = (Screen.READ_BACK, Screen.SENDING, Screen.FAULT)
_CHOSEN_ON = {
    Screen.START: "lang",
    Screen.MENU: "box",
    Screen.QUESTION: "choice",
    Screen.NOTICES: "notice",
    Screen.FAMILY: "family",
    Screen.PICTURE: "picture",
}


class Step(NamedTuple):
    """What happens to a page: a button of that kind and value, or another event and its value."""

    kind: str
    value: Any = ""

    def __str__(self) -> str:
        return f"{self.kind} {self.value}".strip()


@dataclass(frozen=True)
class Draft:
    """What a report is sealed from: `number` counts the reports that were sealed before it."""

    filing: File
    text: str
    photo: bool
    code: tuple[str, ...]
    number: int

    @property
    def answered_with(self) -> tuple[str, ...]:
        """The code that will open the answers to it, none when there is none."""
        return self.filing.code or self.code


class Reference:
    """A visit of the kiosk that goes where the page must go.

    `state` is the kiosk's own; `language`, `text` and `photo` are what the phone adds; `sent` and
    `asked` are the parts of reports and the codes that the last step must have brought to the hall.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.rules = Rules(ASKED, report_every_s=0, distinct_spots=0, code_tries=_NO_LIMIT)
        self.state: VisitState = new_state(0.0)
        self.language = LANGUAGES[0]
        self.text = ""
        self.photo = False
        self.said: str | None = None
        self.refused = False
        self.sent: list[tuple[Draft, str]] = []
        self.asked: list[tuple[str, ...]] = []
        self._extras: list[list[str]] = []
        self._filing: File | None = None
        self._draft: Draft | None = None
        self._sealed = 0
        self._event(Gate(world.gate))
        self._event(BoardChanged(world.board, 0.0))

    @property
    def on_extra(self) -> bool:
        """Whether the page asks for words and a photo where the kiosk already reads back."""
        reads_back = self.state.place.screen is Screen.READ_BACK
        return reads_back and self._extras[-1][-1] == EXTRA

    def do(self, step: Step) -> None:
        """Carry the kiosk's visit as far as this step carries the page's."""
        self.sent, self.asked = [], []
        match step:
            case ("choice", str(choice)):
                self._choose(choice)
            case ("change", "extra"):
                self._extras[-1].append(EXTRA)
            case ("change", question):
                self._tap("change", f"answer:{question}")
            case ("action", str(action)):
                self._act(action)
            case ("hardware_back", _):
                self._back()
            case ("text", str(text)):
                self.text = text
            case ("photo", _):
                self.photo = True
            case ("idle", _):
                self._event(Tick(self.state.touched_at + self.rules.wipe_after_s))
            case ("hear", heard):
                self._hear(heard)

    def _choose(self, choice: str) -> None:
        screen = self.state.place.screen
        if choice not in LANGUAGES:
            return self._tap(f"{_CHOSEN_ON[screen]}:{choice}")
        self.language = choice
        if self.state.language or screen is Screen.START:
            self._tap(f"lang:{choice}")

    def _act(self, action: str) -> None:
        place = self.state.place
        match action:
            case "back":
                self._back()
            case "next" if self.on_extra:
                self._extras[-1].append(READ_BACK)
            case "next":
                self._tap("go_on")
                if self.state.place == replace(place, page=1):
                    self._tap("go_on")
            case "enter_code" if place.screen is Screen.MENU:
                self.state = enter_code(self.state, self.rules)
            case "enter_code" if place.screen is Screen.CODE:
                self._tap("go_on")
            case "no_photo":
                self.photo = False
            case "send" if not self.world.takes(ASKED.is_urgent(self.state.answers)):
                self.refused = True
            case "quit":
                self._give_up()
                self._tap("quit")
            case _:
                language = self.language
                self._tap(action)
                if self.state.place.screen is Screen.START:
                    self._choose(language)

    def _back(self) -> None:
        if self.state.place.screen is Screen.READ_BACK and len(self._extras[-1]) > 1:
            self._extras[-1].pop()
            return
        self._tap("back")
        while self.state.place.screen is Screen.CHANGE or self.state.place.page:
            self._tap("back")

    def _give_up(self) -> None:
        if self.state.place.screen is Screen.SENDING:
            self._event(NotKept(0.0))
        if self.state.place.screen is Screen.OPENING:
            self._event(Opened((), 0.0))

    def _hear(self, heard: dict[str, Any]) -> None:
        """The hall answers what waits for it."""
        if self.state.place.screen is Screen.SENDING:
            return self._deliver(heard)
        self.asked = [self.state.coding.entered]
        self._event(Opened(() if heard["locked"] else ANSWERS[heard["told"]], 0.0))
        if heard["locked"]:
            self.state = replace(self.state, place=Place(Screen.TRIES))

    def _deliver(self, heard: dict[str, Any]) -> None:
        """A code is asked for and the report sealed once, however often it is sent."""
        if self._draft is None:
            assert self._filing
            code = tuple(heard["code"] or ())
            self.asked = [()] * (1 if code else 5)
            self._draft = Draft(self._filing, self.text, self.photo, code, self._sealed)
            self._sealed += 1
        draft = self._draft
        self.sent = [(draft, "icons")] * len(heard["icons"])
        if heard["icons"][-1] != KEPT:
            return self._event(NotKept(0.0))
        photo = heard["photo"] if self.photo else [KEPT]
        self.sent += [(draft, "photo")] * len(photo) * self.photo
        to_remember = () if draft.filing.code else draft.code
        self._event(Kept(0.0, photo[-1] == KEPT, to_remember))

    def _tap(self, *targets: str) -> None:
        for target in targets:
            self._event(Tap(target, (0, 0), 0.0))

    def _event(self, event: Event) -> None:
        before = self.state.place
        self.state, effects = step_session(self.state, event, self.rules)
        if self.state.place != before:
            self.said = None
        for effect in effects:
            if isinstance(effect, Speak):
                self.said = effect.echo
            elif isinstance(effect, File) and before.screen is not Screen.FAULT:
                self._filing, self._draft = effect, None
            elif isinstance(effect, Wipe):
                self.text, self.photo = "", False
        if isinstance(event, Kept):
            self.text, self.photo = "", False
        if self.state.place.screen is Screen.START:
            self.language = LANGUAGES[0]
        if self.state.speaking_since is not None:
            self.state, _ = step_session(self.state, SpeechEnded(self.state.touched_at), self.rules)
        self._count_read_backs()

    def _count_read_backs(self) -> None:
        """Keep, for each time that the kiosk reads back, what the page has shown in its place."""
        screens = [left.place.screen for left in self.state.history]
        reading = screens.count(Screen.READ_BACK) + (self.state.place.screen in _READS_BACK)
        del self._extras[reading:]
        while len(self._extras) < reading:
            self._extras.append([READ_BACK] if self._extras else [EXTRA])

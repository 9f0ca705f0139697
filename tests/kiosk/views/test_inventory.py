"""Whatever a visit comes to show or say is in the inventory that is checked at the start."""

from dataclasses import dataclass, field
from random import Random

from kiosk.content import questionnaire as questionnaires
from kiosk.device.notice_board import PICTURES, Board, Posted
from kiosk.flow import machine
from kiosk.flow.model import (
    Effect,
    Event,
    File,
    Gate,
    GateKind,
    Kept,
    News,
    NotKept,
    OpenBox,
    Opened,
    Rules,
    Screen,
    Speak,
    SpeechEnded,
    State,
    Take,
    Taken,
    Tap,
    Tick,
    VoiceGate,
)
from kiosk.protocol.notice import Text
from kiosk.protocol.picture_code import families, new_code
from kiosk.protocol.reply import Answer, phrases
from kiosk.views import inventory, screens
from kiosk.views.model import View

VISITS = 600
TAPS = 60
RULES = Rules(
    questionnaires.load().with_villages(("1",)), report_every_s=0, code_tries=2, distinct_spots=1
)
RIGHT_CODE = new_code()
NEEDED = inventory.needs(RULES)
BOARD = Board(tuple(Posted(topic, topic, Text("vi", "hmn")) for topic in PICTURES))


def answers(random: Random, effects: tuple[object, ...], at: float) -> list[Event]:
    """What the machinery answers to the effects of a tap, well or badly."""
    events: list[Event] = []
    for effect in effects:
        match effect:
            case File():
                code = new_code() if random.random() < 0.8 else ()
                kept = Kept(at, whole=random.random() < 0.5, code=code)
                events.append(kept if random.random() < 0.8 else NotKept(at))
            case OpenBox():
                parts = tuple(random.sample(sorted(phrases().parts), 3))
                told = (Answer(parts, "0215 3", "x", b"x"),)
                events.append(Opened(told if random.random() < 0.5 else (), at))
    return events


@dataclass
class Visit:
    """A visit that checks every screen it comes to."""

    seen: set[Screen]
    state: State = field(default_factory=lambda: machine.new_state(0.0))

    def feel(self, event: Event) -> tuple[Effect, ...]:
        self.state, effects = machine.step(self.state, event, RULES)
        shown = self.shown()
        self.seen.add(shown.screen)
        everything = (*shown.tiles, *shown.buttons)
        assert {shown.picture, *(t.picture for t in everything)} <= NEEDED.pictures | {""}
        lines = screens.lines(shown, Speak(), RULES)
        said = {line.string_id for line in lines if line.literal is None}
        numbers = {whose for whose, _ in shown.numbers}
        words = {shown.prompt, *said, *numbers, *(t.string_id for t in everything)}
        assert words <= NEEDED.strings | {""}
        return effects

    def next_picture(self) -> str:
        """The tap by which the code of this visit, or any right one, is entered."""
        coding = self.state.coding
        picture = (coding.code or RIGHT_CODE)[len(coding.entered)]
        family = next(name for name, members in families().items() if picture in members)
        if self.state.place.screen is Screen.FAMILY:
            return f"family:{family}"
        return f"picture:{picture}" if family == self.state.place.item else "back"

    def shown(self) -> View:
        return screens.view(self.state, RULES, inventory.SITE)

    def event(self, random: Random, at: float) -> Event:
        """A tap, most often on something that leads on; time, where nothing can be tapped."""
        shown = self.shown()
        if shown.screen in (Screen.FAMILY, Screen.PICTURE) and random.random() < 0.9:
            return Tap(self.next_picture(), (random.randrange(100), 0), at)
        if shown.screen is Screen.MASKING:
            return Taken(random.choice(list(Take)), at)
        tiles = (*shown.tiles, *shown.buttons)
        onward = [t.target for t in tiles if t.target and t.target != "finish"]
        rail = [target for target in shown.rail if target] + ["finish"]
        if shown.screen in machine.BUSY or random.random() < 0.03:
            return Tick(at)
        targets = onward if onward and random.random() < 0.95 else rail
        return Tap(random.choice(targets), (random.randrange(100), 0), at)


def test_random_visits_never_meet_a_picture_or_a_word_that_is_not_in_the_inventory() -> None:
    random = Random(20261130)
    seen: set[Screen] = set()
    for _ in range(VISITS):
        visit = Visit(seen)
        gate = random.choices(list(GateKind), (8, 1, 1, 1))[0]
        visit.feel(Gate(gate, random.choice(list(VoiceGate))))
        if random.random() < 0.5:
            visit.feel(News(BOARD, 0.0))
        if random.random() < 0.2:
            visit.feel(Tap("phone", (0, 0), 0.0))
        for at in range(1, TAPS):
            if random.random() < 0.7:
                visit.feel(SpeechEnded(at))
            effects = visit.feel(visit.event(random, at))
            for answer in answers(random, effects, at):
                visit.feel(answer)
    unseen = {screen.value for screen in set(Screen) - seen}
    assert unseen <= {"staff", "form", "wait"}, unseen

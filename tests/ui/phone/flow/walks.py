"""Random walks through a visit, and the first step at which page and kiosk part."""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from tests.ui.phone.flow.kiosk_side import Code, Screen, families
from tests.ui.phone.flow.page import Page
from tests.ui.phone.flow.reference import WAITING, Reference, Step
from tests.ui.phone.flow.screens import Shown, expected
from tests.ui.phone.flow.world import (
    ANSWERS,
    BUSY,
    CODES,
    KEPT,
    LOST,
    WAIT,
    World,
    answers_for_page,
)

STEPS = 60
TEXTS = ("", "Họ đi về phía suối", "  mưa\n", "a" * 24)
DELIVERIES = ([KEPT], [KEPT], [KEPT], [LOST, KEPT], [WAIT, KEPT], [BUSY])
_DRAWN = ("text", "hear")
_LEAVES_WAITING = 4.0
_WEIGHTS = {
    "idle": 0.05,
    "hardware_back": 0.2,
    "quit": 0.1,
    "home": 0.2,
    "back": 0.5,
    "finish": 0.5,
    "vi": 0.2,
    "hmn": 0.2,
    "notices": 0.3,
    "listen": 0.3,
    "reply": 5.0,
    "hear_back": 5.0,
    "send": 20.0,
    "hear": 20.0,
}
"""How often each of these is done, where one of a question's choices is done once."""


@dataclass(frozen=True)
class Walk:
    """Steps through one world, and what the page must show at first and after each of them."""

    world: World
    steps: tuple[Step, ...]
    shown: tuple[Shown, ...]


def random_walk(seed: int) -> Walk:
    """Mostly onward, as somebody goes who wants to send something; now and then anywhere."""
    chance = random.Random(seed)
    reference = Reference(World.drawn(chance))
    code = chance.choice(CODES)

    def choose(shown: Shown) -> Step:
        offered = _offered(reference, shown)
        weights = [_weight(step, reference, code) for step in offered]
        return _drawn(chance.choices(offered, weights)[0], chance)

    return _walked(reference, (choose for _ in range(STEPS)))


def replayed(world: World, steps: Iterable[Step]) -> Walk:
    """The same steps again, without those that are no longer offered."""
    reference = Reference(world)

    def choose(shown: Shown, step: Step) -> Step | None:
        bare = Step(step.kind) if step.kind in _DRAWN else step
        return step if bare in _offered(reference, shown) else None

    return _walked(reference, (partial(choose, step=step) for step in steps))


def first_parting(page: Page, seeds: Iterable[int]) -> tuple[int, Walk] | None:
    """The first of these random walks on which page and kiosk part, with its seed."""
    before: tuple[int, Walk] | None = None
    for seed in seeds:
        walk = random_walk(seed)
        if before and _difference(page.receive(), before[1]):
            return before
        page.send(walk.world, walk.steps)
        before = seed, walk
    return before if before and _difference(page.receive(), before[1]) else None


def parting(page: Page, walk: Walk) -> str:
    """Where the page leaves the kiosk's way, in words; empty when it does not."""
    page.send(walk.world, walk.steps)
    return _difference(page.receive(), walk)


def _difference(seen: list[Shown], walk: Walk) -> str:
    for place, (page, kiosk) in enumerate(zip(seen, walk.shown, strict=False)):
        lines = [
            f"{key}: the page {page.get(key)!r}, the kiosk {kiosk[key]!r}"
            for key in kiosk
            if page.get(key) != kiosk[key]
        ]
        if lines:
            broke = [page["broke"]] if "broke" in page else lines
            return (
                "\n  ".join([repr(walk.world), *map(str, walk.steps[:place])])
                + "\n"
                + "\n".join(broke)
            )
    return ""


def shrunk(page: Page, walk: Walk) -> Walk:
    """A shorter walk on which the two part as well: no single step of it can be left out."""
    whole = walk
    for place in reversed(range(len(walk.steps))):
        shorter = replayed(walk.world, walk.steps[:place] + walk.steps[place + 1 :])
        walk = shorter if parting(page, shorter) else walk
    return walk if walk.steps == whole.steps else shrunk(page, walk)


def _walked(reference: Reference, choices: Iterable[Callable[[Shown], Step | None]]) -> Walk:
    """The walk on which each choice, seeing the screen, takes the next step or none."""
    done, shown = [], [expected(reference)]
    for choose in choices:
        if reference.refused:
            break
        step = choose(shown[-1])
        if step is not None:
            reference.do(step)
            done.append(step)
            shown.append(expected(reference))
    return Walk(reference.world, tuple(done), tuple(shown))


def _offered(reference: Reference, shown: Shown) -> list[Step]:
    """Every button of the screen, and what happens without one."""
    screen = reference.state.place.screen
    steps = [Step(kind, value) for kind, value, *_ in shown["tiles"] if kind]
    steps += [Step("action", value) for value, *_ in shown["actions"]]
    for value in shown["navigation"]:
        steps.append(Step("action" if value in ("back", "home") else "choice", value))
    if shown["quit"]:
        steps.append(Step("action", "quit"))
    if reference.on_extra:
        steps += [Step("text"), *([] if reference.photo else [Step("photo")])]
    if shown["navigation"] or screen in (*WAITING, Screen.DONE, Screen.CODE):
        steps.append(Step("hardware_back"))
    if screen in WAITING:
        steps.append(Step("hear"))
    return [*steps, Step("idle")]


def _weight(step: Step, reference: Reference, code: Code) -> float:
    """A code is mostly entered rightly: the one just shown, or else one that may have answers."""
    screen, coding = reference.state.place.screen, reference.state.coding
    if screen in (Screen.FAMILY, Screen.PICTURE) and step.kind == "choice":
        wanted = (coding.code or code)[len(coding.entered)]
        if step.value == wanted or wanted in families().get(step.value, ()):
            return 100.0
    if screen is Screen.NOTICES and step.kind == "choice":
        return 0.1
    if screen in WAITING and step.value == "quit":
        return _LEAVES_WAITING
    return _WEIGHTS.get(step.value or step.kind, 1.0)


def _drawn(step: Step, chance: random.Random) -> Step:
    if step.kind == "text":
        return Step("text", chance.choice(TEXTS))
    if step.kind == "hear":
        return Step("hear", _heard(chance))
    return step


def _heard(chance: random.Random) -> dict[str, Any]:
    """What the hall answers to all that the page may be waiting for."""
    told = chance.randrange(len(ANSWERS))
    locked = chance.random() < 0.1
    return {
        "code": chance.choice([*CODES, None]),
        "told": told,
        "answers": [] if locked else answers_for_page(ANSWERS[told]),
        "locked": locked,
        "icons": list(chance.choice(DELIVERIES)),
        "photo": list(chance.choice(DELIVERIES)),
    }

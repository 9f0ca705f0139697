"""A report in a real window, an answer from a real station, and the answer at the kiosk again."""

import json
import re
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from audio.playback.ogg_opus import decoded
from audio.speech.sound import Samples, from_wav
from kiosk.content import catalog as catalogues
from kiosk.content.assets import Clips
from kiosk.device import config as configs
from kiosk.flow.model import Kept, Opened
from kiosk.protocol.message import Kind
from kiosk.protocol.picture_code import Code, check_picture, families, is_consistent, pictures
from kiosk.protocol.reply import Reply
from provisioning import demo
from provisioning.processes import python
from tests.answers import at_screen, in_no_file
from tests.audio.hall import ALIKE, Ear, hall, likeness
from tests.toml_files import edit
from tests.ui.touch.place import CLIPS, ROOT, TILES, app, display, needs_sound
from tests.waiting import wait_until
from ui.touch.layout.geometry import Rect
from ui.touch.visit_driver import Walker

COME = Reply(("come", "place_station", "monday"))
TRIES, HEARD_WITHIN_S = 3, 20
SPEECH = str(CLIPS / "vi" / "advice.fire.wav")
LINE = "Mời bà con mang theo giấy khai sinh."

pytestmark = needs_sound


def drawing(picture: Image.Image) -> Image.Image:
    """What is drawn on white, cut out and small, so that two sizes of it can be compared."""
    plain = picture.convert("RGB")
    bare = ImageChops.difference(plain, Image.new("RGB", plain.size, "white"))
    box = bare.convert("L").point(lambda shade: 255 * (shade > 40)).getbbox()
    return plain.crop(box).resize((32, 32))


def template(name: str) -> Image.Image:
    with Image.open(TILES / "160" / f"pic_{name}.png") as tile:
        ground = Image.new("RGBA", tile.size, "white")
        return drawing(Image.alpha_composite(ground, tile.convert("RGBA")))


def seen(walker: Walker) -> Code:
    """The code as a person reads it off the glass."""
    known = {name: template(name) for name in pictures()}

    def recognised(place: Rect) -> str:
        inner = place.grown(-6)
        size = (inner.w, inner.h * 62 // 100)
        part = Rect(inner.x, inner.y, *size)
        cut = drawing(Image.frombytes("RGB", size, walker.glass.look((part,))[0]))

        def unlike(name: str) -> float:
            return sum(ImageStat.Stat(ImageChops.difference(cut, known[name])).mean)

        return min(known, key=unlike)

    return tuple(recognised(placed.place) for placed in walker.scene().tiles)


def enter(walker: Walker, code: Code, *then: Opened) -> None:
    for number, picture in enumerate(code, start=1):
        family = next(name for name, members in families().items() if picture in members)
        walker.tap(f"family:{family}")
        walker.tap(f"picture:{picture}", *(then if number == len(code) else ()))


def wrong(code: Code) -> Code:
    five = (next(p for p in pictures() if p not in code), *code[1:5])
    return (*five, check_picture(five))


def clip(string_id: str, language: str) -> Samples:
    text = catalogues.load().words(string_id, language).speak
    return from_wav(next(Clips([CLIPS / language]).of(string_id, language, text)).read("wav"))


def is_heard(ear: Ear, sound: Samples) -> bool:
    return likeness(ear.heard, sound)[0] > ALIKE


def listen(walker: Walker, ear: Ear, *sounds: Samples) -> None:
    """Ask to hear the screen, again where a busy machine stutters, until all of it was heard."""
    again = walker.scene().targets["again"].centre
    waiting = dict(enumerate(sounds))
    for _ in range(TRIES):
        walker.glass.tap(again)
        for number, sound in enumerate(sounds):
            with suppress(AssertionError):
                wait_until(partial(is_heard, ear, sound), HEARD_WITHIN_S)
                waiting.pop(number, None)
        if not waiting:
            return
    assert waiting == {}


class Station:
    """The officers' side of a village, through its commands."""

    def __init__(self, village: demo.Village) -> None:
        self._village = village

    def run(self, command: str, *arguments: str) -> str:
        config = self._village.station / "station.toml"
        secret = ("--passphrase-file", str(self._village.passphrase))
        return subprocess.run(
            python("uplink.station.commands.main", command, *arguments, "--config", config,
                   *secret),
            check=True, capture_output=True, text=True,
        ).stdout  # fmt: skip

    def reports(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.run("inbox", "--json").splitlines()]


def answers_at(village: demo.Village) -> int:
    """How many answers have wholly come to the kiosk."""
    inbox = configs.load(village.kiosk / "kiosk.toml").inbox
    try:
        with sqlite3.connect(f"file:{inbox}?mode=ro", uri=True) as db:
            query = "SELECT count(*) FROM messages WHERE kind = ? AND state = 1"
            return int(db.execute(query, (Kind.ANSWER,)).fetchone()[0])
    except sqlite3.Error:
        return 0


def answered(station: Station, village: demo.Village, *options: str) -> None:
    """Answer the one report that has come, and wait until the kiosk has it."""
    wait_until(lambda: len(station.reports()) == 1)
    (report,) = station.reports()
    station.run("answer", str(report["id"])[:8], *options)
    wait_until(lambda: answers_at(village) == 1)


@pytest.fixture
def village(tmp_path: Path) -> demo.Village:
    """A whole village whose kiosk speaks into the test's own hall."""
    plan = demo.Plan((800, 480), ROOT / "build", False, False, None)
    made = demo.provision(tmp_path / "village", plan)
    edit(made.kiosk / "kiosk.toml", {"sound.speaker": "speaker"})
    return made


@pytest.fixture
def visit(
    village: demo.Village, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Walker, Ear]]:
    """A finger on its kiosk and an ear in its hall; nothing of a visit is in any file after it."""
    config, log = village.kiosk / "kiosk.toml", tmp_path / "app.log"
    with hall() as here, display(800, 480) as on, demo.started(village):
        for name, value in {**here.environment, "DISPLAY": on}.items():
            monkeypatch.setenv(name, value)
        ear = here.ear("speaker")
        with app(config, on, log):
            yield Walker(configs.load(config), tmp_path / "shots"), ear
        ear.close()
    assert not re.search("E[0-9]{2}|Traceback", log.read_text("utf-8"))


def file(walker: Walker, language: str) -> Code:
    """A report, and the code that opens the answers to it."""
    walker.file(language, "opinion", ["road", "bad"])
    walker.tap("hear_back")
    code = seen(walker)
    assert is_consistent(code), code
    walker.learn(code)
    return code


def reading(walker: Walker, language: str) -> None:
    walker.begin(language)
    walker.tap("box:listen")
    walker.tap("enter_code")


@pytest.mark.soak
def test_an_answer_comes_back_to_the_code_is_spoken_and_replied_to(
    village: demo.Village, visit: tuple[Walker, Ear], tmp_path: Path
) -> None:
    (walker, ear), station = visit, Station(village)
    code = file(walker, "hmn")
    walker.tap("finish")
    phrase = ("--phrase", "come", "--place", "place_station", "--day", "monday")
    answered(station, village, *phrase, "--text", LINE)
    reading(walker, "hmn")
    enter(walker, code, Opened((Reply(COME.parts, "", LINE),), 0.0))
    listen(walker, ear, clip("answer.come", "hmn"), clip("choice.monday", "hmn"))
    for target in ("go_on", "reply", "choice:reply_come"):
        walker.tap(target)
    walker.tap("send", Kept(0.0))
    wait_until(lambda: len(station.reports()) == 2)
    reply = next(found for found in station.reports() if found["box"] == "reply")
    assert reply["what"] == ["reply_come"]
    assert in_no_file(code, 10, tmp_path)


@pytest.mark.soak
def test_an_officers_own_voice_is_heard_at_the_kiosk(
    village: demo.Village, visit: tuple[Walker, Ear], tmp_path: Path
) -> None:
    (walker, ear), station = visit, Station(village)
    code = file(walker, "hmn")
    walker.tap("finish")
    answered(station, village, "--voice", SPEECH)
    _, (answer,) = at_screen(configs.load(village.kiosk / "kiosk.toml")).open(code)
    reading(walker, "hmn")
    enter(walker, code, Opened((answer,), 0.0))
    listen(walker, ear, decoded(answer.voice))
    assert in_no_file(code, 10, tmp_path)


@pytest.mark.soak
def test_in_vietnamese_too_with_every_mistake_that_can_be_made(
    village: demo.Village, visit: tuple[Walker, Ear], tmp_path: Path
) -> None:
    (walker, ear), station = visit, Station(village)
    code = file(walker, "vi")
    walker.tap("go_on")
    enter(walker, wrong(code))
    walker.tap("go_on")
    enter(walker, code)
    walker.tap("finish")
    reading(walker, "vi")
    enter(walker, code, Opened((), 0.0))
    answered(station, village, "--phrase", "checking")
    for tried in (wrong(code), (*code[:4], *reversed(code[4:]))):
        walker.tap("enter_code")
        enter(walker, tried, Opened((), 0.0))
    walker.tap("enter_code")
    enter(walker, code, Opened((Reply(("checking",)),), 0.0))
    listen(walker, ear, clip("answer.checking", "vi"))
    assert in_no_file(code, 10, tmp_path)

"""The guides tell what is there: commands, pictures, and every state that a technician may see."""

import re
import shlex
from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path

import click
import pytest

from kiosk.content import status_codes
from kiosk.flow.staff import StaffPage, StaffState
from kiosk.views import staff
from kiosk.views.staff import Machine
from tests import screen_diagram

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
GUIDES = sorted([*DOCS.glob("*.md"), *ROOT.glob("README*.md")])
TECHNICIAN = DOCS / "technician.vi.md"
PICTURES = "pictures/technician"
EDGES = {
    status_codes.GOOD: "xanh",
    status_codes.WAIT: "vàng",
    status_codes.BAD: "đỏ",
    status_codes.ALARM: "đỏ sẫm",
}
PROGRAMS = {
    found.name: found
    for found in entry_points(group="console_scripts")
    if found.name.startswith("homthu-")
}
CODE = re.compile(r"^```\w*\n(.*?)^```$|`([^`\n]+)`", re.M | re.S)
COMMAND = re.compile(r"(?:sudo )?(homthu-[a-z]+ .+)")
ROW = re.compile(rf"^\| !\[\]\({PICTURES}/(\w+)\.png\) \| (.+) \|$", re.M)
SOUND = re.compile(r"staff\.(speaker|microphone)_")
LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)|src=\"([^\"]+)\"")


def command_lines(guide: Path) -> Iterator[str]:
    """Lines and words in code that give one of our programs something to do."""
    for block, span in CODE.findall(guide.read_text("utf-8")):
        for line in (block or span).splitlines():
            if found := COMMAND.match(line.strip()):
                yield found[1]


def words_of(line: str) -> list[str]:
    """The words of a command line, without its comment and the brackets of what may be left out."""
    return [word.strip("[]") for word in shlex.split(line.replace("'", ""), comments=True)]


def follow(line: str) -> None:
    """Go down a command line as click would; an assertion says what is not there."""
    name, *rest = words_of(line)
    assert name in PROGRAMS, f"no program: {line}"
    command: click.Command = PROGRAMS[name].load()
    options: dict[str, bool] = {"--help": False}
    words = iter(rest)
    for word in words:
        options |= {opt: _takes_a_value(param) for param in command.params for opt in param.opts}
        if word.startswith("--"):
            assert word in options, f"no option {word}: {line}"
            if options[word]:
                next(words, None)
        elif isinstance(command, click.Group):
            assert word in command.commands, f"no command {word!r}: {line}"
            command = command.commands[word]
    ends = not isinstance(command, click.Group) or command.invoke_without_command
    assert ends or "--help" in rest, f"which command? {line}"


def _takes_a_value(param: click.Parameter) -> bool:
    return isinstance(param, click.Option) and not param.is_flag


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_every_command_that_a_guide_names_can_be_given(guide: Path) -> None:
    wrong = []
    for line in command_lines(guide):
        try:
            follow(line)
        except AssertionError as error:
            wrong.append(str(error))
    assert wrong == []


def test_there_are_commands_to_be_checked() -> None:
    assert len([line for guide in GUIDES for line in command_lines(guide)]) > 50


@pytest.mark.parametrize(
    "line",
    [
        "homthu-nobody status",
        "homthu-station",
        "homthu-station answr --config X",
        "homthu-station health --jsn",
    ],
)
def test_a_mistaken_command_is_found(line: str) -> None:
    with pytest.raises(AssertionError):
        follow(line)


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_everything_that_a_guide_leads_to_is_there(guide: Path) -> None:
    leads = {a or b for a, b in LINK.findall(guide.read_text("utf-8"))}
    assert {lead for lead in leads if not (guide.parent / lead).exists()} == set()


def test_the_table_of_states_is_the_one_of_the_program() -> None:
    """Picture, edge and words of each state, and something to be done about it."""
    rows = [(picture, *rest.split(" | ")) for picture, rest in _rows("state_")]
    expected = {
        (state.picture, EDGES[state.level], state.vi) for state in status_codes.load().values()
    }
    named = [name for name in staff.catalogue().ids() if SOUND.match(name)]
    sound = StaffState(StaffPage.SOUND, sound=tuple(name.partition(".")[2] for name in named))
    for state in (StaffState(StaffPage.LINK), sound):
        for tile in staff.view(state, Machine("", "")).tiles:
            if tile.target is None:
                words = _words(tile.string_id)
                expected.add((tile.picture, EDGES[tile.accent or ""], words))
    assert any("micrô" in words for *_, words in expected)
    assert {row[:3] for row in rows} == expected
    assert len(rows) == len(expected)
    assert all(len(row) == 4 and row[3].strip() for row in rows)


def test_the_table_of_the_menu_is_the_one_of_the_program() -> None:
    menu = staff.view(StaffState(StaffPage.MENU), Machine("", "")).tiles
    rows = [(picture, rest.split(" | ")[0]) for picture, rest in _rows("staff_")]
    assert rows == [(tile.picture, f"**{_words(tile.string_id)}**") for tile in menu]


def test_no_picture_of_the_technicians_is_drawn_for_nothing() -> None:
    shown = "".join(guide.read_text("utf-8") for guide in GUIDES)
    drawn = {path.name for path in (DOCS / PICTURES).iterdir()}
    assert {name for name in drawn if f"{PICTURES}/{name}" not in shown} == set()


def _rows(kind: str) -> list[tuple[str, str]]:
    found = ROW.findall(TECHNICIAN.read_text("utf-8"))
    return [(picture, rest) for picture, rest in found if picture.startswith(kind)]


def _words(string_id: str | None) -> str:
    assert string_id is not None
    return staff.catalogue().words(string_id, "vi").show


def test_the_diagram_of_screens_is_what_the_handlers_do() -> None:
    page = screen_diagram.PAGE.read_text("utf-8")
    assert screen_diagram.with_diagram(page) == page, "run python -m tests.screen_diagram"

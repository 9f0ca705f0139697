"""The registry of events: what is generated from it, who uses it, and that a log line is a code."""

import ast
import logging
import re
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from kiosk.common import event_registry, generate_event_codes
from kiosk.common.errors import KioskError, OutboxError
from kiosk.common.event_codes import EventCode
from kiosk.common.event_registry import Responsible, Severity
from kiosk.common.log_once import Reporter
from kiosk.content import status_codes

ROOT = Path(__file__).parents[3]
PACKAGES = ("kiosk", "audio", "uplink", "ui", "provisioning", "images")
GENERATED = ROOT / generate_event_codes.MODULE
CODE = re.compile(r"E\d\d")
LOG_METHODS = "debug|info|warning|error|critical|exception|log"
LINE = "%(levelname)s %(message)s"
WITH_DETAIL = {
    "audio/clips/sources.py": "error.message",
    "audio/playback/speaker.py": "error.message",
    "kiosk/content/voice_pack.py": "error.message",
    "ui/touch/app.py": "place_of(error)",
    "uplink/station/desk/app.py": "spot",
}
"""The only lines with more than a code: the name of a clip or pack, and a place in the program."""


@cache
def nodes() -> tuple[tuple[str, ast.AST], ...]:
    """Every node of the program's syntax trees, with its file; read once."""
    paths = (path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py")))
    return tuple(
        (str(path.relative_to(ROOT)), node)
        for path in paths
        if path != GENERATED
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
    )


def calls(method: str, *owners: str) -> Iterator[tuple[str, ast.Call]]:
    """Calls of methods that match, of objects with these names."""
    for name, node in nodes():
        match node:
            case ast.Call(func=ast.Attribute(attr=attr, value=ast.Name(id=owner))):
                if owner in owners and re.fullmatch(method, attr):
                    yield name, node


def is_a_code(source: str) -> bool:
    return source in {"code", "error.code"} or source.startswith("EventCode.")


def test_the_enum_and_the_tables_of_the_guides_are_up_to_date() -> None:
    assert generate_event_codes.main(["--check"]) == 0


def test_a_stale_file_is_found_and_written_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in (generate_event_codes.MODULE, *generate_event_codes.TABLES):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    guide = tmp_path / "docs" / "technician.vi.md"
    whole = guide.read_text("utf-8")
    guide.write_text(whole.replace("| E20 |", "| E99 |"), "utf-8")
    assert generate_event_codes.main(["--check"], tmp_path) == 1
    assert capsys.readouterr().out == "docs/technician.vi.md: out of date\n"
    assert "| E99 |" in guide.read_text("utf-8"), "--check writes nothing"
    assert generate_event_codes.main([], tmp_path) == 0
    assert guide.read_text("utf-8") == whole
    guide.write_text(whole.replace(generate_event_codes.END, ""), "utf-8")
    with pytest.raises(ValueError, match=r"technician\.vi\.md"):
        generate_event_codes.main(["--check"], tmp_path)


@pytest.mark.parametrize("code", EventCode, ids=lambda code: code.name)
def test_every_event_says_what_it_is_and_what_to_do_in_one_sentence(code: EventCode) -> None:
    event = event_registry.load()[code]
    for words in (event.vi, event.en):
        assert words
        assert words == words.strip(" .")
    for cure in (event.cure_vi, event.cure_en):
        assert re.fullmatch(r"[A-ZĐ][^\n]+\.", cure)
        assert ". " not in cure, "one sentence"
    assert "|" not in "".join((event.vi, event.en, event.cure_vi, event.cure_en))
    assert event.who is not Responsible.NOBODY or event.level is Severity.WAIT


def test_the_levels_are_those_of_the_states() -> None:
    assert {level.value for level in Severity} < set(status_codes.LEVELS)


def test_two_events_never_share_words() -> None:
    events = event_registry.load().values()
    assert len({event.vi for event in events}) == len({event.en for event in events}) == len(events)


def test_no_code_is_spelled_out_in_the_program() -> None:
    spelled = {
        (name, node.value)
        for name, node in nodes()
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and CODE.fullmatch(node.value)
    }
    assert spelled == set()


def test_every_event_has_a_place_that_reports_it() -> None:
    """A member stands in a log call, in a quarantined cell, or is the code of an error."""
    used = {
        node.attr
        for _, node in nodes()
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == EventCode.__name__
    }
    assert {member.name for member in EventCode} == used


def test_every_error_with_a_code_of_its_own_is_raised_somewhere() -> None:
    own: dict[str, str] = {}
    bases: dict[str, set[str]] = {}
    made: set[str] = set()
    for _, node in nodes():
        match node:
            case ast.ClassDef(name=name):
                bases[name] = {base.id for base in node.bases if isinstance(base, ast.Name)}
                for line in node.body:
                    match line:
                        case ast.Assign(
                            targets=[ast.Name(id="code")],
                            value=ast.Attribute(value=ast.Name(id="EventCode"), attr=code),
                        ):
                            own[name] = code
            case ast.Call(func=ast.Name(id=name)):
                made.add(name)
    inherited = {base for name in made - set(own) for base in bases.get(name, ())}
    assert set(own) - made - inherited == set()
    assert len(own) > 20
    assert len(set(own.values())) == len(own), "two errors never share a code"


def test_a_call_of_the_log_names_a_code_and_nothing_of_a_visit() -> None:
    logged = [
        (name, [ast.unparse(argument) for argument in call.args])
        for name, call in calls(LOG_METHODS, "log", "logging", "logger")
    ]
    assert len(logged) > 20
    strange = []
    for name, arguments in logged:
        match arguments:
            case [code] | ["'%s'", code] if is_a_code(code):
                continue
            case ["'%s %s'", code, detail] if is_a_code(code) and WITH_DETAIL.get(name) == detail:
                continue
        strange.append((name, arguments))
    assert strange == []


@pytest.mark.parametrize("code", EventCode, ids=lambda code: code.name)
def test_a_log_line_is_its_level_and_its_code(code: EventCode) -> None:
    lines: list[str] = []

    class Lines(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    handler = Lines()
    handler.setFormatter(logging.Formatter(LINE))
    log = logging.getLogger("tests.event_codes")
    log.addHandler(handler)
    try:
        log.warning(code)
        Reporter(log.error).report(code)
    finally:
        log.removeHandler(handler)
    assert lines == [f"WARNING {code.value}", f"ERROR {code.value}"]
    assert CODE.fullmatch(code.value)


def test_every_program_logs_in_that_form() -> None:
    forms = [
        ast.literal_eval(keyword.value)
        for _, call in calls("basicConfig", "logging")
        for keyword in call.keywords
        if keyword.arg == "format"
    ]
    assert forms == [LINE] * len(list(calls("basicConfig", "logging")))


def test_a_code_is_shown_in_vietnamese_with_its_number() -> None:
    assert event_registry.in_words("E11") == "Có lúc không gửi được qua máy chủ (E11)"


def test_a_code_of_a_newer_kiosk_is_shown_in_plain_words() -> None:
    assert "E99" not in event_registry.load()
    assert event_registry.in_words("E99") == "Mã lỗi lạ E99, máy gửi có bản phần mềm mới hơn"


@pytest.mark.parametrize("strange", ["", "E1", "E199", "E99\n", "\x1b[2J", "E٩٩", "có ai đó"])
def test_what_is_no_code_is_not_repeated(strange: str) -> None:
    assert event_registry.in_words(strange) == "Mã lỗi lạ"


def test_the_documents_name_registered_codes_alone() -> None:
    guides = [*(ROOT / "docs").glob("*.md"), *ROOT.glob("README*.md")]
    named = {
        code for guide in guides for code in re.findall(r"\bE\d\d\b", guide.read_text("utf-8"))
    }
    assert named - set(event_registry.load()) == set()
    assert named, "the tables are there"


def test_an_error_without_a_code_of_its_own_has_the_general_one() -> None:
    assert KioskError("x").code is EventCode.OTHER
    assert OutboxError("x").code is EventCode.OUTBOX_FAILED

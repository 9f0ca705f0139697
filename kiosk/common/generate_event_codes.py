"""Write what is generated from `codes.toml`: the enum EventCode and the tables of the guides.

Run `python -m kiosk.common.generate_event_codes` to write, with `--check` only to compare.
"""

import argparse
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from kiosk.common.event_registry import RegisteredEvent, Responsible, Severity, load

ROOT = Path(__file__).parents[2]
BEGIN = "<!-- generated from kiosk/common/codes.toml: begin -->\n"
END = "<!-- generated from kiosk/common/codes.toml: end -->\n"

_HEAD = '''"""Event codes; generated from codes.toml by `generate_event_codes`, not to be edited."""

from enum import StrEnum, unique


@unique
class EventCode(StrEnum):
    """The code of an event: all that a log line, a quarantined cell or a health says of it."""
'''
_LEVELS = {Severity.WAIT: "vàng", Severity.BAD: "đỏ", Severity.ALARM: "đỏ sẫm"}
_WHO = {
    Responsible.NOBODY: "không ai",
    Responsible.TECHNICIAN: "kỹ thuật",
    Responsible.OFFICER: "cán bộ trực",
    Responsible.DEVELOPER: "người viết phần mềm",
}


def module(events: Iterable[RegisteredEvent]) -> str:
    """The source of `event_codes.py`."""
    return _HEAD + "".join(map(_member, events))


def technician_vi(events: Iterable[RegisteredEvent]) -> str:
    """The table of the technician's guide, in Vietnamese."""
    rows = ((e.code, _LEVELS[e.level], e.vi, _WHO[e.who], e.cure_vi) for e in events)
    return _table(("mã", "mức", "nghĩa là", "ai làm", "làm gì"), rows)


def technician_en(events: Iterable[RegisteredEvent]) -> str:
    """The table of the technician's guide, in English."""
    rows = ((e.code, e.level, e.en, e.who, e.cure_en) for e in events)
    return _table(("code", "level", "means", "who acts", "what to do"), rows)


def officer_vi(events: Iterable[RegisteredEvent]) -> str:
    """The table of the officer's guide: what an officer must act on."""
    rows = ((e.code, e.vi, e.cure_vi) for e in events if e.who is Responsible.OFFICER)
    return _table(("mã", "nghĩa là", "làm gì"), rows)


TABLES: dict[str, Callable[[Iterable[RegisteredEvent]], str]] = {
    "docs/technician.vi.md": technician_vi,
    "docs/technician.md": technician_en,
    "docs/officer.vi.md": officer_vi,
}
MODULE = "kiosk/common/event_codes.py"


def generated(root: Path = ROOT) -> dict[Path, str]:
    """Every generated file below `root` as it must be, by path.

    Raises ValueError when a guide has lost the two lines between which its table stands.
    """
    events = tuple(load().values())
    files = {root / MODULE: module(events)}
    for name, table in TABLES.items():
        path = root / name
        files[path] = _between_markers(path, table(events))
    return files


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Write the generated files, or with `--check` compare them; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m kiosk.common.generate_event_codes")
    parser.add_argument("--check", action="store_true", help="write nothing; 1 if out of date")
    only_check = parser.parse_args(arguments).check
    stale = [(path, text) for path, text in generated(root).items() if _read(path) != text]
    for path, text in stale:
        print(f"{path.relative_to(root)}: {'out of date' if only_check else 'written'}")
        if not only_check:
            path.write_text(text, "utf-8")
    return 1 if only_check and stale else 0


def _member(event: RegisteredEvent) -> str:
    meaning = f"{event.en[0].upper()}{event.en[1:]}."
    return f'\n    {event.name.upper()} = "{event.code}"\n    """{meaning}"""\n'


def _table(heading: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [heading, ("---",) * len(heading), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _between_markers(path: Path, table: str) -> str:
    before, begin, rest = path.read_text("utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{path.name}: the lines {BEGIN.strip()} and {END.strip()} are missing")
    return f"{before}{BEGIN}{table}{END}{after}"


def _read(path: Path) -> str:
    return path.read_text("utf-8") if path.exists() else ""


if __name__ == "__main__":
    sys.exit(main())

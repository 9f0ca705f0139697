"""Reading a TOML file against a table of fields, with every mistake reported at once."""

import difflib
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kiosk.common.errors import ConfigError

LARGEST_FILE = 256 * 1024
_REQUIRED = object()


@dataclass(frozen=True)
class Field:
    """One key: its TOML type, its default (required when absent) and what else must hold.

    `check` returns what is wrong with a value of the right type, or nothing.
    """

    type: type
    default: Any = _REQUIRED
    check: Callable[[Any], str | None] = lambda _value: None


Section = Mapping[str, Field]


def read(
    path: Path, sections: Mapping[str, Section | None], cure: str
) -> dict[str, dict[str, Any]]:
    """Read `path` and return section -> key -> value with the defaults filled in.

    A section of None may hold any keys, all of them text.
    Raises ConfigError listing all problems, with a suggestion for a misspelt key.
    """
    raw = parse(path, cure)
    problems = [*_unknown("section", raw, sections)]
    values: dict[str, dict[str, Any]] = {}
    for name, section in sections.items():
        given = raw.get(name, {})
        if not isinstance(given, dict):
            problems.append(f"[{name}] is not a section")
            continue
        if section is None:
            section = dict.fromkeys(given, Field(str))
        values[name] = read_section(name, given, section, problems)
    if problems:
        raise ConfigError(path.name, problems, cure)
    return values


def read_section(
    name: str, given: Mapping[str, Any], section: Section, problems: list[str]
) -> dict[str, Any]:
    """The good values of one section with the defaults filled in; the others become `problems`."""
    problems.extend(_unknown(f"key in [{name}]", given, section))
    values = {}
    for key, field in section.items():
        problem = _problem(f"{name}.{key}", given, key, field)
        if problem:
            problems.append(problem)
        else:
            values[key] = _value(given.get(key, field.default), field)
    return values


def number(low: float, high: float) -> Callable[[Any], str | None]:
    """A check that a number lies within bounds."""
    return lambda value: None if low <= value <= high else f"must be from {low:g} to {high:g}"


def hexadecimal(length: int) -> Callable[[Any], str | None]:
    """A check for so many bytes written in hexadecimal."""

    def check(value: str) -> str | None:
        try:
            right = len(bytes.fromhex(value)) == length
        except ValueError:
            right = False
        return None if right else f"must be {length} bytes in hexadecimal"

    return check


def one_of(*allowed: str) -> Callable[[Any], str | None]:
    """A check that a list holds one or more of the allowed words."""

    def check(value: list[Any]) -> str | None:
        wrong = [word for word in value if word not in allowed]
        return None if value and not wrong else f"may hold only {', '.join(allowed)}"

    return check


def either(*allowed: str) -> Callable[[Any], str | None]:
    """A check that a text is one of the allowed words."""
    return lambda value: (
        None if value in allowed else f"must be {' or '.join(allowed)}{suggestion(value, allowed)}"
    )


def parse(path: Path, cure: str) -> dict[str, Any]:
    """The file as TOML. Raises ConfigError when it is missing, huge or no TOML."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise ConfigError(path.name, [f"larger than {LARGEST_FILE} bytes"], cure)
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigError(str(path), [f"cannot be read ({error.strerror})"], cure) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(path.name, [f"not TOML: {error}"], cure) from None


def _unknown(what: str, given: Mapping[str, Any], known: Iterable[str]) -> list[str]:
    return [f"unknown {what}: {key!r}{suggestion(key, known)}" for key in given if key not in known]


def suggestion(key: str, known: Iterable[str]) -> str:
    """A hint at the known word that a misspelt one is nearest to; empty when none is near."""
    close = difflib.get_close_matches(key, list(known), n=1)
    return f", did you mean {close[0]!r}?" if close else ""


def _problem(name: str, given: Mapping[str, Any], key: str, field: Field) -> str | None:
    if key not in given:
        return f"{name} is missing" if field.default is _REQUIRED else None
    value = _value(given[key], field)
    if not isinstance(value, field.type) or isinstance(value, bool) is not (field.type is bool):
        return f"{name} must be {field.type.__name__}, not {type(given[key]).__name__}"
    wrong = field.check(value)
    return f"{name} {wrong}" if wrong else None


def _value(value: Any, field: Field) -> Any:
    if field.type is float and type(value) is int:
        return float(value)
    return value

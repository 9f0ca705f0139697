"""TOML files described by dataclasses: one class loads a file, checks it and dumps it.

cattrs matches tables with classes. The type of a field says what may stand in the file, and
`Annotated` adds what else must hold (`kiosk.common.checks`):

    port: Annotated[int, between(1, 65_535)] = 465

A Path is relative to the folder of its file; a field of type `Path | None` takes an empty text for
None. A section whose fields all have defaults may be missing. Every problem of a file is reported
at once, with a suggestion for a misspelt key. What must hold between fields is checked by a
class's own `problems_between_fields(table, file)`, which gets the table as it stands in the file
and yields pairs of a key and its problem.
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import fields, is_dataclass
from functools import cache, partial
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_args, get_origin, get_type_hints

import cattrs
import tomlkit
from cattrs.gen import (
    make_dict_structure_fn,
    make_dict_unstructure_fn,
    override,
)

from kiosk.common.checks import Check, Parsed, suggestion
from kiosk.common.errors import ConfigError

LARGEST_FILE = 256 * 1024
KEY = "key"
"""In the metadata of a field whose key in the file is not its name."""

T = TypeVar("T")
_file: ContextVar[Path] = ContextVar("file", default=Path())
"""The settings file that is being read; its tables are turned by one converter for all files."""
_Hook = Callable[[Any, Any], Any]


class _FieldProblem(ValueError):
    """The problem of one field that only another field makes one."""

    def __init__(self, key: str, problem: str) -> None:
        super().__init__(key, problem)
        self.key = key
        self.problem = problem


def load(cls: type[T], path: Path, cure: str) -> T:
    """Read a file as `cls`. Raises ConfigError with all that is wrong and the cure."""
    made, problems = structure(cls, parse(path, cure), path)
    if made is None:
        raise ConfigError(path.name, problems, cure)
    return made


def dump(settings: Any) -> str:
    """The text of a file that loads as these settings; values equal to defaults are left out."""
    return tomlkit.dumps(table(settings))


def table(settings: Any) -> dict[str, Any]:
    """What `dump` writes, as a table."""
    made: dict[str, Any] = _converter().unstructure(settings)
    return made


def structure(
    cls: type[T], given: Mapping[str, Any], file: Path, where: str = ""
) -> tuple[T | None, list[str]]:
    """The settings in a table of `file`, or None and all problems; `where` names the table."""
    reading = _file.set(file)
    try:
        return _converter().structure(given, cls), []
    except (cattrs.BaseValidationError, ValueError) as error:
        return None, list(_problems(error, (where,) if where else ()))
    finally:
        _file.reset(reading)


def problem_of(cls: type, key: str, value: Any) -> str | None:
    """What is wrong with the value of one field of `cls`, or None."""
    kind = get_type_hints(cls, include_extras=True)[key]
    try:
        _converter().structure(value, kind)
    except ValueError as error:
        return f"{key} {error}"
    return None


def parse(path: Path, cure: str) -> dict[str, Any]:
    """The file as TOML. Raises ConfigError when it is missing, huge or no TOML."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise ConfigError(path.name, [f"larger than {LARGEST_FILE} bytes"], cure)
        return tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise ConfigError(str(path), [f"cannot be read ({error.strerror})"], cure) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(path.name, [f"not TOML: {error}"], cure) from None


@cache
def _converter() -> cattrs.Converter:
    """What turns tables into dataclasses and back."""
    made = cattrs.Converter(omit_if_default=True)
    for kind in (str, int, float, bool):
        made.register_structure_hook(kind, _plain)
    made.register_structure_hook(Path, lambda value, _: _path(value))
    made.register_unstructure_hook(Path, str)
    made.register_structure_hook(
        Path | None, lambda value, _: None if value == "" else _path(value)
    )
    made.register_structure_hook_factory(_is(tuple), partial(_list_hook, made))
    made.register_structure_hook_factory(_is(dict, Mapping), partial(_mapping_hook, made))
    made.register_structure_hook_factory(_is(Annotated), partial(_checked_hook, made))
    made.register_unstructure_hook_factory(_is(Annotated), partial(_dumping_hook, made))
    made.register_structure_hook_factory(is_dataclass, partial(_section_hook, made))
    made.register_unstructure_hook_factory(is_dataclass, partial(_dumping_section_hook, made))
    return made


def _is(*kinds: Any) -> Callable[[Any], bool]:
    return lambda kind: get_origin(kind) in kinds


def _plain(value: Any, kind: type) -> Any:
    if kind is float and type(value) is int:
        return float(value)
    if type(value) is not kind:
        raise ValueError(f"must be {kind.__name__}, not {type(value).__name__}")
    return value


def _path(value: Any) -> Path:
    if not _plain(value, str):
        raise ValueError("must name a file")
    return _file.get().parent / str(value)


def _list_hook(made: cattrs.Converter, kind: Any) -> _Hook:
    element = get_args(kind)[0]
    hook = made.get_structure_hook(element)

    def structured(value: Any, _: Any) -> tuple[Any, ...]:
        if not isinstance(value, list) or any(type(item) is not str for item in value):
            raise ValueError("must be a list of texts")
        return tuple(hook(item, element) for item in value)

    return structured


def _mapping_hook(made: cattrs.Converter, kind: Any) -> _Hook:
    """Structure keys and values; cattrs' own hook leaves out the key of a value that is wrong."""
    sides = [(side, made.get_structure_hook(side)) for side in get_args(kind)]

    def structured(value: Any, _: Any) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        errors: list[Exception] = []
        for pair in _table(value).items():
            made_pair = []
            for part, (side, hook) in zip(pair, sides, strict=True):
                try:
                    made_pair.append(hook(part, side))
                except (cattrs.BaseValidationError, ValueError) as error:
                    error.add_note(cattrs.IterableValidationNote("", pair[0], side))
                    errors.append(error)
            if len(made_pair) == len(pair):
                found[made_pair[0]] = made_pair[1]
        if errors:
            raise cattrs.IterableValidationError("", errors, kind)
        return found

    return structured


def _section_hook(made: cattrs.Converter, cls: Any) -> _Hook:
    """Fill in defaults that cattrs would not structure: paths, and sections of defaults."""
    hook = make_dict_structure_fn(cls, made, _cattrs_forbid_extra_keys=True, **_renamed(cls))
    absent: dict[str, Any] = {}
    for field in fields(cls):
        if is_dataclass(field.type):
            absent[_key(field)] = {}
        elif isinstance(field.default, Path):
            absent[_key(field)] = str(field.default)
    between_fields = getattr(cls, "problems_between_fields", lambda _table, _file: ())

    def structured(value: Any, _: Any) -> Any:
        given = _table(value)
        wrong = between_fields(given, _file.get())
        errors: list[Exception] = [_FieldProblem(*problem) for problem in wrong]
        try:
            found = hook({**absent, **given}, cls)
        except cattrs.ClassValidationError as error:
            errors.extend(error.exceptions)
        if errors:
            raise cattrs.ClassValidationError("", errors, cls)
        return found

    return structured


def _table(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ValueError("must be a table")
    return value


def _checked_hook(made: cattrs.Converter, kind: Any) -> _Hook:
    """Structure what `Annotated` describes, then check it."""
    base, *described = get_args(kind)
    parsed = next((part for part in described if isinstance(part, Parsed)), None)
    checks = [part for part in described if isinstance(part, Check)]
    form = parsed.form if parsed else base
    hook = made.get_structure_hook(form)

    def structured(value: Any, _: Any) -> Any:
        found = hook(value, form)
        if parsed:
            try:
                found = parsed.parse(found)
            except ValueError:
                raise ValueError(parsed.wanted) from None
        problems = [wrong for check in checks if (wrong := check.problem(found, _file.get()))]
        if problems:
            raise ValueError(", and ".join(problems))
        return found

    return structured


def _dumping_hook(made: cattrs.Converter, kind: Any) -> Callable[[Any], Any]:
    base, *described = get_args(kind)
    parsed = next((part for part in described if isinstance(part, Parsed)), None)
    return parsed.dump if parsed else made.get_unstructure_hook(base)


def _dumping_section_hook(made: cattrs.Converter, cls: Any) -> Callable[[Any], Any]:
    return make_dict_unstructure_fn(cls, made, _cattrs_omit_if_default=True, **_renamed(cls))


def _key(field: Any) -> str:
    return str(field.metadata.get(KEY, field.name))


def _renamed(cls: Any) -> dict[str, Any]:
    return {
        field.name: override(rename=_key(field)) for field in fields(cls) if KEY in field.metadata
    }


def _problems(error: Exception, path: tuple[str, ...]) -> Iterator[str]:
    """What cattrs found, in words; `path` are the keys that lead to it."""
    name = ".".join(path)
    match error:
        case cattrs.ClassValidationError():
            keys = {field.name: _key(field) for field in fields(error.cl)}
            inner, others = error.group_exceptions()
            for each, note in inner:
                yield from _problems(each, (*path, keys[note.name]))
            for other in others:
                yield from _problems(other, path)
        case cattrs.IterableValidationError():
            for each, place in error.group_exceptions()[0]:
                yield from _problems(each, (*path, str(place.index)))
        case cattrs.ForbiddenExtraKeysError():
            known = [_key(field) for field in fields(error.cl)]
            where = f" in [{name}]" if path else ""
            for key in sorted(error.extra_fields):
                yield f"unknown key{where}: {key!r}{suggestion(key, known)}"
        case _FieldProblem():
            yield from _problems(ValueError(error.problem), (*path, error.key))
        case KeyError():
            yield f"{name} is missing"
        case _:
            yield f"{name}{'' if len(path) > 1 else ':'} {error}"

"""What `Annotated` may say of a field in a settings file: a check, or another form in the file."""

import difflib
import re
import stat
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Check:
    """What must hold of a value besides its type.

    `problem` gets the value and the path of the settings file; it returns what is wrong, or None.
    """

    problem: Callable[[Any, Path], str | None]


@dataclass(frozen=True)
class Parsed:
    """A value that stands in the file in another form.

    `form` is its type in the file; `parse` makes the value and raises ValueError for anything
    `wanted` does not describe; `dump` does the reverse.
    """

    form: Any
    parse: Callable[[Any], Any]
    dump: Callable[[Any], Any]
    wanted: str


def between(low: float, high: float) -> Check:
    """A check that a number lies within bounds."""
    wrong = f"must be from {low:.15g} to {high:.15g}"
    return Check(lambda value, _: None if low <= value <= high else wrong)


def only(*allowed: str) -> Check:
    """A check that a list holds one or more of the allowed words."""

    def problem(value: tuple[str, ...], _: Path) -> str | None:
        right = value and all(word in allowed for word in value)
        return None if right else f"may hold only {', '.join(allowed)}"

    return Check(problem)


def either(*allowed: str) -> Check:
    """A check that a text is one of the allowed words."""

    def problem(value: str, _: Path) -> str | None:
        if value in allowed:
            return None
        return f"must be {' or '.join(allowed)}{suggestion(value, allowed)}"

    return Check(problem)


def matching(pattern: str, wanted: str) -> Check:
    """A check that the whole of a text matches a regular expression."""
    compiled = re.compile(pattern)
    return Check(lambda value, _: None if compiled.fullmatch(value) else f"must be {wanted}")


def hexadecimal(length: int) -> Parsed:
    """That many bytes, written in hexadecimal."""

    def parse(text: str) -> bytes:
        value = bytes.fromhex(text)
        if len(value) != length:
            raise ValueError(text)
        return value

    return Parsed(str, parse, bytes.hex, f"must be {length} bytes in hexadecimal")


def secret(size: int, forbidden: int = 0o077) -> Check:
    """A check that a file holds that many bytes and that its mode has none of the `forbidden`."""

    def problem(path: Path, _: Path) -> str | None:
        try:
            mode, data = stat.S_IMODE(path.stat().st_mode), path.read_bytes()
        except FileNotFoundError:
            return "the file does not exist"
        except OSError as error:
            return f"cannot be read ({error.strerror})"
        wrong = ["others may read it; set its mode to 0600"] if mode & forbidden else []
        if len(data) != size:
            wrong.append(f"must hold {size} bytes")
        return ", and ".join(wrong) or None

    return Check(problem)


def private(_: Any, file: Path) -> str | None:
    """The problem of a secret in a settings file that others may read."""
    if stat.S_IMODE(file.stat().st_mode) & 0o077:
        return "others may read it; set this file's mode to 0600"
    return None


def suggestion(word: str, known: Iterable[str]) -> str:
    """A hint at the known word that a misspelt one is nearest to; empty when none is near."""
    close = difflib.get_close_matches(word, list(known), n=1)
    return f", did you mean {close[0]!r}?" if close else ""


FILLED = Check(lambda value, _: None if value else "must not be empty")
EXISTS = Check(lambda path, _: None if path is None or path.exists() else "the file does not exist")
PRIVATE = Check(private)

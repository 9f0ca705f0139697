"""What is promised is what `make fresh` tries: one list of Debian suites, Pythons and Nodes."""

import re
import tomllib
from pathlib import Path
from typing import NamedTuple

import pytest
from packaging.specifiers import SpecifierSet
from packaging.version import Version

ROOT = Path(__file__).parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


class Suite(NamedTuple):
    """A line of the list."""

    name: str
    release: str
    python: str
    node: str


SUITES = [
    Suite(*line.split())
    for line in (ROOT / ".ci" / "debian-suites.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
]
LOWEST = min(Version(suite.python) for suite in SUITES)


def promised() -> SpecifierSet:
    (found,) = re.findall(r'python_requires="(.+)"', (ROOT / "setup.py").read_text("utf-8"))
    return SpecifierSet(found)


@pytest.mark.parametrize("minor", range(9, 20))
def test_the_pythons_of_the_suites_are_promised_and_no_others(minor: int) -> None:
    tried = any(Version(suite.python).minor == minor for suite in SUITES)
    assert (f"3.{minor}.99" in promised()) is tried


def test_no_older_patch_than_the_oldest_suite_s_is_promised() -> None:
    assert all(suite.python in promised() for suite in SUITES)
    assert f"{LOWEST.major}.{LOWEST.minor}.{LOWEST.micro - 1}" not in promised()


def test_the_readme_names_the_suites() -> None:
    named = " or ".join(f"Debian {s.release} (Python {s.python}, Node {s.node})" for s in SUITES)
    assert f"On {named}," in (ROOT / "README.md").read_text("utf-8")


def test_ruff_and_mypy_check_for_the_oldest_python() -> None:
    assert PYPROJECT["tool"]["mypy"]["python_version"] == f"{LOWEST.major}.{LOWEST.minor}"
    assert PYPROJECT["tool"]["ruff"]["target-version"] == f"py{LOWEST.major}{LOWEST.minor}"

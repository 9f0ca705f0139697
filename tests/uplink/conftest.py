from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.uplink.village import Village


@pytest.fixture
def village(tmp_path: Path) -> Iterator[Village]:
    village = Village(tmp_path)
    yield village
    village.stop()


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """A folder that stands for a technician's stick."""
    stick = tmp_path / "stick"
    stick.mkdir()
    return stick

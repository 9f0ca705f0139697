from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.uplink.village import Village


@pytest.fixture
def village(tmp_path: Path) -> Iterator[Village]:
    village = Village(tmp_path)
    yield village
    village.stop()

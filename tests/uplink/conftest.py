from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.uplink.postgres import Postgres
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


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A server for the whole run; each test asks it for a database of its own."""
    server = Postgres()
    yield server
    server.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database, on either engine."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'station.db'}"
    server: Postgres = request.getfixturevalue("postgres")
    return server.database()

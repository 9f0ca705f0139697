"""A station of its own for each module, with its desk served."""

from collections.abc import Iterator

import pytest

from tests.uplink.desk.place import Client, desk_served, make_station
from tests.uplink.village import Village


@pytest.fixture(scope="module")
def village(tmp_path_factory: pytest.TempPathFactory) -> Village:
    return make_station(tmp_path_factory.mktemp("station"))


@pytest.fixture(scope="module")
def port(village: Village) -> Iterator[int]:
    with desk_served(village) as given:
        yield given


@pytest.fixture
def client(port: int) -> Client:
    made = Client(port)
    assert made.sign_in().status == 303
    return made

"""A station with officers, and its desk served within this process."""

import copy
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.uplink.station.desk.browser import Pc
from tests.uplink.station.desk.place import Client, make_station, office_served
from tests.uplink.village import Village


@pytest.fixture(scope="session")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Village:
    """A station made once: to make keys and lock them takes its time."""
    return make_station(tmp_path_factory.mktemp("station"))


@pytest.fixture
def village(pattern: Village, tmp_path: Path) -> Village:
    """A copy of the station, with an empty inbox."""
    own = copy.copy(pattern)
    own.folder, own.station = tmp_path, tmp_path / "station"
    shutil.copytree(pattern.station, own.station)
    return own


@pytest.fixture
def port(village: Village) -> Iterator[int]:
    with office_served(village) as (_, given):
        yield given


@pytest.fixture
def client(port: int) -> Client:
    made = Client(port)
    assert made.sign_in().status == 303
    return made


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pc]:
    pc = Pc(tmp_path_factory.mktemp("profile"))
    yield pc
    pc.close()


@pytest.fixture
def pc(browser: Pc) -> Pc:
    browser.open("about:blank").driver.delete_all_cookies()
    browser.requests()
    browser.complaints()
    return browser

"""A hall for the browser tests: one address, one server, one village with its real station."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.toml_files import edit
from tests.ui.phone.browser import CHROMEDRIVER, NO_SCRIPT, PAGE, Phone, address_in_the_hall
from tests.ui.phone.place import Hotspot, provision_hotspot, serving
from tests.ui.touch.place import ROW_KEY
from tests.uplink.village import Village

HALL = "hall"


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    if os.getuid() != 0:
        pytest.skip("needs root, to give this machine an address that is not loopback's")
    if not PAGE.is_dir() or not all(map(shutil.which, ("ip", "chromium", CHROMEDRIVER))):
        pytest.skip("needs the built page, chromium, its driver and iproute2")
    with address_in_the_hall() as given:
        yield given


@pytest.fixture(scope="module")
def village(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Village]:
    made = Village(tmp_path_factory.mktemp("village"))
    yield made
    made.stop()


@pytest.fixture(scope="module")
def hotspot(
    village: Village, address: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Hotspot]:
    """A kiosk of the village with its page served; its courier is not yet running."""
    folder = tmp_path_factory.mktemp("kiosk") / "kiosk"
    place = provision_hotspot(folder, address, PAGE, reports=1000)
    (folder / "manifest.cbor").write_bytes(village.manifest(1, village.report_key.public))
    (folder / "authority.pub").write_bytes(village.authority.public.root)
    village.add_kiosk(HALL).close()
    courier = village.folder / HALL
    heard = {
        "files.inbox": str(courier / "inbox.db"),
        "files.clock": str(courier / "station.clock"),
    }
    edit(folder / "kiosk.toml", heard)
    (courier / "row.key").write_bytes(ROW_KEY)
    edit(courier / "courier.toml", {"outboxes": [str(place.outbox)]})
    with serving(place):
        yield place


@pytest.fixture(scope="session")
def browser(address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Phone]:
    phone = Phone(tmp_path_factory.mktemp("profile"))
    yield phone
    phone.close()


@pytest.fixture
def phone(browser: Phone, hotspot: Hotspot) -> Phone:
    """The page freshly opened, at full speed, with what was asked for so far forgotten."""
    browser.slow_down(1)
    browser.open("about:blank").requests()
    return browser.open(url(hotspot))


@pytest.fixture
def phone_without_script(address: str, tmp_path: Path) -> Iterator[Phone]:
    phone = Phone(tmp_path / "profile", **NO_SCRIPT)
    yield phone
    phone.close()


def url(place: Hotspot) -> str:
    return f"http://{place.address}:{place.port}/"

"""The hotspot in network namespaces: a phone gets an address and the page, and nothing else.

`veth` stands in for the radio; the nftables rules, dnsmasq and the server are the real ones.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ui.phone.island import ASK, Island, an_island, lease
from tests.ui.phone.place import FILES
from tests.waiting import wait_until

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0 or not Path("/usr/sbin/dnsmasq").exists(),
    reason="network namespaces and dnsmasq need root and the packages of .ci/apt-packages.txt",
)
INDEX = FILES["index.html"][1].decode()


@pytest.fixture(scope="module")
def island(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Island]:
    with an_island(tmp_path_factory.mktemp("island")) as made:
        lease(made)
        yield made


def test_every_name_leads_to_one_public_looking_address(island: Island) -> None:
    for name in ("connectivitycheck.gstatic.com", "captive.apple.com", "a.b.c"):
        assert island.ask(island.phone, "resolve", "10.42.0.1", name) == "192.0.2.1"
    assert island.ask(island.phone, "resolve", "8.8.8.8", "example.com") == "192.0.2.1"


@pytest.mark.parametrize(
    ("address", "name"),
    [("10.42.0.1", "10.42.0.1"), ("192.0.2.1", "neverssl.com"), ("93.184.216.34", "example.com")],
)
def test_the_page_is_reached_by_every_way(island: Island, address: str, name: str) -> None:
    assert island.ask(island.phone, "fetch", address, name) == INDEX


@pytest.mark.parametrize(
    ("address", "port"),
    [("10.42.0.1", 8883), ("10.42.0.1", 8080), ("10.42.0.1", 22), ("192.0.2.1", 443),
     ("100.64.0.2", 8883), ("100.64.0.2", 8080), ("100.64.0.1", 8883)],
)  # fmt: skip
def test_a_phone_reaches_nothing_else(island: Island, address: str, port: int) -> None:
    assert not island.knocks(island.phone, address, port)


def test_the_modems_side_does_not_reach_the_page_or_a_phone(island: Island) -> None:
    address = island.run(island.phone, "hostname", "-I").split()[0]
    island.start(island.phone, sys.executable, "-c", ASK, "listen", "9999")
    wait_until(lambda: island.knocks(island.phone, "127.0.0.1", 9999))
    assert not island.knocks(island.modem, address, 9999)
    assert not island.knocks(island.modem, "10.42.0.1", 8080)
    assert not island.knocks(island.modem, "100.64.0.2", 8080)
    assert not island.knocks(island.modem, "100.64.0.2", 53)


def test_the_world_is_reached_when_the_rules_are_gone(tmp_path: Path) -> None:
    """So that the refusals above are the rules' doing, not a missing route."""
    with an_island(tmp_path) as island:
        lease(island)
        island.run(island.kiosk, "nft", "delete", "table", "inet", "homthu_hotspot")
        assert island.knocks(island.phone, "100.64.0.1", 8883)
        assert island.knocks(island.phone, "10.42.0.1", 8883)
        assert island.knocks(island.modem, "10.42.0.1", 8080)

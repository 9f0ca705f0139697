"""The kiosk's packet filter at work: cells go to the broker, and nothing else goes or comes."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.common.errors import ProvisioningError
from provisioning import firewall
from tests.images.device import OVERLAY
from tests.ui.phone.island import ASK, Island, an_island, lease
from tests.ui.phone.place import FILES
from tests.waiting import wait_until

RULES = OVERLAY / "etc" / "nftables.conf"
BROKER, ELSEWHERE = 8883, 9000
needs_root = pytest.mark.skipif(
    os.geteuid() != 0 or not Path("/usr/sbin/dnsmasq").exists(),
    reason="network namespaces and dnsmasq need root and the packages of .ci/apt-packages.txt",
)


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Island]:
    folder = tmp_path_factory.mktemp("hall")
    with an_island(folder) as island:
        island.start(island.modem, sys.executable, "-c", ASK, "listen", str(ELSEWHERE))
        wait_until(lambda: island.knocks(island.kiosk, "100.64.0.1", ELSEWHERE))
        for rules in (RULES, folder / "hotspot.nft"):
            island.run(island.kiosk, "nft", "-f", rules)
        yield island


def told(island: Island, folder: Path, *brokers: str) -> Island:
    """The kiosk with a bundle that names these brokers."""
    file = folder / firewall.FILE
    file.write_text(firewall.rules(brokers))
    island.run(island.kiosk, "nft", "-f", file)
    return island


@needs_root
def test_only_the_broker_is_reached(hall: Island, tmp_path: Path) -> None:
    told(hall, tmp_path)
    assert not hall.knocks(hall.kiosk, "100.64.0.1", BROKER)
    told(hall, tmp_path, f"100.64.0.1:{BROKER}", f"[2001:db8::1]:{BROKER}")
    assert hall.knocks(hall.kiosk, "100.64.0.1", BROKER)
    assert not hall.knocks(hall.kiosk, "100.64.0.1", ELSEWHERE)


@needs_root
def test_a_broker_known_by_name_may_be_anywhere_on_its_port(hall: Island, tmp_path: Path) -> None:
    told(hall, tmp_path, f"broker.example:{ELSEWHERE}")
    assert hall.knocks(hall.kiosk, "100.64.0.1", ELSEWHERE)
    assert not hall.knocks(hall.kiosk, "100.64.0.1", BROKER)


@needs_root
def test_nobody_outside_reaches_the_kiosk(hall: Island) -> None:
    assert hall.knocks(hall.kiosk, "127.0.0.1", BROKER)
    assert not hall.knocks(hall.modem, "100.64.0.2", BROKER)


@needs_root
def test_phones_reach_the_page_once_the_hotspot_is_up(hall: Island) -> None:
    hall.run(hall.kiosk, "nft", "add", "element", "inet", "homthu", "islands", "{ wlan0 }")
    lease(hall)
    page = hall.ask(hall.phone, "fetch", "192.0.2.1", "neverssl.com")
    assert page == FILES["index.html"][1].decode()
    assert not hall.knocks(hall.phone, "10.42.0.1", BROKER)
    assert not hall.knocks(hall.phone, "100.64.0.1", BROKER)


@pytest.mark.parametrize(
    "broker", ["10.0.0.5", ":8883", "10.0.0.5:0", "10.0.0.5:8883 }; accept", "a:٣"]
)
def test_nothing_can_be_slipped_into_the_rules(broker: str) -> None:
    with pytest.raises(ProvisioningError, match="host:port"):
        firewall.rules([broker])

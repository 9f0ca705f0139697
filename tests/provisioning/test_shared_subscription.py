"""The broker as it is provisioned: receivers of one certificate share the cells, kiosks cannot."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.settings.courier import load_courier
from kiosk.settings.station import load_station
from provisioning import demo
from tests.provisioning.plan import PLAN
from tests.uplink.village import MOSQUITTO
from tests.waiting import DEADLINE, wait_until
from uplink.link.standing_connection import Broker, Incoming
from uplink.station.keys import common_name

CELLS = 300


@pytest.fixture
def village(tmp_path: Path) -> Iterator[demo.Village]:
    village = demo.provision(tmp_path / "village", PLAN)
    broker = subprocess.Popen(
        [MOSQUITTO, "-c", str(village.broker_config)], stderr=subprocess.DEVNULL
    )
    yield village
    broker.terminate()
    broker.wait(DEADLINE)


def connected(village: demo.Village, name: str, topic: str, got: list[bytes]) -> Broker:
    """A client with the station's certificate, or the kiosk's when its id is `name`."""
    kiosk = load_courier(village.kiosk / "courier.toml")
    station = load_station(village.station / "station.toml")
    access = kiosk.access if name == kiosk.topic_id else station.access

    def take(message: Incoming) -> None:
        got.append(message.payload)
        message.ack()

    broker = Broker(access, name, topic, take, keepalive_s=60, window=100, session_s=60)
    broker.start()
    wait_until(lambda: broker.post("k/0/none", b""))
    return broker


def test_receivers_share_what_kiosks_can_neither_read_nor_divert(village: demo.Village) -> None:
    settings = load_station(village.station / "station.toml")
    name = common_name(settings.access.tls_cert)
    assert name == f"station-{demo.STATION}"
    kiosk_id = load_courier(village.kiosk / "courier.toml").topic_id
    taken: tuple[list[bytes], ...] = ([], [], [])
    brokers = [
        connected(village, f"{name}-0a1b2c3d-1", "$share/0a1b2c3d/k/+/up", taken[0]),
        connected(village, f"{name}-0a1b2c3d-2", "$share/0a1b2c3d/k/+/up", taken[1]),
        connected(village, kiosk_id, "$share/ffffffff/k/+/up", taken[2]),
    ]
    cells = [number.to_bytes(4, "big") * 1024 for number in range(CELLS)]
    for cell in cells:
        assert brokers[2].deliver(f"k/{kiosk_id}/up", cell, DEADLINE)
    wait_until(lambda: len(taken[0]) + len(taken[1]) >= CELLS)
    assert sorted(taken[0] + taken[1]) == cells
    assert len(taken[0]) == len(taken[1]) == CELLS // 2
    assert taken[2] == []
    for broker in brokers:
        broker.stop()

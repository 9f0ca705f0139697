"""The hours of the loudspeaker: chosen at the desk, signed, obeyed by a kiosk."""

import time
from pathlib import Path

import pytest

from kiosk.device.inbox import Inbox
from kiosk.protocol.message import Kind
from kiosk.settings.station import load_station
from tests.uplink.station.desk.browser import Pc
from tests.uplink.station.desk.outgoing import sent
from tests.uplink.station.desk.place import CHIEF, Client
from tests.uplink.village import PASSPHRASE, Village
from uplink.courier.inbox_writer import InboxWriter
from uplink.station.downlink.queue import DownQueue
from uplink.station.keys import unlock_notice_key

MORNING = {"from_0": "6", "to_0": "7"}


def inbox_of(village: Village, tmp_path: Path) -> Inbox:
    """The inbox of a kiosk to which all that is wanted has come."""
    manifest = village.manifest(1, village.report_key.public)
    root = village.authority.public.root
    intake = InboxWriter(tmp_path / "inbox.db", root, manifest)
    queue = DownQueue(load_station(village.station / "station.toml").database_url)
    for wanted in queue.wanted(int(time.time())):
        for chunk in queue.chunks(wanted):
            intake.take(chunk, int(time.time()))
    queue.close()
    intake.close()
    return Inbox(tmp_path / "inbox.db")


def test_the_hours_reach_a_kiosk_and_the_last_ones_count(
    village: Village, client: Client, tmp_path: Path
) -> None:
    public = unlock_notice_key(village.station, PASSPHRASE).public_key().public_bytes_raw()
    assert "lúc lắp máy" in client.get("/loudspeaker").text
    assert client.act("/loudspeaker", **MORNING, from_1="17", to_1="18").status == 303
    assert inbox_of(village, tmp_path).loud_hours(public, time.time()) == ((6, 7), (17, 18))
    assert "0 / 3 kiosk" in client.get("/loudspeaker").text
    assert '<option value="17" selected>' in client.get("/loudspeaker").text
    assert client.act("/loudspeaker").status == 303
    assert len(sent(village, Kind.LOUDSPEAKER)) == 1
    assert inbox_of(village, tmp_path).loud_hours(public, time.time()) == ()
    chief = Client(client.port)
    chief.sign_in(CHIEF)
    log = chief.get("/log").text
    assert "6-7 giờ, 17-18 giờ" in log
    assert "loa im lặng" in log


@pytest.mark.parametrize(
    "window",
    [{"from_0": "6"}, {"from_0": "6", "to_0": "6"}, {"from_0": "25", "to_0": "6"}, {"to_3": "x"}],
)
def test_half_a_window_is_told_and_not_sent(
    village: Village, client: Client, window: dict[str, str]
) -> None:
    refused = client.act("/loudspeaker", **window)
    assert refused.status == 422
    assert "Xin chọn cả hai giờ" in refused.text
    assert sent(village, Kind.LOUDSPEAKER) == []


def test_everybody_can_use_the_page(port: int, pc: Pc) -> None:
    assert pc.sign_in(port).go(port, "/loudspeaker").findings() == []

"""What a station has signed and wants at its kiosks."""

import time
from contextlib import closing

from kiosk.protocol.message import Kind, decode
from kiosk.settings.station import load_station
from tests.uplink.village import PASSPHRASE, Village
from uplink.station.downlink.queue import DownQueue, Wanted
from uplink.station.keys import unlock_notice_key


def sent(village: Village, kind: Kind) -> list[tuple[Wanted, bytes]]:
    """What is wanted at the kiosks, signed by our key: each message and its content."""
    public = unlock_notice_key(village.station, PASSPHRASE).public_key().public_bytes_raw()
    url = load_station(village.station / "station.toml").database_url
    with closing(DownQueue(url)) as queue:
        found = [item for item in queue.wanted(int(time.time())) if item.kind == kind]
        return [(item, decode(queue.chunks(item), public).content) for item in found]

"""Files as the release before dataclasses wrote them are read unchanged."""

import shutil
from pathlib import Path

import pytest

from kiosk.common import files
from kiosk.device import config
from kiosk.device import hotspot as wifi
from kiosk.protocol.cells import KEY
from kiosk.settings.courier import load_courier
from kiosk.settings.kiosk_list import Kiosk, load_kiosks
from kiosk.settings.station import MASTER_FILE, load_station
from provisioning import hall_file
from ui.phone.server import settings as phone_settings

EARLIER = Path(__file__).with_name("earlier")
ID = "5a" * 16


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The earlier files, with the keys and certificates that they name."""
    home = shutil.copytree(EARLIER, tmp_path / "home")
    (home / "courier").mkdir()
    for name, size in {"courier/link.key": 2 * KEY, "row.key": KEY, MASTER_FILE: KEY}.items():
        files.write(home / name, bytes(size), files.PRIVATE)
    for folder in (home, home / "courier"):
        for name in ("ca.pem", "tls.pem", "tls.key"):
            files.write(folder / name, "")
    return home


def test_an_earlier_kiosk_is_the_same(home: Path) -> None:
    kiosk = config.load(home / "kiosk.toml")
    assert kiosk.kiosk_id.hex() == ID
    assert kiosk.site.hall == "Nhà văn hóa Na Cô Sa"
    assert kiosk.site.station_phone == "0215 3 740 123"
    assert kiosk.site.villages == (("na-co-sa-1", "Na Cô Sa 1"),)
    assert (kiosk.size, kiosk.width_mm, kiosk.report_every_s) == ((800, 480), 154.0, 90.0)
    assert kiosk.outbox == home / "touch" / "touch.db"
    assert kiosk.row_key == home / "row.key"
    assert kiosk.espeak == Path("/usr/share/homthu/espeak")
    assert kiosk.sound.loud_hours == ((6, 7), (17, 18))
    assert kiosk.hotspot == Path("/run/homthu/hotspot.toml")


def test_an_earlier_courier_is_the_same(home: Path) -> None:
    courier = load_courier(home / "courier.toml")
    assert courier.topic_id == ID
    assert courier.access.brokers == (("10.0.0.5", 8883), ("::1", 8883))
    assert (courier.pace.slot_s, courier.pace.budget_mb, courier.pace.hours) == (
        300,
        50,
        ((5, 22),),
    )
    assert courier.outboxes == (home / "touch" / "touch.db", home / "phone" / "phone.db")
    assert courier.manifest == home / "manifest.cbor"
    assert courier.modem is not None
    assert (courier.modem.port, courier.modem.apn) == ("usb-*-if02-port0", "v-internet")
    assert courier.modem.reset_after == 6
    assert courier.modem.memory.parent == home / "courier"
    assert courier.modem.power == Path("/run/homthu-courier/modem-power")


def test_an_earlier_station_and_its_list_are_the_same(home: Path) -> None:
    station = load_station(home / "station.toml")
    assert station.access.brokers == (("127.0.0.1", 8883),)
    assert station.database_url == f"sqlite:///{home / 'station.db'}"
    assert station.clusters == {ID: "Cụm Nậm Pồ"}
    assert station.mail is not None
    assert (station.mail.sender, station.mail.port) == ("homthu@don.example", 465)
    assert (station.mail.security, station.mail.password) == ("tls", "")
    villages = {"na-co-sa-1": "Na Cô Sa 1"}
    assert load_kiosks(station.kiosks) == {ID: Kiosk("Nhà văn hóa Na Cô Sa", 1, villages)}


def test_an_earlier_hotspot_is_the_same(home: Path) -> None:
    phone = phone_settings.load(home / "phone.toml")
    assert (phone.address, phone.port, phone.url) == ("10.42.0.1", 8080, "http://10.42.0.1/")
    assert phone.phrase == ("car", "bridge", "market")
    assert phone.kiosk.kiosk_id.hex() == ID
    assert phone.outbox == home / "phone" / "phone.db"
    today = wifi.read(home / "hotspot.toml")
    assert (today.ssid, today.key, today.phrase) == (phone.ssid, "k3y4n7pq2abc", phone.phrase)


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "with a byte order mark"])
def test_earlier_halls_are_the_same(home: Path, mark: bytes) -> None:
    path = home / "halls.toml"
    path.write_bytes(mark + path.read_bytes())
    first, second = hall_file.read(path)
    assert (first.name, first.size, first.width_mm) == ("Nhà văn hóa Na Cô Sa", (1024, 600), 222)
    assert (first.loud_hours, second.loud_hours) == (("6-7",), ())
    assert first.hotspot is not None
    assert first.hotspot.ssid == "HomThu-NaCoSa"
    assert second.hotspot is None
    assert first.villages == {"na-co-sa-1": "Na Cô Sa 1"}
    assert second.modem is not None
    assert second.modem.apn == "v-internet"

"""The hotspot's files: in the bundle, accepted by the real tools, and nobody's way out."""

import json
import os
import re
import stat
import subprocess
import tomllib
from pathlib import Path

import pytest

from kiosk.common.errors import ProvisioningError
from kiosk.device.hotspot import read
from kiosk.device.outbox import PHONE_ROWS, Outbox
from kiosk.protocol.picture_code import CODE_KEY_BYTES
from kiosk.settings.courier import load_courier
from provisioning import demo, hotspot
from provisioning.hotspot import Hotspot, draw_phrase, system_files
from provisioning.processes import python
from tests.ui.touch.place import ROOT
from tests.waiting import DEADLINE
from ui.phone.server import settings

WIFI = Hotspot("HomThu-NaCoSa3", ("bridge", "clinic", "car"))


@pytest.fixture(scope="module")
def village(tmp_path_factory: pytest.TempPathFactory) -> demo.Village:
    plan = demo.Plan((800, 480), ROOT / "build", False, False, None, ("127.0.0.1", 18080))
    return demo.provision(tmp_path_factory.mktemp("village"), plan)


def test_a_kiosk_with_a_hotspot_has_a_second_outbox_and_the_courier_knows_it(
    village: demo.Village,
) -> None:
    told = settings.load(village.kiosk / "phone.toml")
    assert told.url == "http://127.0.0.1:18080/"
    assert told.kiosk.site.station_name == demo.STATION
    outbox = Outbox(told.outbox, told.kiosk.row_key.read_bytes())
    assert outbox.counts().free == PHONE_ROWS
    outbox.close()
    courier = load_courier(village.kiosk / "courier.toml")
    assert [path.name for path in courier.outboxes] == ["touch.db", "phone.db"]
    assert {path.name for path in (village.kiosk / hotspot.FOLDER).iterdir()} == set(
        system_files(WIFI)
    )


def test_phones_have_a_code_key_of_their_own(village: demo.Village) -> None:
    told = settings.load(village.kiosk / "phone.toml").kiosk
    theirs, screens = told.phone_code_key, told.code_key
    assert theirs.read_bytes() != screens.read_bytes()
    assert len(theirs.read_bytes()) == CODE_KEY_BYTES
    assert stat.S_IMODE(theirs.stat().st_mode) == 0o600


def test_every_rotation_makes_a_new_key_for_hostapd_and_for_the_screen(
    village: demo.Village,
) -> None:
    keys = []
    for _ in range(2):
        config = village.kiosk / "phone.toml"
        subprocess.run(python("ui.phone.server.main", "rotate", "--config", config), check=True)
        shown = read(village.folder / "run" / "hotspot.toml")
        psk = village.folder / "run" / "hotspot.psk"
        assert psk.read_text() == f"00:00:00:00:00:00 {shown.key}\n"
        assert stat.S_IMODE(psk.stat().st_mode) == 0o600
        assert shown.phrase == settings.load(config).phrase
        assert shown.wifi_qr == f"WIFI:T:WPA;S:HomThu-NaCoSa3;P:{shown.key};;"
        keys.append(shown.key)
    assert keys[0] != keys[1]
    assert all(re.fullmatch(r"[a-z2-9]{12}", key) for key in keys)


def test_a_phrase_is_three_pictures_that_were_built() -> None:
    built = set(json.loads((ROOT / "build" / "tiles" / "manifest.json").read_text())["tiles"])
    pictures = tomllib.loads((ROOT / "provisioning" / "hotspot.toml").read_text())["pictures"]
    assert set(pictures) <= built
    assert len(set(pictures)) == len(pictures) >= 12
    drawn = {draw_phrase() for _ in range(50)}
    assert all(len(set(phrase)) == 3 for phrase in drawn)
    assert len(drawn) > 40


@pytest.mark.parametrize("ssid", ["", " x", "a\nignore_broadcast_ssid=1", "x" * 33, "ă" * 17])
def test_a_name_that_hostapd_cannot_take_is_refused(ssid: str) -> None:
    with pytest.raises(ProvisioningError, match="Wi-Fi"):
        Hotspot(ssid, WIFI.phrase)


@pytest.fixture
def system(tmp_path: Path) -> Path:
    for name, text in system_files(WIFI).items():
        (tmp_path / name).write_text(text)
    return tmp_path


def told_by(*command: str | Path) -> tuple[int, str]:
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, timeout=DEADLINE
    )
    return done.returncode, done.stdout + done.stderr


def test_dnsmasq_accepts_its_configuration(system: Path) -> None:
    code, said = told_by("/usr/sbin/dnsmasq", "--test", "-C", system / "dnsmasq.conf")
    assert (code, said.strip()) == (0, "dnsmasq: syntax check OK.")


@pytest.mark.skipif(os.geteuid() != 0, reason="nft needs root even to check a file")
def test_nftables_accepts_its_rules(system: Path) -> None:
    assert told_by("/usr/sbin/nft", "-c", "-f", system / "hotspot.nft") == (0, "")


def hostapd_says(config: Path) -> str:
    """hostapd reads its whole configuration before it looks for the (missing) radio."""
    return told_by("timeout", "10", "/usr/sbin/hostapd", config)[1]


def test_hostapd_understands_every_line(system: Path) -> None:
    config = system / "hostapd.conf"
    text = config.read_text().replace("wlan0", "nosuchradio0")
    (system / "hotspot.psk").write_text("00:00:00:00:00:00 abcdefghjkmn\n")
    config.write_text(text.replace("/run/homthu", str(system)))
    assert "Line" not in hostapd_says(config)
    config.write_text(config.read_text() + "no_such_setting=1\n")
    assert "unknown configuration item 'no_such_setting'" in hostapd_says(config)


def test_what_would_tell_of_phones_is_never_written(system: Path) -> None:
    dnsmasq = (system / "dnsmasq.conf").read_text()
    assert "leasefile-ro" in dnsmasq
    assert "log-queries" not in dnsmasq
    assert "masquerade" not in (system / "hotspot.nft").read_text()

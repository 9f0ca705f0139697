from pathlib import Path

import pytest

from kiosk.common.errors import ConfigError
from kiosk.protocol.station_settings import Pace
from kiosk.settings.courier import load_courier
from kiosk.settings.kiosk_list import Kiosk, load_kiosks
from kiosk.settings.station import load_station
from tests.toml_files import edit
from tests.uplink.village import Village
from uplink.link.data_cost import cost, interval_s


@pytest.fixture
def courier(village: Village) -> Path:
    village.add_kiosk("kiosk")
    return village.folder / "kiosk" / "courier.toml"


def problems(path: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        load_courier(path)
    return "\n".join(caught.value.problems)


def test_good_settings_load(village: Village, courier: Path) -> None:
    settings = load_courier(courier)
    assert settings.link_keys == village.keys_of("kiosk")
    assert settings.access.brokers == (("127.0.0.1", village.port),)
    assert settings.outboxes == (courier.parent / "touch.db",)
    station = load_station(village.station / "station.toml")
    assert station.link_master == village.master
    assert load_kiosks(station.kiosks)[village.kiosks["kiosk"]] == Kiosk("kiosk", 1)


def test_all_problems_are_told_at_once(courier: Path) -> None:
    renamed = {"slot_s": None, "slots_s": 0.05, "server_name": None, "serverr_name": "a"}
    edit(courier, renamed | {"brokers": ["127.0.0.1:98883"], "row_key": "none.key"})
    found = problems(courier)
    assert "did you mean 'slot_s'?" in found
    assert "did you mean 'server_name'?" in found
    assert "brokers: must be host:port" in found
    assert "row_key: the file does not exist" in found


@pytest.mark.parametrize("text", ["", "a = ", "topic_id = 3", "\x00", "brokers = [1]"])
def test_broken_files_are_explained(courier: Path, text: str) -> None:
    courier.write_text(text)
    assert problems(courier)


def test_a_secret_that_others_may_read_is_refused(courier: Path) -> None:
    (courier.parent / "link.key").chmod(0o644)
    assert "link_key: others may read it" in problems(courier)
    (courier.parent / "row.key").write_bytes(b"short")
    assert "row_key: must hold 32 bytes" in problems(courier)


MODEM = {"modem_port": "usb-*-if02-port0"}


def test_without_its_keys_there_is_no_modem(courier: Path) -> None:
    assert load_courier(courier).modem is None


def test_a_modem_needs_only_its_port(courier: Path) -> None:
    edit(courier, MODEM)
    modem = load_courier(courier).modem
    assert modem is not None
    assert (modem.pin, modem.apn, modem.reset_after) == ("", "", 6)
    assert modem.memory.parent == courier.parent


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"modem_port": "a; reboot"}, "modem_port: must be a port"),
        ({"modem_port": "../ttyS0"}, "modem_port: must be a port"),
        (MODEM | {"modem_pin": "12"}, "modem_pin: must be 4 to 8 digits"),
        (MODEM | {"modem_pin": "1234"}, "modem_pin: others may read it"),
        (MODEM | {"modem_apn": 'a"\r'}, "modem_apn: must be a name"),
        (MODEM | {"modem_reset_after": 0}, "modem_reset_after: must be from 1 to 10000"),
        (MODEM | {"modem_power": "power"}, "modem_power: must be an absolute path"),
        (MODEM | {"modem_pim": 1}, "did you mean 'modem_pin'?"),
        ({"modem_apn": "internet"}, "modem_port: a port is missing"),
    ],
)
def test_wrong_modems_are_explained(courier: Path, change: dict[str, object], told: str) -> None:
    edit(courier, change)
    assert told in problems(courier)


def test_budget_and_hours_set_the_pace(courier: Path) -> None:
    edit(courier, {"budget_mb": 20, "hours": ["5-9", "17-22"]})
    settings = load_courier(courier)
    assert settings.pace == Pace(0.05, 20, ((5, 9), (17, 22)))
    assert cost(interval_s(settings.pace), open_hours=9).month_mb == pytest.approx(20, rel=0.02)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"budget_mb": 0}, "budget_mb: must be from 1 to"),
        ({"hours": ["9-5-3"]}, "hours: must be like"),
        ({"hours": ["5-5"]}, "hours: must be like"),
        ({"hours": [5, 9]}, "hours: must be a list of texts"),
        ({"hour": ["5-9"]}, "did you mean 'hours'?"),
    ],
)
def test_a_wrong_pace_is_explained(courier: Path, change: dict[str, object], told: str) -> None:
    edit(courier, change)
    assert told in problems(courier)


def test_a_missing_file_is_refused(courier: Path) -> None:
    assert "cannot be read" in problems(courier.parent / "none.toml")
    (courier.parent / "tls.pem").unlink()
    assert "tls_cert: the file does not exist" in problems(courier)


@pytest.mark.parametrize(
    "text",
    ["[kiosk.a]", "[kiosks.xy]\nname = 'a'\ngeneration = 1", "kiosks = 3"]
    + [f"[kiosks.{'0' * 32}]\n{rest}" for rest in ("", "name = 'a'\ngeneration = 1\nmore = 1")]
    + [
        f"[kiosks.{'0' * 32}]\nname = 'a'\ngeneration = 1\nvillages = {v}" for v in ("1", "{a = 1}")
    ],
)
def test_a_broken_list_of_kiosks_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "kiosks.toml"
    path.write_text(text)
    with pytest.raises(ConfigError):
        load_kiosks(path)

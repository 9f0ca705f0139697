"""The files that give a modem to NetworkManager and one of its ports to the courier."""

import configparser
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner

from kiosk.common.errors import ProvisioningError
from kiosk.settings.courier import load_courier
from provisioning import modem_profile
from provisioning.main import main
from provisioning.modem_profile import FOLDER, POWER, PROFILE, RULE, USB_RULES, ModemPlan
from tests.uplink.village import Village

GOOD = ModemPlan("v-internet", "1e0e:9001", "02")


def read(plan: ModemPlan) -> configparser.ConfigParser:
    profile = configparser.ConfigParser()
    profile.read_string(modem_profile.profile(plan))
    return profile


def test_the_profile_connects_by_itself_and_trusts_no_name_server() -> None:
    profile = read(GOOD)
    assert dict(profile["gsm"]) == {"apn": "v-internet", "home-only": "true"}
    assert profile["connection"]["type"] == "gsm"
    assert profile["connection"]["autoconnect"] == "true"
    assert profile["connection"]["autoconnect-retries"] == "0"
    for family in ("ipv4", "ipv6"):
        assert dict(profile[family]) == {"method": "auto", "ignore-auto-dns": "true"}


def test_name_servers_and_roaming_only_when_asked_for() -> None:
    plan = ModemPlan("a", "1e0e:9001", "02", ("9.9.9.9", "2620:fe::fe", "1.1.1.1"), True)
    profile = read(plan)
    assert profile["gsm"]["home-only"] == "false"
    assert profile["ipv4"]["dns"] == "9.9.9.9;1.1.1.1;"
    assert profile["ipv6"]["dns"] == "2620:fe::fe;"


def test_the_rule_reserves_one_port_of_this_modem() -> None:
    rule = modem_profile.rule(GOOD)
    assert 'ENV{ID_USB_INTERFACE_NUM}=="02"' in rule
    assert rule.endswith('ENV{ID_MM_PORT_IGNORE}="1"\n')
    assert rule.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("a b", "1e0e:9001", "02"),
        ("a\n[ipv4]", "1e0e:9001", "02"),
        ("a", "1e0e", "02"),
        ("a", "1e0e:9001", '02"'),
        ("a", "1e0e:9001", "02", ("dns.example",)),
        ("a", "1e0e:9001", "02", (), False, 'gpio"'),
    ],
)
def test_nothing_can_be_slipped_into_the_files(arguments: tuple[str, str, str]) -> None:
    with pytest.raises(ProvisioningError):
        ModemPlan(*arguments)


@pytest.fixture
def village(tmp_path: Path) -> Village:
    return Village(tmp_path)


def test_the_command_gives_the_courier_its_modem(village: Village) -> None:
    village.add_kiosk("kiosk")
    bundle = village.folder / "kiosk"
    given = ["modem", str(bundle), "--apn", "v-internet", "--usb", "1e0e:9001"]
    given += ["--power", "/sys/class/gpio/gpio17/value"]
    done = CliRunner().invoke(main, given)
    assert (done.exit_code, done.stderr) == (0, "")
    assert stat.S_IMODE((bundle / FOLDER / PROFILE).stat().st_mode) == 0o600
    assert (bundle / FOLDER / RULE).read_text() == modem_profile.rule(GOOD)
    assert (bundle / FOLDER / USB_RULES).read_text() == "allow id 1e0e:9001\n"
    modem = load_courier(bundle / "courier.toml").modem
    assert modem is not None
    assert (modem.port, modem.apn, modem.pin) == ("usb-*-if02-port0", "v-internet", "")
    assert modem.power == Path(modem_profile.POWER_WISH)
    assert (bundle / FOLDER / POWER).read_text() == "/sys/class/gpio/gpio17/value\n"
    again = CliRunner().invoke(main, given)
    assert again.exit_code == 2
    assert "already names a modem" in again.stderr


def test_a_folder_that_is_no_bundle_is_refused(tmp_path: Path) -> None:
    given = ["modem", str(tmp_path), "--apn", "a", "--usb", "1e0e:9001"]
    done = CliRunner().invoke(main, given)
    assert done.exit_code == 2
    assert list(tmp_path.iterdir()) == []

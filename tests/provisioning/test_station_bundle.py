"""The bundle of a station: repeated, installed, for a broker here or on a rented server."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from kiosk.protocol.sealing import read_manifest
from kiosk.settings.kiosk_list import load_kiosks
from kiosk.settings.station import load_station
from provisioning import ledger
from tests.provisioning.district import SECRET, STATION, District, tree
from uplink.station.keys import init_station, renew_report_key, unlock

BY_HAND = """\
folder = "."
broker = "192.0.2.1:1"
server_name = "elsewhere"
assets = "/opt/pictures"
tls_ca = "ca.pem"
tls_cert = "tls.pem"
tls_key = "tls.key"
kiosks = "kiosks.toml"

[clusters]
"broker = 1" = ["00000000000000000000000000000001"]
"""


class Machine:
    """A file system for the scripts alone, and a systemctl that writes down what it is told."""

    def __init__(self, district: District, folder: Path) -> None:
        self.root = folder
        self.home = folder / "var/lib/homthu/station"
        self.broker = folder / "etc/homthu/broker"
        for name in ("etc/systemd/system", "bin", "opt/homthu/bin"):
            (folder / name).mkdir(parents=True)
        for name in ("opt/homthu/bin/homthu-station", "bin/systemctl"):
            (folder / name).write_text(f'#!/bin/sh\necho "$*" >> {folder}/told\n')
            (folder / name).chmod(0o755)
        shutil.copytree(district.station, self.home)

    def install(self, script: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", str(script)],
            env={
                "PATH": f"{self.root}/bin:{os.environ['PATH']}",
                "DESTDIR": str(self.root),
                "OWNER": "root",
                "BROKER_GROUP": "root",
            },
            capture_output=True,
            text=True,
        )

    def restarts(self) -> list[str]:
        """What was restarted since the last time."""
        told = self.root / "told"
        lines = told.read_text().splitlines() if told.exists() else []
        told.unlink(missing_ok=True)
        return [line for line in lines if line.startswith("restart")]


@pytest.fixture
def machine(admitted: District) -> Machine:
    if os.getuid() != 0:
        pytest.skip("only root can install")
    return Machine(admitted, admitted.folder / "machine")


def test_a_station_is_installed_and_installing_again_changes_nothing(
    admitted: District, machine: Machine
) -> None:
    admitted.add("Na Cô Sa")
    admitted.admit()
    done = machine.install(admitted.bundle / "install.sh")
    assert done.returncode == 0, done.stderr
    settings = load_station(machine.home / "station.toml")
    assert settings.access.brokers == (("127.0.0.1", admitted.port),)
    assert [kiosk.name for kiosk in load_kiosks(settings.kiosks).values()] == [
        "Nhà văn hóa Na Cô Sa"
    ]
    assert (machine.broker / "broker.key").stat().st_mode & 0o007 == 0
    assert (machine.home / "tls.pem").stat().st_mode & 0o077 == 0
    assert len(machine.restarts()) == 2
    before = tree(machine.home) | tree(machine.broker)
    again = machine.install(admitted.bundle / "install.sh")
    assert again.returncode == 0
    assert "không có gì" in again.stdout
    assert machine.restarts() == []
    assert tree(machine.home) | tree(machine.broker) == before


def test_what_an_operator_wrote_into_station_toml_stays(
    admitted: District, machine: Machine
) -> None:
    expected = BY_HAND.replace("192.0.2.1:1", f"127.0.0.1:{admitted.port}").replace(
        "elsewhere", "127.0.0.1"
    )
    (machine.home / "station.toml").write_text(BY_HAND)
    assert machine.install(admitted.bundle / "install.sh").returncode == 0
    assert (machine.home / "station.toml").read_text() == expected
    (admitted.bundle / "station.toml").write_text(BY_HAND)
    admitted.admit()
    assert (admitted.bundle / "station.toml").read_text() == expected


def test_another_stations_bundle_is_refused_before_anything_changed(
    admitted: District, machine: Machine
) -> None:
    shutil.rmtree(machine.home)
    init_station(machine.home, STATION, SECRET, admitted.public)
    before = tree(machine.home)
    told = machine.install(admitted.bundle / "install.sh")
    assert (told.returncode, "another station's" in told.stderr) == (2, True)
    shutil.rmtree(machine.home)
    missing = machine.install(admitted.bundle / "install.sh")
    assert (missing.returncode, "homthu-station init" in missing.stderr) == (2, True)
    assert before
    assert not machine.broker.exists()


def test_an_update_alone_is_no_installation(admitted: District, machine: Machine) -> None:
    admitted.add("Na Cô Sa")
    update = admitted.kiosks / "station-update"
    told = machine.install(update / "install.sh")
    assert (told.returncode, "nothing is installed yet" in told.stderr) == (2, True)
    machine.install(admitted.bundle / "install.sh")
    machine.restarts()
    assert machine.install(update / "install.sh").returncode == 0
    assert machine.restarts() == [], "a new kiosk needs no restart"
    admitted.done("revoke", admitted.authority, "Nhà văn hóa Na Cô Sa", admitted.kiosks)
    assert machine.install(update / "install.sh").returncode == 0
    assert machine.restarts() == ["restart homthu-broker.service"]
    assert load_kiosks(machine.home / "kiosks.toml") == {}


def test_a_rented_server_gets_nothing_of_the_station(district: District) -> None:
    told = district.done(
        "station", district.authority, district.request, district.bundle,
        "--broker", "mqtt.example.vn:8883", "--broker-at", "server",
    )  # fmt: skip
    assert "bundle/broker" in told
    settings = (district.bundle / "station.toml").read_text()
    assert 'broker = "mqtt.example.vn:8883"' in settings
    assert 'here=""' not in settings
    assert {path.name for path in (district.bundle / "broker").rglob("*") if path.is_file()} == {
        "ca.pem", "broker.pem", "broker.key", "broker.acl", "revoked.crl", "mosquitto.conf",
        "install.sh", "homthu-broker.service",
    }  # fmt: skip
    if os.getuid() == 0:
        machine = Machine(district, district.folder / "machine")
        assert machine.install(district.bundle / "install.sh").returncode == 0
        assert not machine.broker.exists()
        assert machine.install(district.bundle / "broker" / "install.sh").returncode == 0
        assert (machine.broker / "revoked.crl").exists()


def test_admitting_again_keeps_place_epoch_and_kiosks(admitted: District) -> None:
    admitted.admit("--phone", "0215 3 000 113", "--form", "https://don.example.vn/")
    admitted.add("Na Cô Sa")
    before = ledger.station(admitted.authority, STATION)
    assert (before.phone, before.epoch) == ("0215 3 000 113", 1)
    admitted.done("station", admitted.authority, admitted.request, admitted.bundle)
    assert ledger.station(admitted.authority, STATION) == before
    assert before.kiosks[0].id in (admitted.bundle / "kiosks.toml").read_text("utf-8")


def test_rotate_needs_new_keys_raises_the_epoch_and_keeps_the_old_key(admitted: District) -> None:
    told = admitted.run("rotate", admitted.authority, admitted.request, admitted.bundle)
    assert (told.exit_code, "homthu-station rekey" in told.stderr) == (2, True)
    first = admitted.request_key()
    renew_report_key(admitted.station, SECRET)
    admitted.done("rotate", admitted.authority, admitted.request, admitted.bundle)
    manifest = read_manifest(
        (admitted.bundle / "manifest.cbor").read_bytes(), admitted.unlocked.root_public, 2
    )
    assert manifest.epoch == 2
    assert [key.raw for key in manifest.keys] == [admitted.request_key()]
    assert [key.public.raw for key in unlock(admitted.station, SECRET)] == [
        admitted.request_key(), first
    ]  # fmt: skip


def test_rotate_names_the_kiosks_whose_certificates_end(admitted: District) -> None:
    admitted.add("Na Cô Sa", "Nậm Pồ")
    fleet = json.loads((admitted.authority / ledger.FLEET).read_text())
    fleet[STATION]["kiosks"][1]["ends"] = "2027-01-01"
    (admitted.authority / ledger.FLEET).write_text(json.dumps(fleet))
    renew_report_key(admitted.station, SECRET)
    told = admitted.done("rotate", admitted.authority, admitted.request, admitted.bundle)
    assert "Nhà văn hóa Nậm Pồ: chứng thư hết hạn 2027-01-01" in told
    assert "Nhà văn hóa Na Cô Sa" not in told


def test_a_station_made_anew_is_not_taken_for_the_one_with_kiosks(admitted: District) -> None:
    admitted.add("Na Cô Sa")
    shutil.rmtree(admitted.station)
    init_station(admitted.station, STATION, SECRET, admitted.public)
    before = tree(admitted.bundle) | tree(admitted.authority)
    told = admitted.run("station", admitted.authority, admitted.request, admitted.bundle)
    assert (told.exit_code, "homthu-station restore" in told.stderr) == (2, True)
    assert tree(admitted.bundle) | tree(admitted.authority) == before


def test_the_stations_own_folder_is_no_bundle(admitted: District) -> None:
    told = admitted.run("station", admitted.authority, admitted.request, admitted.station)
    assert (told.exit_code, "holds something else" in told.stderr) == (2, True)


@pytest.mark.parametrize("name", ["", "x\ntopic read #", 'x"; rm -rf /', "x" * 60, "$(reboot)"])
def test_no_name_can_slip_into_rules_or_scripts(district: District, name: str) -> None:
    request = json.loads(district.request.read_text())
    district.request.write_text(json.dumps(request | {"name": name}))
    told = district.run("station", district.authority, district.request, district.bundle,
                        "--broker", "a:1")  # fmt: skip
    assert (told.exit_code, "not a station's request" in told.stderr) == (2, True)


def test_a_broker_must_be_an_address(district: District) -> None:
    for address in ("mqtt.example.vn", 'a":1', "a b:1"):
        told = district.run("station", district.authority, district.request, district.bundle,
                            "--broker", address)  # fmt: skip
        assert (told.exit_code, "HOST:PORT" in told.stderr) == (2, True)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_systemd_accepts_the_units_and_finds_them_well_shut(admitted: District) -> None:
    units = [*admitted.bundle.rglob("*.service")]
    assert len(units) == 3
    for unit in units:
        told = subprocess.run(
            ["systemd-analyze", "verify", str(unit)], capture_output=True, text=True
        )
        assert "Unknown" not in told.stderr
        assert "Failed to parse" not in told.stderr
        exposure = subprocess.run(
            ["systemd-analyze", "security", "--offline=true", "--threshold=30", str(unit)],
            capture_output=True, text=True,
        )  # fmt: skip
        assert exposure.returncode == 0, exposure.stdout[-300:]

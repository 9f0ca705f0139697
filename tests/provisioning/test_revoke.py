"""Revoked and replaced kiosks at the real broker and the real receiver."""

import os
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from kiosk.device.config import load
from kiosk.device.outbox import Outbox
from kiosk.protocol.sealing import read_manifest
from kiosk.settings.courier import load_courier
from provisioning import certificates, ledger
from provisioning.processes import answers, python, running
from tests.provisioning.district import STATION, District, toml
from tests.uplink.village import MOSQUITTO, icon_chunks, make_report
from tests.waiting import wait_until
from uplink.station.commands.main import main as station_main

HALLS = ("Nhà văn hóa Na Cô Sa", "Nhà văn hóa Nậm Pồ")


class Post:
    """The station at work: what its machine has installed, with a broker beside it."""

    def __init__(self, district: District) -> None:
        self.district = district
        self.broker = district.folder / "broker"

    def install(self, bundle: Path) -> None:
        """As install.sh does, without a system."""
        shutil.copytree(bundle / "broker", self.broker, dirs_exist_ok=True)
        config = self.broker / "mosquitto.conf"
        text = config.read_text().replace("/etc/homthu/broker", str(self.broker))
        config.write_text(text if "user root" in text else f"{text}user root\n")
        for name in ("ca.pem", "tls.pem", "manifest.cbor", "station.toml", "kiosks.toml"):
            if (bundle / name).exists():
                shutil.copy(bundle / name, self.district.station)

    @contextmanager
    def broker_running(self) -> Iterator[None]:
        command = [MOSQUITTO, "-c", str(self.broker / "mosquitto.conf")]
        with running(command):
            wait_until(lambda: answers("127.0.0.1", self.district.port))
            yield

    def told(self, *command: object) -> str:
        """What a command of `homthu-station` tells."""
        done = CliRunner().invoke(station_main, [*map(str, command), "--config", str(self.config)])
        assert done.exit_code == 0, done.output
        return done.stdout

    def inbox(self) -> int:
        secret = self.district.secret
        return len(self.told("inbox", "--json", "--passphrase-file", secret).splitlines())

    @property
    def config(self) -> Path:
        return self.district.station / "station.toml"


@pytest.fixture
def post(admitted: District) -> Post:
    admitted.add("Na Cô Sa", "Nậm Pồ", slot_s=1)
    post = Post(admitted)
    post.install(admitted.bundle)
    post.install(admitted.kiosks / "station-update")
    return post


def is_let_in(bundle: Path) -> bool:
    """Whether the broker answers a CONNECT made with the bundle's certificate."""
    access = load_courier(bundle / "courier.toml").access
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(access.tls_ca)
    context.load_cert_chain(access.tls_cert, access.tls_key)
    connect = bytes.fromhex("100f00044d5154540502003c0000027878")
    with socket.create_connection(access.brokers[0], 10) as plain:
        try:
            with context.wrap_socket(plain, server_hostname=access.server_name) as secure:
                secure.sendall(connect)
                return secure.recv(4)[:1] == b"\x20"
        except (ssl.SSLError, ConnectionError):
            return False


def file_one(bundle: Path) -> None:
    settings = load(bundle / "kiosk.toml")
    manifest = read_manifest(settings.manifest.read_bytes(), settings.authority.read_bytes())
    outbox = Outbox(settings.outbox, settings.row_key.read_bytes())
    outbox.put(icon_chunks(make_report(), manifest.keys[0]))
    outbox.close()


def test_a_revoked_kiosk_is_shut_out_and_the_others_are_not(post: Post) -> None:
    district = post.district
    lost, other = (
        district.kiosks / name for name in ("nha-van-hoa-na-co-sa", "nha-van-hoa-nam-po")
    )
    with post.broker_running():
        assert is_let_in(lost)
        assert is_let_in(other)
    for _ in range(2):
        district.done("revoke", district.authority, HALLS[0], district.kiosks)
    post.install(district.kiosks / "station-update")
    with post.broker_running():
        assert not is_let_in(lost)
        assert is_let_in(other)
    assert (
        load(lost / "kiosk.toml").kiosk_id.hex()
        not in (district.station / "kiosks.toml").read_text()
    )
    assert [(row["hall"], row["state"]) for row in district.fleet()] == [
        (HALLS[1], "active"), (HALLS[0], "revoked")
    ]  # fmt: skip


def test_a_replaced_kiosk_is_heard_again_and_its_old_card_never(post: Post) -> None:
    district = post.district
    old = district.kiosks / "nha-van-hoa-na-co-sa"
    told = district.done("replace", district.authority, HALLS[0], district.kiosks)
    new = district.kiosks / "nha-van-hoa-na-co-sa-2"
    assert str(new) in told
    assert (load(new / "kiosk.toml").kiosk_id, load(new / "kiosk.toml").site.hall) == (
        load(old / "kiosk.toml").kiosk_id, HALLS[0]
    )  # fmt: skip
    for name in ("link.key", "row.key", "code.key", "tls.key"):
        (made,), (lost,) = new.rglob(name), old.rglob(name)
        assert made.read_bytes() != lost.read_bytes()
    post.install(district.kiosks / "station-update")
    file_one(new)
    file_one(old)
    serve = python("uplink.station.commands.main", "serve", "--config", post.config)
    with post.broker_running(), running(serve):
        assert not is_let_in(old)
        with running(python("uplink.courier.main", "--config", new / "courier.toml")):
            wait_until(lambda: (district.station / "station.db").exists() and post.inbox() == 1)
        assert post.inbox() == 1
    assert [(row["generation"], row["state"]) for row in district.fleet()] == [
        (1, "active"), (2, "active"), (1, "replaced")
    ]  # fmt: skip


def test_a_stolen_kiosk_is_revoked_now_and_replaced_later(post: Post) -> None:
    district = post.district
    kiosk_id = ledger.station(district.authority, STATION).kiosks[0].id
    district.done("revoke", district.authority, kiosk_id[:8], district.kiosks)
    district.done("replace", district.authority, kiosk_id[:8], district.kiosks)
    rows = [row for row in district.fleet() if row["kiosk"] == kiosk_id]
    assert [(row["generation"], row["state"]) for row in rows] == [(2, "active"), (1, "replaced")]
    assert len(list(ledger.serials(district.authority))) == 1
    told = district.run("revoke", district.authority, "nowhere", district.kiosks)
    assert (told.exit_code, HALLS[1] in told.stderr) == (2, True)
    everybody = district.run("revoke", district.authority, "", district.kiosks)
    assert (everybody.exit_code, "several" in everybody.stderr) == (2, True)


def test_a_replaced_kiosk_keeps_its_hall_its_pictures_and_its_modem(admitted: District) -> None:
    admitted.add("Na Cô Sa", ssid="HomThu-NaCoSa", apn="v-internet", loud_hours=["6-7"])
    admitted.done("replace", admitted.authority, HALLS[0], admitted.kiosks)
    old, new = (admitted.kiosks / f"nha-van-hoa-na-co-sa{suffix}" for suffix in ("", "-2"))
    for name in ("phone.toml", "homthu.nmconnection", "kiosk.toml", "courier.toml"):
        (made,), (lost,) = new.rglob(name), old.rglob(name)
        assert made.read_text() == lost.read_text()


def test_a_replaced_kiosk_may_be_described_anew(admitted: District) -> None:
    admitted.add("Na Cô Sa", ssid="HomThu-NaCoSa", apn="v-internet")
    file = admitted.folder / "anew.toml"
    replacing = ("replace", admitted.authority, HALLS[0], admitted.kiosks, "--file", file)
    file.write_text(toml({}, ("Nậm Pồ",)), "utf-8")
    told = admitted.run(*replacing)
    assert (told.exit_code, "does not describe it" in told.stderr) == (2, True)
    now = {"ssid": "HomThu-NaCoSa", "apn": "m3-world", "screen": "1024x600"}
    file.write_text(toml(now, ("Nậm Pồ", "Na Cô Sa")), "utf-8")
    admitted.done(*replacing)
    old, new = (admitted.kiosks / f"nha-van-hoa-na-co-sa{suffix}" for suffix in ("", "-2"))
    assert 'modem_apn = "m3-world"' in (new / "courier.toml").read_text()
    assert load(new / "kiosk.toml").size == (1024, 600)
    assert (new / "phone.toml").read_text() == (old / "phone.toml").read_text()


def test_the_same_list_has_the_same_bytes(admitted: District) -> None:
    root = admitted.unlocked
    lists = [certificates.revocation_list(root.ca_key, root.ca, [7, 9]) for _ in range(2)]
    assert lists[0] == lists[1]


def test_new_keys_reach_a_kiosk_and_the_fleet_shows_it(post: Post, tmp_path: Path) -> None:
    district = post.district
    bundle = district.kiosks / "nha-van-hoa-na-co-sa"
    post.told("rekey", "--passphrase-file", district.secret)
    district.done("rotate", district.authority, district.request, district.bundle)
    post.install(district.bundle)
    health = tmp_path / "health.json"

    def epoch() -> object:
        health.write_text(post.told("health", "--json"))
        first, second = district.fleet("--health", health)
        assert (second["last_seen"], second["epoch"]) == (None, None)
        return first["epoch"]

    serve = python("uplink.station.commands.main", "serve", "--config", post.config)
    courier = python("uplink.courier.main", "--config", bundle / "courier.toml")
    with post.broker_running(), running(serve):
        wait_until(lambda: (district.station / "station.db").exists())
        post.told("send", "manifest")
        with running(courier):
            wait_until(lambda: epoch() == 2)
    (first, _) = district.fleet("--health", health)
    assert first["newest_epoch"] == 2
    assert first["last_seen"] is not None
    assert first["version"]
    shown = fleet(district, "--health", health)
    assert "Nhà văn hóa Nậm Pồ" in shown.stdout
    assert "2/2" in shown.stdout
    assert "đang dùng" in shown.stdout


def test_a_health_file_that_is_none_is_told(admitted: District, tmp_path: Path) -> None:
    (tmp_path / "health.json").write_text("[1]")
    wrong = fleet(admitted, "--health", tmp_path / "health.json")
    assert (wrong.returncode, "homthu-station health --json" in wrong.stderr) == (2, True)


def fleet(district: District, *options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        python("provisioning.main", "fleet", district.authority, *map(str, options)),
        capture_output=True, text=True, env={**os.environ, "COLUMNS": "200"},
    )  # fmt: skip

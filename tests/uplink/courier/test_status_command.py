"""`homthu-courier status` beside a real courier, whatever is wrong."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.toml_files import edit
from tests.uplink.pty_modem import NAME, PtyModem
from tests.uplink.traffic import put
from tests.uplink.village import ROOT, SERVER_NAME, Authority, Village
from tests.waiting import DEADLINE, wait_until

Status = dict[str, object]


def told(village: Village, *options: str) -> str:
    config = str(village.folder / "kiosk" / "courier.toml")
    command = [sys.executable, "-m", "uplink.courier.main", "status", "--config", config, *options]
    environment = {**os.environ, "COLUMNS": "140", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        command,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=DEADLINE,
        env=environment,
    )
    return done.stdout


def status(village: Village) -> Status:
    found: Status = json.loads(told(village, "--json"))
    return found


def until_status(village: Village, **wanted: object) -> Status:
    """Wait for a state file that says so, then ask the real command once."""

    def met() -> bool:
        try:
            state: Status = json.loads((village.folder / "kiosk" / "status.json").read_text())
        except FileNotFoundError:
            return False
        return wanted.items() <= state.items()

    wait_until(met)
    return status(village)


def test_a_kiosk_that_never_ran(village: Village) -> None:
    village.add_kiosk("kiosk")
    outbox = {"free": 128, "waiting": 0, "parked": 0, "damaged": 0}
    assert status(village) == {"running": False, "outboxes": {"touch.db": outbox}}
    assert "Chưa chạy lần nào" in told(village)


def test_a_good_link(village: Village) -> None:
    village.add_kiosk("kiosk", slot_s=1.0)
    village.start_broker()
    village.start_station()
    village.start_courier("kiosk")
    found = until_status(village, sent=True, trouble="none", missed=0)
    assert found["modem"] is None
    words = told(village)
    assert "Ô gửi gần nhất đã đi" in words
    assert "touch.db: trống 128, chờ 0" in words
    assert "modem" not in words.lower()


def test_a_station_that_does_not_answer_shows(village: Village) -> None:
    outbox = village.add_kiosk("kiosk")
    village.start_broker()
    village.start_courier("kiosk")
    put(outbox, village, 2)
    until_status(village, sent=True)
    wait_until(lambda: (json.loads(state_file(village).read_text())["unanswered"]) > 5)
    found = status(village)
    assert found["outboxes"]["touch.db"]["waiting"] == 2  # type: ignore[index]
    village.start_station()
    wait_until(lambda: outbox.counts().real == 0)
    until_status(village, unanswered=0)


def test_no_broker_shows(village: Village) -> None:
    village.add_kiosk("kiosk")
    village.start_courier("kiosk")
    until_status(village, sent=False, trouble="closed", states=["broker_closed"])
    assert "Máy chủ không chạy" in told(village)


@pytest.mark.parametrize(
    ("name", "trouble"), [(SERVER_NAME, "wrong ca"), ("elsewhere.test", "wrong name")]
)
def test_a_foreign_broker_shows(village: Village, name: str, trouble: str) -> None:
    """No connection, its cells count as failed."""
    village.add_kiosk("kiosk")
    authority = Authority() if name == SERVER_NAME else village.authority
    authority.issue(village.folder / "broker", name)
    village.start_broker()
    village.start_courier("kiosk")
    until_status(village, sent=False, trouble=trouble)


def test_a_certificate_the_broker_does_not_know_is_refused(village: Village) -> None:
    village.add_kiosk("kiosk")
    kiosk = village.folder / "kiosk"
    trusted = (kiosk / "ca.pem").read_bytes()
    Authority().issue(kiosk, village.kiosks["kiosk"])
    (kiosk / "ca.pem").write_bytes(trusted)
    village.start_broker()
    village.start_courier("kiosk")
    until_status(village, sent=False, trouble="refused")


def test_a_topic_the_broker_forbids_is_refused(village: Village) -> None:
    village.add_kiosk("kiosk")
    (village.folder / "broker" / "acl").write_text("pattern read k/%u/down\n")
    village.start_broker()
    village.start_courier("kiosk")
    until_status(village, sent=False, trouble="forbidden")


def test_a_twin_that_takes_over_again_and_again_is_an_alarm(village: Village) -> None:
    village.add_kiosk("kiosk")
    twin = village.folder / "twin"
    village.start_broker()
    village.start_courier("kiosk")
    until_status(village, sent=True)
    subprocess.run(["cp", "-r", str(village.folder / "kiosk"), str(twin)], check=True)
    village.start_courier("twin")
    until_status(village, trouble="twin", states=["broker_twin"])
    assert "BÁO ĐỘNG" in told(village)


def test_a_broker_with_too_small_packets_shows(village: Village) -> None:
    village.add_kiosk("kiosk")
    conf = village.folder / "broker" / "mosquitto.conf"
    conf.write_text(conf.read_text().replace("max_packet_size 8192", "max_packet_size 2048"))
    village.start_broker()
    village.start_courier("kiosk")
    until_status(village, sent=False, trouble="oversize")


def test_the_trouble_ends_when_a_cell_gets_through(village: Village) -> None:
    village.add_kiosk("kiosk")
    village.start_courier("kiosk")
    until_status(village, trouble="closed")
    village.start_broker()
    until_status(village, sent=True, trouble="none", missed=0)


@pytest.fixture
def stick(tmp_path: Path) -> Iterator[PtyModem]:
    stick = PtyModem(tmp_path / "by-id", pin="1234")
    yield stick
    stick.unplug()


def test_the_modem_shows_and_is_reset_while_slots_are_missed(
    village: Village, stick: PtyModem
) -> None:
    village.add_kiosk("kiosk")
    port = stick.by_id / NAME
    modem = {
        "modem_port": str(port),
        "modem_pin": "1234",
        "modem_apn": "v-internet",
        "modem_reset_after": 3,
    }
    edit(village.folder / "kiosk" / "courier.toml", modem).chmod(0o600)
    village.start_courier("kiosk")
    wait_until(lambda: stick.asked("AT+CFUN=1,1") >= 2)
    modem = {
        "link": "answering",
        "sim": "ready",
        "registration": "home",
        "data": "active",
        "operator": "Viettel",
        "bars": 3,
        "apn": "v-internet",
    }
    assert until_status(village, modem=modem)["modem"] == modem
    words = told(village)
    assert "Nhà mạng: Viettel" in words
    assert "▁▂▄" in words
    village.start_broker()
    until_status(village, sent=True)
    assert village.terminate("kiosk") == 0


def test_the_state_tells_nothing_of_what_waits(village: Village) -> None:
    outbox = village.add_kiosk("kiosk")
    village.start_courier("kiosk")
    until_status(village, sent=False)
    empty = json.loads(state_file(village).read_text())
    put(outbox, village, 20)
    before = empty["missed"]
    wait_until(lambda: json.loads(state_file(village).read_text())["missed"] > before + 3)
    full = json.loads(state_file(village).read_text())
    village.terminate("kiosk")
    assert set(full) == {
        "sent",
        "missed",
        "unanswered",
        "silent_days",
        "trouble",
        "modem",
        "slot_s",
        "states",
    }
    changed = {key for key in full if full[key] != empty[key]}
    assert changed <= {"missed", "unanswered", "trouble", "states"}
    assert state_file(village).stat().st_mode & 0o777 == 0o644
    assert village.kiosks["kiosk"] not in state_file(village).read_text()


@pytest.mark.parametrize("content", ["", "{}", "[]", "null", '{"sent": 1', "\x00" * 99])
def test_a_damaged_state_file_is_as_good_as_none(village: Village, content: str) -> None:
    village.add_kiosk("kiosk")
    state_file(village).write_text(content)
    assert status(village)["running"] is False


def test_an_old_state_says_how_many_slots_ago(village: Village) -> None:
    village.add_kiosk("kiosk", slot_s=300.0)
    write_state(village)
    then = time.time() - 1000
    os.utime(state_file(village), (then, then))
    found = status(village)
    assert (found["running"], found["slots_ago"]) == (False, 3)


def test_an_outbox_that_cannot_be_read_is_said_so(village: Village) -> None:
    village.add_kiosk("kiosk")
    (village.folder / "kiosk" / "touch.db").write_bytes(b"no database" * 999)
    assert status(village)["outboxes"] == {"touch.db": {"problem": "E20"}}
    assert "thay thẻ" in told(village)


def test_without_a_command_a_configuration_is_needed() -> None:
    command = [sys.executable, "-m", "uplink.courier.main"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=DEADLINE)
    assert done.returncode == 2
    assert "--config" in done.stderr


def write_state(village: Village, **changes: object) -> None:
    good = {"sent": True, "missed": 0, "unanswered": 0, "silent_days": 0, "trouble": "none"}
    state_file(village).write_text(json.dumps({**good, "modem": None, "slot_s": 300.0, **changes}))


def test_a_station_silent_for_days_shows_over_restarts_too(village: Village) -> None:
    outbox = village.add_kiosk("kiosk", slot_s=1.0)
    write_state(village, unanswered=7 * 86_400)
    village.start_broker()
    village.start_courier("kiosk")
    put(outbox, village, 1)
    until_status(village, silent_days=7, sent=True, states=["station_silent"])
    assert "Đồn không trả lời nhiều ngày: 7" in told(village)
    assert outbox.counts().real == 1
    village.start_station()
    until_status(village, silent_days=0, states=[])


def test_the_station_tells_of_its_own_broker(village: Village) -> None:
    link = village.station / "link.json"
    village.start_station()
    wait_until(lambda: link.exists() and "broker_closed" in link.read_text())
    village.start_broker()
    wait_until(lambda: json.loads(link.read_text()) == {"states": []})
    village.processes["the other"] = village.processes.pop("station")
    village.start_station()
    wait_until(lambda: "broker_twin" in link.read_text())


def state_file(village: Village) -> Path:
    return village.folder / "kiosk" / "status.json"

"""Nobody reads without a passphrase, and nobody acts with a form that is not the desk's own."""

import socket
import subprocess
import sys

import pytest

from tests.uplink.station.desk.place import (
    CHIEF,
    READER,
    SECRET,
    Client,
    crime,
    deliver,
    office_served,
)
from tests.uplink.village import PASSPHRASE, ROOT, Village
from uplink.station.desk.auth import sessions


class Clock:
    """Seconds that pass only when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_passphrase_opens_the_inbox(village: Village, port: int) -> None:
    deliver(village, crime())
    client = Client(port)
    assert client.get("/").headers["location"] == "/sign-in"
    assert client.sign_in().headers["location"] == "/"
    assert "Ma túy" in client.get("/").text


def test_a_wrong_passphrase_and_an_unknown_name_are_answered_alike(port: int) -> None:
    wrong = Client(port).sign_in(READER, "không phải")
    unknown = Client(port).sign_in("Ai Đó", "không phải")
    assert wrong.status == unknown.status == 401
    assert wrong.text == unknown.text.replace("Ai Đó", READER)


def test_five_wrong_passphrases_lock_the_account_and_only_that(village: Village) -> None:
    with office_served(village) as (office, port):
        clock = Clock()
        office.lockout = sessions.Lockout(clock)
        for _ in range(sessions.WRONG_BEFORE_LOCK):
            assert Client(port).sign_in(READER, "sai sai sai").status == 401
        locked = Client(port).sign_in(READER, SECRET)
        assert locked.status == 429
        assert "đợi 5 phút" in locked.text
        assert Client(port).sign_in(CHIEF, SECRET).status == 303
        clock.now += sessions.LOCK_S + 1
        assert Client(port).sign_in(READER, SECRET).status == 303
        client = Client(port)
        client.sign_in(CHIEF)
        assert "5 lần gõ sai trước đó" in client.get("/log").text


def test_guessing_many_names_is_slowed_down_too() -> None:
    clock = Clock()
    lockout = sessions.Lockout(clock)
    waits = [lockout.wait_s(f"tên {n}") for n in range(sessions.TRIES_A_MINUTE + 1)]
    assert waits[:-1] == [0.0] * sessions.TRIES_A_MINUTE
    assert 0 < waits[-1] <= 60
    clock.now += 61
    assert lockout.wait_s("tên") == 0.0


def test_a_session_ends_by_itself_and_polling_does_not_keep_it(village: Village) -> None:
    with office_served(village) as (office, port):
        clock = Clock()
        office.sessions = sessions.Sessions(clock)
        client = Client(port)
        client.sign_in()
        clock.now += sessions.IDLE_S - 1
        assert client.get("/alive").status == 204
        clock.now += 2
        ended = client.get("/alive", HX_Request="true")
        assert ended.status == 401
        assert ended.headers["hx-redirect"] == "/sign-in?ended"
        assert client.get("/").status == 303
        assert office._casebook is None


def test_signing_out_ends_the_session_for_the_cookie_too(port: int) -> None:
    client = Client(port)
    client.sign_in()
    kept = client.cookie
    client.post("/sign-out", {})
    client.cookie = kept
    assert client.get("/").status == 303


def test_a_form_without_the_token_does_nothing(client: Client, village: Village) -> None:
    deliver(village, crime())
    path = client.cases()[0]
    version = client.version(path)
    fields = {"state": "closed", "version": version, "sure": "1"}
    assert client.post(f"{path}/step", fields).status == 403
    assert client.post(f"{path}/step", fields | {"csrf": "x" * 32}).status == 403
    other = Client(client.port)
    other.sign_in(CHIEF)
    assert client.post(f"{path}/step", fields | {"csrf": other.token()}).status == 403
    assert client.version(path) == version


def test_a_form_from_another_site_is_refused(client: Client) -> None:
    fields = {"csrf": client.token(), "days": ""}
    assert client.post("/export", fields, Sec_Fetch_Site="cross-site").status == 403
    assert client.post("/export", fields, Sec_Fetch_Site="same-origin").status == 200
    assert client.post("/sign-in", {"name": READER}, Sec_Fetch_Site="same-site").status == 403


def test_the_desk_answers_to_its_own_name_only(client: Client) -> None:
    assert client.get("/", Host="desk.attacker.example").status == 400


@pytest.mark.parametrize(
    "path",
    [
        "/static/../station.toml",
        "/static/..%2f..%2fstation.toml",
        "/static/%2e%2e/desk.css",
        "/static//etc/passwd",
        "/report/..%2f..%2flog",
        "/report/zz",
        "/report/" + "0" * 32,
        "/report/" + "0" * 32 + "/photo",
    ],
)
def test_paths_lead_nowhere_else(client: Client, path: str) -> None:
    assert client.get(path).status in (404, 400)


def test_every_answer_forbids_what_it_need_not_allow(client: Client) -> None:
    for path in ("/", "/sign-in", "/nowhere", "/static/desk.css"):
        headers = client.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert "server" not in headers
    assert client.get("/").headers["cache-control"] == "no-store"


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(port: int) -> None:
    cookie = Client(port).sign_in().headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie


def test_a_body_without_end_is_refused(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(
            b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 999999999\r\n\r\n"
        )
        assert b" 413 " in line.recv(200)
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(
            b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        assert b" 411 " in line.recv(200)


def test_a_reader_finds_no_page_of_the_chief(client: Client) -> None:
    assert client.get("/log").status == client.get("/unit").status == 403
    assert "/log" not in client.get("/").text


def station(village: Village, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "uplink.station.commands.main", *arguments[:2]]
    told = ["--config", str(village.station / "station.toml"), *arguments[2:]]
    return subprocess.run(command + told, cwd=ROOT, capture_output=True, text=True, check=False)


def test_officers_come_forget_and_go(village: Village, port: int) -> None:
    own = village.folder / "own"
    own.write_text("mật khẩu mới của tôi\n")
    files = (
        "--passphrase-file",
        str(village.station / "passphrase"),
        "--officer-passphrase-file",
        str(own),
    )
    added = station(village, "officer", "add", "Cán bộ mới", "--role", "reader", *files)
    assert added.stdout == "3 Cán bộ mới reader\n"
    assert Client(port).sign_in("Cán bộ mới", "mật khẩu mới của tôi").status == 303
    own.write_text("mật khẩu khác hẳn\n")
    station(village, "officer", "add", "Cán bộ mới", "--role", "chief", *files)
    assert Client(port).sign_in("Cán bộ mới", "mật khẩu mới của tôi").status == 401
    assert Client(port).sign_in("Cán bộ mới", "mật khẩu khác hẳn").status == 303
    assert "3 Cán bộ mới chief\n" in station(village, "officer", "list").stdout
    assert station(village, "officer", "remove", "Cán bộ mới").returncode == 0
    assert Client(port).sign_in("Cán bộ mới", "mật khẩu khác hẳn").status == 401
    assert station(village, "officer", "remove", "Không Có").returncode == 2


def test_only_the_stations_own_passphrase_makes_officers(village: Village) -> None:
    wrong = village.folder / "wrong"
    wrong.write_text("không phải mật khẩu\n")
    files = ("--passphrase-file", str(wrong), "--officer-passphrase-file", str(wrong))
    refused = station(village, "officer", "add", "Kẻ Lạ", "--role", "chief", *files)
    assert refused.returncode == 2
    assert "passphrase is wrong" in refused.stderr
    assert PASSPHRASE not in refused.stderr
    assert "Kẻ Lạ" not in station(village, "officer", "list").stdout


def test_other_machines_need_tls(village: Village) -> None:
    command = [
        sys.executable,
        "-m",
        "uplink.station.commands.main",
        "desk",
        "--listen",
        "0.0.0.0:8787",
    ]
    told = ["--config", str(village.station / "station.toml")]
    refused = subprocess.run(command + told, cwd=ROOT, capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert "TLS" in refused.stderr

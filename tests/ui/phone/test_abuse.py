"""Phones that mean harm: refused or cut off, within bounded memory, while others are served."""

import contextlib
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from kiosk.device.outbox import Outbox
from kiosk.protocol.cells import BODY, Kind, cut
from kiosk.protocol.report import new_report_id
from tests.ui.phone.place import (
    FILES,
    Hotspot,
    Phone,
    build_page,
    part,
    provision_hotspot,
    serving,
)
from tests.ui.touch.place import ROW_KEY
from tests.waiting import DEADLINE, wait_until

"""Far above every deadline of the server: a test waits for the end, it never times it."""
MEMORY = 48 * 1024 * 1024
LARGE = "clips/large.opus"
HOST = b"Host: 10.42.0.1\r\n"
POST = b"POST /r HTTP/1.1\r\n" + HOST + b"Content-Type: application/octet-stream\r\n"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Hotspot, psutil.Process]]:
    folder = tmp_path_factory.mktemp("abuse")
    page = build_page(folder / "page", FILES | {LARGE: ("audio/ogg", bytes(16 * 1024 * 1024))})
    place = provision_hotspot(folder / "kiosk", page=page, reports=1000)
    with serving(place) as process:
        Phone(place).site()
        yield place, psutil.Process(process.pid)


@pytest.fixture
def place(served: tuple[Hotspot, psutil.Process]) -> Iterator[Hotspot]:
    """The server, which serves others during the attack and has not grown after it."""
    place, process = served
    before = process.memory_info().rss
    yield place
    assert Phone(place, "127.0.0.99").get("/")[0] == 200
    assert process.memory_info().rss - before < MEMORY


def attack(place: Hotspot, send: Callable[[socket.socket], None], source: str = "127.0.0.1") -> int:
    """The status of what the server says to an attacker; 0 when it just hangs up."""
    with socket.create_connection((place.address, place.port), DEADLINE, (source, 0)) as wire:
        with contextlib.suppress(ConnectionError):
            send(wire)
        heard = b""
        with contextlib.suppress(ConnectionError):
            while more := wire.recv(65536):
                heard += more
    return int(heard.split()[1]) if heard.startswith(b"HTTP/1.1 ") else 0


def drip(head: bytes, drop: bytes) -> Callable[[socket.socket], None]:
    def send(wire: socket.socket) -> None:
        wire.sendall(head)
        while True:
            wire.sendall(drop)
            time.sleep(0.5)

    return send


def ask_and_not_read(wire: socket.socket) -> None:
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    wire.sendall(
        f"GET /{LARGE} HTTP/1.1\r\nHost: 127.0.0.1:{wire.getpeername()[1]}\r\n\r\n".encode()
    )
    while not wire.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
        time.sleep(0.5)
        wire.send(b"x")


def test_those_who_take_their_time_are_cut_off(place: Hotspot) -> None:
    slow = [
        drip(b"GET / HTTP/1.1\r\n" + HOST, b"X: y\r\n"),
        drip(POST + b"Content-Length: 4064\r\n\r\n", b"x"),
        ask_and_not_read,
    ]
    with ThreadPoolExecutor(len(slow)) as pool:
        endings = [pool.submit(attack, place, send) for send in slow]
        while not all(ending.done() for ending in endings):
            assert Phone(place, "127.0.0.50").get("/")[0] == 200
            time.sleep(0.5)
    assert [ending.result() for ending in endings] == [0, 0, 200]


@pytest.mark.parametrize("path", [b"/r", b"/"])
def test_a_gigabyte_is_refused_by_its_length_and_not_read(place: Hotspot, path: bytes) -> None:
    def flood(wire: socket.socket) -> None:
        head = POST.replace(b"/r", path) + b"Content-Length: 1073741824\r\n\r\n"
        wire.sendall(head)
        for _ in range(1024):
            wire.sendall(bytes(1024 * 1024))

    assert attack(place, flood) in (0, 405, 413)


def test_endless_chunks_are_refused(place: Hotspot) -> None:
    def flood(wire: socket.socket) -> None:
        wire.sendall(POST + b"Transfer-Encoding: chunked\r\n\r\n")
        for _ in range(1024):
            wire.sendall(b"100000\r\n" + bytes(0x100000) + b"\r\n")

    assert attack(place, flood) in (0, 411)


def raw(*parts: bytes) -> Callable[[socket.socket], None]:
    return lambda wire: wire.sendall(b"".join(parts))


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 10_000 + b"\r\n", (400, 431)),
        (b"GET / HTTP/1.1\r\n" + HOST + b"X: " + b"y" * 100_000 + b"\r\n\r\n", (400, 431)),
        (b"GET /" + b"y" * 100_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", (400, 431)),
        (POST + b"Content-Length: 4064\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", (411,)),
        (POST + b"Content-Length: 4064\r\nContent-Length: 5\r\n\r\n", (400,)),
        (POST + b"Content-Length: -1\r\n\r\n", (400,)),
        (POST + b"Content-Length: 99999999999999999999\r\n\r\n", (400, 413)),
        (POST + b"Content-Encoding: gzip\r\nContent-Length: 4064\r\n\r\n", (415,)),
        (POST.replace(b"application/octet-stream", b"multipart/form-data; boundary=x")
         + b"Content-Length: 4064\r\n\r\n", (415,)),
        (b"GET /../../etc/passwd HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n", (302, 404)),
        (b"GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n",
         (302, 404)),
        (b"GET /\xff\x00 HTTP/1.1\r\n\r\n", (400,)),
        (b"GET /\r\n", (0, 400)),
        (b"GET / HTTP/0.9\r\n\r\n", (505,)),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + os.urandom(200), (0, 400)),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", (400, 505)),
        (b"\x00" * 20_000, (0, 400)),
    ],
)  # fmt: skip
def test_what_is_no_proper_request_is_refused(
    place: Hotspot, request_: bytes, status: tuple[int, ...]
) -> None:
    assert attack(place, raw(request_)) in status


def test_no_path_leads_out_of_the_page(place: Hotspot) -> None:
    for path in ("/../kiosk.toml", "/..%2f..%2fphone.toml", "//etc/passwd", "/row.key", "/%00"):
        status, _, body = Phone(place).get(path)
        assert (status, body) == (404, b"404")


@contextlib.contextmanager
def many_connections(place: Hotspot, sources: list[str]) -> Iterator[None]:
    with contextlib.ExitStack() as stack:
        for source in sources:
            address = (place.address, place.port)
            stack.enter_context(socket.create_connection(address, DEADLINE, (source, 0)))
        yield


def held(process: psutil.Process, source: str = "") -> int:
    """How many connections the server holds, all or those of one phone."""
    return sum(
        connection.status == psutil.CONN_ESTABLISHED and connection.raddr.ip.startswith(source)
        for connection in process.net_connections("tcp")
    )


def test_one_phone_cannot_take_all_connections(served: tuple[Hotspot, psutil.Process]) -> None:
    place, process = served
    with many_connections(place, ["127.0.0.2"] * 300):
        assert Phone(place, "127.0.0.3").get("/")[0] == 200
        wait_until(lambda: 0 < held(process, "127.0.0.2") <= 8)


def test_many_phones_cannot_take_more_than_the_server_gives(
    served: tuple[Hotspot, psutil.Process],
) -> None:
    place, process = served
    with many_connections(place, [f"127.0.1.{index % 60}" for index in range(300)]):
        wait_until(lambda: 0 < held(process) <= 64)
    wait_until(lambda: not held(process))
    assert Phone(place).get("/")[0] == 200


def test_nothing_that_a_phone_sends_is_written_anywhere(tmp_path: Path) -> None:
    """The opened content is not there to be written; address, agent and host are not either."""
    place = provision_hotspot(tmp_path / "kiosk", "127.0.0.77")
    body = part()
    canary = "canary-" + os.urandom(8).hex()
    with serving(place) as process:
        phone = Phone(place, "127.0.0.78")
        phone.get(f"/{canary}", User_Agent=canary, Host=canary, Cookie=canary)
        assert phone.post(body, User_Agent=canary)[0] == 200
        attack(place, raw(b"GET / HTTP/1.1\r\nX " + canary.encode() + b"\r\n\r\n"), "127.0.0.78")
        opened = [Path(file.path) for file in psutil.Process(process.pid).open_files()]
        assert {path.name for path in opened} <= {"phone.db", "phone.db-wal", "phone.db-shm",
                                                  "phone.log"}  # fmt: skip
    for path in tmp_path.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            for trace in (canary.encode(), b"127.0.0.78", body[2:18], body[18:118]):
                assert trace not in content, path
    assert (place.folder / "phone.log").read_bytes() == b""


def test_both_doors_put_and_the_courier_takes_at_once(place: Hotspot) -> None:
    """The touch app's outbox and the courier's view of both go on while phones fill theirs."""
    bodies = [part() for _ in range(40)]
    answers: list[int] = []

    def phones(mine: list[bytes], source: str) -> None:
        answers.extend(Phone(place, source).post(body)[0] for body in mine)

    senders = [
        threading.Thread(target=phones, args=(bodies[n::4], f"127.0.2.{n}")) for n in range(4)
    ]
    touch = Outbox(place.folder / "touch.db", ROW_KEY)
    courier = [Outbox(place.folder / name, ROW_KEY) for name in ("touch.db", "phone.db")]
    for sender in senders:
        sender.start()
    kept = 0
    while kept < 5 or any(sender.is_alive() for sender in senders):
        if kept < 5:
            touch.put(cut(Kind.ICON, False, new_report_id(), os.urandom(BODY)))
            kept += 1
        for outbox in courier:
            outbox.refresh_one_free()
            outbox.settle()
    for sender in senders:
        sender.join(DEADLINE)
    assert answers == [200] * 40
    ids = {header.report_id for _, header in courier[1].waiting()}
    assert {body[2:18] for body in bodies} <= ids
    assert len(courier[0].waiting()) == 5
    for outbox in (touch, *courier):
        assert outbox.counts().damaged == 0
        outbox.close()

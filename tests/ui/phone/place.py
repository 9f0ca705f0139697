"""A kiosk with a hotspot in a temporary folder, its real server, and phones that speak to it."""

import hashlib
import http.client
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kiosk.common import schema
from kiosk.device.outbox import PHONE_ROWS, Outbox
from kiosk.protocol.report import new_report_id
from kiosk.settings.phone import Files, Limits, Listen, Network, PhoneFile
from tests.ports import free_port
from tests.ui.touch.place import ROOT, ROW_KEY, provision
from tests.waiting import DEADLINE, wait_until

PHONE_CODE_KEY = bytes(range(64, 96))
PHRASE = ("bridge", "clinic", "motorbike")
CSP = "default-src 'none'; img-src 'self'"
FILES = {
    "index.html": ("text/html; charset=utf-8", b"<!doctype html><title>Trang</title>" * 40),
    "lite.html": ("text/html; charset=utf-8", b"<!doctype html><p>Xin dung man hinh"),
    "tiles/bridge.png": ("image/png", bytes(range(256)) * 20),
    "clips/vi/ui.home.opus": ("audio/ogg", bytes(range(256)) * 4),
}


@dataclass(frozen=True)
class Hotspot:
    """A provisioned kiosk and where its server listens."""

    folder: Path
    address: str
    port: int

    @property
    def config(self) -> Path:
        return self.folder / "phone.toml"

    @property
    def outbox(self) -> Path:
        return self.folder / "phone.db"

    def rows(self) -> Outbox:
        return Outbox(self.outbox, ROW_KEY)


def build_page(folder: Path, files: dict[str, tuple[str, bytes]] = FILES) -> Path:
    """What `python -m ui.phone.page.build` would write, in small."""
    entries = {}
    for name, (type_, body) in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(body)
        entries[name] = {"type": type_, "sha256": hashlib.sha256(body).hexdigest()}
    (folder / "manifest.json").write_text(json.dumps({"csp": CSP, "files": entries}))
    return folder


def provision_hotspot(
    folder: Path,
    address: str = "127.0.0.1",
    page: Path | None = None,
    reports: int = 3,
    rows: int = PHONE_ROWS,
) -> Hotspot:
    """A kiosk with everything homthu-phone needs; the page is a small stand-in unless given."""
    provision(folder)
    place = Hotspot(folder, address, free_port())
    Outbox.create(place.outbox, ROW_KEY, rows)
    (folder / "phone-code.key").write_bytes(PHONE_CODE_KEY)
    built = page or build_page(folder / "page")
    settings = PhoneFile(
        hotspot=Network("HomThu-NaCoSa3", PHRASE),
        listen=Listen(address, place.port, f"http://{address}:{place.port}/"),
        files=Files(
            page=built, wifi_keys=Path("run/hotspot.psk"), hotspot=Path("run/hotspot.toml")
        ),
        limits=Limits(reports),
    )
    place.config.write_text(schema.dump(settings), "utf-8")
    return place


@contextmanager
def serving(place: Hotspot, log: Path | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """The real server, ended by SIGTERM."""
    path = log or place.folder / "phone.log"
    with path.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "ui.phone.server.main", "--config", str(place.config)],
            cwd=ROOT, env=os.environ, stdout=output, stderr=output,
        )  # fmt: skip
    try:
        wait_until(lambda: _listens(place) or process.poll() is not None)
        assert process.poll() is None, path.read_text()
        yield process
    finally:
        process.terminate()
        process.wait(DEADLINE)


def _listens(place: Hotspot) -> bool:
    try:
        socket.create_connection((place.address, place.port), 1).close()
    except OSError:
        return False
    return True


class Phone:
    """One phone; `source` is its address."""

    def __init__(self, place: Hotspot, source: str = "127.0.0.1") -> None:
        self._place = place
        self._source = source

    def ask(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        """Status, headers with lower-case names, and body of one answer."""
        connection = http.client.HTTPConnection(
            self._place.address, self._place.port, DEADLINE, (self._source, 0)
        )
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, named)
            answer = connection.getresponse()
            told = {name.lower(): value for name, value in answer.getheaders()}
            return answer.status, told, answer.read()
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        return self.ask("GET", path, None, **headers)

    def post(self, body: bytes, **headers: str) -> tuple[int, dict[str, Any]]:
        headers = {"Content_Type": "application/octet-stream", **headers}
        status, _, told = self.ask("POST", "/r", body, **headers)
        return status, json.loads(told) if told else {}

    def site(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.get("/site.json")[2])
        return told

    def board(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.get("/board.json")[2])
        return told


def part(kind: int = 1, report_id: bytes = b"", urgent: bool = False, cells: int = 1) -> bytes:
    """The body of a POST, with random bytes where the seal would be."""
    head = bytes([kind, urgent]) + (report_id or new_report_id())
    return head + os.urandom(4046 * cells)

"""A station with officers, reports that have come, and its desk served on loopback."""

import http.client
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Thread
from typing import NamedTuple
from urllib.parse import quote, urlencode

import uvicorn

from kiosk.protocol.cells import Kind, cut
from kiosk.protocol.report import ATTACHMENT_PLAINTEXTS, Report, pad
from kiosk.protocol.sealing import StationPublicKey, seal
from kiosk.settings.station import load_station
from tests.ports import free_port
from tests.remembered import REMEMBERED
from tests.toml_files import edit
from tests.uplink.village import PASSPHRASE, ROOT, Village, icon_chunks, make_report
from tests.waiting import DEADLINE, wait_until
from uplink.station.commands.desk import QUIETLY
from uplink.station.database.engine import open_engine
from uplink.station.desk.app import create_app
from uplink.station.desk.auth.officers import Officers, Role
from uplink.station.desk.web.app_state import AppState
from uplink.station.receive.store import Arrival, Store

READER, CHIEF = "Cán bộ trực", "Đồn trưởng"
SECRET = "hoa ban trắng"
HALLS = ("Nậm Pồ", "Na Cô Sa", "Si Pa Phìn")
CLUSTER = "Cụm phía tây"


def make_station(folder: Path) -> Village:
    """A station that has kiosks in a cluster, a reader and a chief, and nothing in its inbox."""
    village = Village(folder)
    for hall in HALLS:
        village.add_kiosk(hall, rows=64).close()
    west = [village.kiosks[hall] for hall in HALLS[:2]]
    edit(
        village.station / "station.toml",
        {"assets": str(ROOT / "build"), "clusters": {CLUSTER: west}},
    )
    engine = open_engine(load_station(village.station / "station.toml").database_url)
    officers = Officers(engine, REMEMBERED)
    for name, role in ((READER, Role.READER), (CHIEF, Role.CHIEF)):
        officers.add(name, role, SECRET, village.station, PASSPHRASE)
    engine.dispose()
    return village


def deliver(
    village: Village,
    *reports: Report,
    hall: str = HALLS[0],
    hour: int | None = None,
    key: StationPublicKey | None = None,
) -> None:
    """Let reports come as the receiver would store them, sealed to `key` or the station's own."""
    hour = int(time.time()) // 3600 if hour is None else hour
    kiosk = village.kiosks[hall]
    arrivals = [
        Arrival(kiosk, chunk)
        for report in reports
        for chunk in icon_chunks(report, key or village.report_key.public)
    ]
    url = load_station(village.station / "station.toml").database_url
    with closing(Store(url)) as store:
        store.store_batch(arrivals, [], [kiosk], hour)


def attach(village: Village, report: Report, kind: Kind, data: bytes, missing: int = 0) -> None:
    """Let an attachment of a report from the first hall come, but for its last `missing` cells."""
    size = next(size for size in ATTACHMENT_PLAINTEXTS if len(data) < size)
    sealed = seal(kind, pad(data, size), village.report_key.public)
    kiosk = village.kiosks[HALLS[0]]
    chunks = cut(kind, report.urgent, report.report_id, sealed)
    arrivals = [Arrival(kiosk, chunk) for chunk in chunks[: len(chunks) - missing]]
    url = load_station(village.station / "station.toml").database_url
    with closing(Store(url)) as store:
        store.store_batch(arrivals, [], [kiosk], int(time.time()) // 3600)


def crime(**changes: object) -> Report:
    """A report as the touch app makes one."""
    answers: dict[str, object] = {
        "box": "crime",
        "what": ("drugs", "drug_sell", "motorbike"),
        "where": "mountain_path",
        "when": "yesterday",
        "how_many": "two",
    }
    return make_report(**(answers | changes))


class Reply(NamedTuple):
    """What the desk answered."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


class Client:
    """A browser without a screen: keeps its cookie, follows nothing."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookie = ""

    def get(self, path: str, **headers: str) -> Reply:
        return self._ask("GET", path, None, headers)

    def post(self, path: str, fields: dict[str, str], **headers: str) -> Reply:
        body = urlencode(fields).encode()
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, body, kind | headers)

    def sign_in(self, name: str = READER, secret: str = SECRET) -> Reply:
        return self.post("/sign-in", {"name": name, "passphrase": secret})

    def cases(self, path: str = "/") -> list[str]:
        """The addresses of the listed cases, in their order."""
        found = re.findall(r'href="(/report/[0-9a-f]{32})"', self.get(path).text)
        return list(dict.fromkeys(found))

    def version(self, path: str) -> str:
        found = re.search(r'name="version" value="(\d+)"', self.get(path).text)
        assert found
        return found[1]

    def token(self) -> str:
        found = re.search(r'"X-CSRF": "([^"]+)"', self.get("/").text)
        assert found
        return found[1]

    def act(self, path: str, **fields: str) -> Reply:
        return self.post(path, fields | {"csrf": self.token()})

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Reply:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=DEADLINE)
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        cookie = {"Cookie": self.cookie} if self.cookie else {}
        connection.request(method, quote(path, safe="/?&=%"), body, cookie | named)
        answer = connection.getresponse()
        reply = Reply(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        connection.close()
        if "set-cookie" in reply.headers:
            self.cookie = reply.headers["set-cookie"].split(";")[0]
        return reply


@contextmanager
def desk_served(village: Village) -> Iterator[int]:
    """The real command on a free port, which is given."""
    port = free_port()
    command = [sys.executable, "-m", "uplink.station.commands.main", "desk"]
    told = ["--config", str(village.station / "station.toml"), "--listen", f"127.0.0.1:{port}"]
    process = subprocess.Popen([*command, *told], cwd=ROOT)
    try:
        wait_until(lambda: _answers(port))
        yield port
    finally:
        process.terminate()
        process.wait(DEADLINE)


@contextmanager
def office_served(
    village: Village, now: Callable[[], float] = time.time
) -> Iterator[tuple[AppState, int]]:
    """The same application within this process, by a clock of the test's own."""
    port = free_port()
    with closing(
        AppState(load_station(village.station / "station.toml"), now, REMEMBERED)
    ) as office:
        app = create_app(office, ("127.0.0.1",))
        server = uvicorn.Server(uvicorn.Config(app, port=port, **QUIETLY))
        thread = Thread(target=server.run)
        thread.start()
        wait_until(lambda: server.started)
        try:
            yield office, port
        finally:
            server.should_exit = True
            thread.join(DEADLINE)


def _answers(port: int) -> bool:
    try:
        return Client(port).get("/sign-in").status == 200
    except OSError:
        return False

"""A whole village on this machine: authority, station, broker, kiosk, courier and touch app.

Everything is made again, runs on the loopback address and is thrown away at the end.
"""

import contextlib
import getpass
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kiosk.common import files
from kiosk.device.outbox import Outbox
from provisioning import authority, kiosk, station, station_bundle
from provisioning.hall import Hall
from provisioning.hotspot import Hotspot, draw_phrase
from provisioning.processes import answers, free_port, python, running, wait_until

STATION = "Đồn biên phòng thử"
PASSPHRASE = "chỉ để thử"
SLOT_S = 2.0
START_S = 60.0
ARRIVAL_S = 90.0
POLL_S = 1.0
MANY_REPORTS = 1000
PANEL_MM = {800: 154.0, 1024: 222.0, 1280: 217.0}

VISITS = {
    "hmn": (
        "border",
        "people_led",
        "armed_yes",
        "forest",
        "last_night",
        "few",
        "nothing_more",
        "danger_yes",
    ),
    "vi": (
        "crime",
        "drugs",
        "drug_sell",
        "mountain_path",
        "yesterday",
        "two",
        "motorbike",
        "danger_no",
    ),
}

Tell = Callable[[dict[str, object]], None]


@dataclass(frozen=True)
class Plan:
    """What to run: the screen's size, where built pictures are, and whether to visit by itself.

    `phone` is where the page for phones is served, None for no page.
    """

    size: tuple[int, int]
    assets: Path
    keep: bool
    touch: bool
    pictures: Path | None
    phone: tuple[str, int] | None = None


@dataclass(frozen=True)
class Village:
    """The folders of a provisioned village; the broker listens on loopback `port`."""

    folder: Path
    port: int

    @property
    def station(self) -> Path:
        """The station's folder."""
        return self.folder / "station"

    @property
    def kiosk(self) -> Path:
        """The folder that would be on the kiosk's card."""
        return self.folder / "kiosk"

    @property
    def broker_config(self) -> Path:
        """Mosquitto's configuration."""
        return self.station / "broker" / "mosquitto.conf"

    @property
    def passphrase(self) -> Path:
        """The file with the passphrase of the demo's station."""
        return self.folder / "passphrase"


def run(plan: Plan, folder: Path | None, tell: Tell) -> bool:
    """Run a village; `tell` gets each event. True when every visit's report came to its end."""
    with contextlib.ExitStack() as stack:
        if folder is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="homthu-")))
        village = provision(folder, plan)
        inbox = PrintedReports(village, tell)
        stack.enter_context(started(village))
        if plan.phone:
            stack.enter_context(page_served(village, plan.phone))
        app = None
        if plan.touch:
            config = str(village.kiosk / "kiosk.toml")
            app = stack.enter_context(running(python("ui.touch.main", "--config", config)))
        tell({"ready": {"folder": str(folder), "broker": f"127.0.0.1:{village.port}"}})
        if plan.phone:
            tell({"phone": "http://{}:{}/".format(*plan.phone)})
        if plan.pictures:
            _visit(village, plan.pictures)
            done = arrived(village, inbox, len(VISITS))
            if not (done and plan.keep):
                return done
        _watch(inbox, app)
        return True


def provision(folder: Path, plan: Plan) -> Village:
    """Make the authority, the station and the kiosk, all with throw-away keys."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    village = Village(folder, free_port())
    files.write(village.passphrase, PASSPHRASE, files.PRIVATE)
    root = authority.create(folder / "authority", "Nơi cấp phép thử", PASSPHRASE)
    subprocess.run(
        python(
            "uplink.station.commands.main",
            "init",
            "--folder",
            village.station,
            "--name",
            STATION,
            "--authority",
            folder / "authority" / authority.PUBLIC,
            "--passphrase-file",
            village.passphrase,
        ),
        check=True,
        stdout=subprocess.DEVNULL,
    )
    address = f"127.0.0.1:{village.port}"
    place = station.StationPlace(
        "0215 3 000 113", (address,), address, broker_home=str(village.broker_config.parent)
    )
    bundle = folder / "bundle"
    station.admit(root, village.station / "request.json", place, bundle)
    shutil.copytree(bundle, village.station, dirs_exist_ok=True)
    _let_me_run(village.broker_config)
    grown = kiosk.add(root, STATION, _hall(plan, folder), village.kiosk)
    station_bundle.write_kiosk_list(village.station, grown)
    return village


def _let_me_run(broker_config: Path) -> None:
    """Mosquitto started by root would change to a user who cannot read the folder."""
    with broker_config.open("a", encoding="utf-8") as settings:
        settings.write(f"user {getpass.getuser()}\n")


def _hall(plan: Plan, folder: Path) -> Hall:
    return Hall(
        name="Nhà văn hóa bản Na Cô Sa 3",
        size=plan.size,
        width_mm=PANEL_MM.get(plan.size[0], 154.0),
        fullscreen=False,
        slot_s=SLOT_S,
        report_every_s=0.0,
        hotspot=_hotspot(plan, folder) if plan.phone else None,
        assets=str(plan.assets),
        espeak=str(plan.assets / "espeak"),
    )


def _hotspot(plan: Plan, folder: Path) -> Hotspot:
    assert plan.phone is not None
    address, port = plan.phone
    return Hotspot(
        ssid="HomThu-NaCoSa3",
        phrase=draw_phrase(),
        listen=plan.phone,
        url=f"http://{address}:{port}/",
        page=str(plan.assets / "phone"),
        run=str(folder / "run"),
        reports_in_10_min=MANY_REPORTS,
    )


@contextlib.contextmanager
def started(village: Village) -> Iterator[None]:
    """The broker, the station and the courier, while the context lasts."""
    with contextlib.ExitStack() as stack:
        broker = stack.enter_context(running([_mosquitto(), "-c", str(village.broker_config)]))
        wait_until(
            lambda: answers("127.0.0.1", village.port), START_S, "the broker did not start", broker
        )
        stack.enter_context(
            running(
                python(
                    "uplink.station.commands.main",
                    "serve",
                    "--config",
                    village.station / "station.toml",
                )
            )
        )
        stack.enter_context(
            running(python("uplink.courier.main", "--config", village.kiosk / "courier.toml"))
        )
        yield


@contextlib.contextmanager
def page_served(village: Village, listen: tuple[str, int]) -> Iterator[None]:
    """The page for phones, while the context lasts."""
    config = village.kiosk / "phone.toml"
    subprocess.run(python("ui.phone.server.main", "rotate", "--config", config), check=True)
    with running(python("ui.phone.server.main", "--config", config)) as server:
        wait_until(lambda: answers(*listen), START_S, "the page is not served", server)
        yield


class PrintedReports:
    """Tells of each report once, as the station reads it."""

    def __init__(self, village: Village, tell: Tell) -> None:
        self._village = village
        self._tell = tell
        self._told: Counter[str] = Counter()

    def poll(self) -> int:
        """Tell of what is new; the number of reports so far."""
        listing = subprocess.run(
            python(
                "uplink.station.commands.main",
                "inbox",
                "--json",
                "--config",
                self._village.station / "station.toml",
                "--passphrase-file",
                self._village.passphrase,
            ),
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        here = Counter(listing.splitlines())
        for line in (here - self._told).elements():
            report = json.loads(line)
            report.pop("arrived", None)
            self._tell({"received": report})
        self._told = here
        return here.total()


def _visit(village: Village, pictures: Path) -> None:
    for language, choices in VISITS.items():
        subprocess.run(
            python(
                "ui.touch.visit_driver",
                "--config",
                village.kiosk / "kiosk.toml",
                "--language",
                language,
                "--out",
                pictures / language,
                "--choices",
                ",".join(choices),
            ),
            check=True,
            stdout=subprocess.DEVNULL,
        )


def arrived(village: Village, inbox: PrintedReports, reports: int) -> bool:
    """Wait until so many reports are read at the station and the outbox has nothing to send."""
    outbox = Outbox(
        village.kiosk / kiosk.TOUCH_OUTBOX, (village.kiosk / kiosk.ROW_KEY).read_bytes()
    )
    deadline = time.monotonic() + ARRIVAL_S
    arrived = inbox.poll()
    while time.monotonic() < deadline and (arrived < reports or outbox.waiting()):
        time.sleep(POLL_S)
        arrived = inbox.poll()
    waiting = len(outbox.waiting())
    outbox.close()
    return arrived == reports and not waiting


def _watch(inbox: PrintedReports, app: subprocess.Popen[bytes] | None) -> None:
    while app is None or app.poll() is None:
        inbox.poll()
        time.sleep(POLL_S)


def _mosquitto() -> str:
    for folder in (*os.get_exec_path(), "/usr/sbin"):
        if (Path(folder) / "mosquitto").exists():
            return str(Path(folder) / "mosquitto")
    return "mosquitto"

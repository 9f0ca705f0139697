"""A whole village on loopback: authority, Mosquitto, station and kiosks, all of them real."""

import base64
import datetime
import ipaddress
import json
import os
import secrets
import shutil
import signal
import socket
import ssl
import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypedDict

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from kiosk.common import files, schema
from kiosk.device.outbox import Outbox
from kiosk.protocol import report as reports
from kiosk.protocol.cells import Chunk, Kind, LinkKeys, cut
from kiosk.protocol.report import ICON_PLAINTEXT, Report, new_report_id
from kiosk.protocol.sealing import StationPrivateKey, StationPublicKey, seal, sign_manifest
from kiosk.settings.access import Access
from kiosk.settings.kiosk_list import Kiosk, KioskList, load_kiosks
from tests.ports import free_port
from tests.toml_files import edit
from tests.uplink.settings_files import courier_settings, station_settings
from tests.waiting import DEADLINE, wait_until
from uplink.link.standing_connection import Broker, Incoming
from uplink.station.keys import AuthorityPublic, init_station, unlock

MOSQUITTO = "/usr/sbin/mosquitto"
SERVER_NAME = "broker.test"
PASSPHRASE = "rừng già và suối trong"
ROOT = Path(__file__).parents[2]


class InboxItem(TypedDict, total=False):
    """One line of `homthu-station inbox --json`: a report, or the problem of one."""

    id: str
    box: str
    what: list[str]
    where: str | None
    when: str | None
    how_many: str | None
    urgent: bool
    language: str
    channel: str
    text: str
    answerable: bool
    arrived: str
    report: str
    voice: str
    problem: str


def make_report(**changes: object) -> Report:
    answers: dict[str, object] = {
        "report_id": new_report_id(),
        "box": "fraud",
        "what": ("fraud:call",),
        "where": None,
        "when": None,
        "how_many": None,
        "urgent": False,
        "language": "hmn",
        "channel": "touch",
        "day": "2026-11-22",
    }
    return Report(**(answers | changes))  # type: ignore[arg-type]


def icon_chunks(report: Report, key: StationPublicKey) -> list[Chunk]:
    padded = reports.pad(reports.encode(report), ICON_PLAINTEXT)
    return cut(Kind.ICON, report.urgent, report.report_id, seal(Kind.ICON, padded, key))


Days = tuple[int, int]
"""From when to when a certificate is valid, in days from now."""

NOW: Days = (-1, 30)


class Authority:
    """A certificate authority that lives as long as a test."""

    def __init__(self, valid: Days = NOW) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.sealing = StationPrivateKey.generate()
        self.root = Ed25519PrivateKey.generate()
        name = _name("test authority")
        self.certificate = (
            _builder(name, name, self.key.public_key(), valid)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .sign(self.key, hashes.SHA256())
        )

    @property
    def public(self) -> AuthorityPublic:
        return AuthorityPublic(
            "test authority",
            self.root.public_key().public_bytes_raw(),
            self.sealing.public,
            self.pem,
        )

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(Encoding.PEM).decode()

    def issue(self, folder: Path, name: str, valid: Days = NOW) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        alternatives = x509.SubjectAlternativeName(
            [x509.DNSName(name), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
        )
        certificate = (
            _builder(_name(name), self.certificate.subject, key.public_key(), valid)
            .add_extension(alternatives, critical=False)
            .sign(self.key, hashes.SHA256())
        )
        folder.mkdir(parents=True, exist_ok=True)
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        files.write(folder / "tls.key", pem, files.PRIVATE)
        files.write(folder / "tls.pem", certificate.public_bytes(Encoding.PEM), files.PRIVATE)
        files.write(folder / "ca.pem", self.pem.encode(), files.PRIVATE)


@cache
def _station_made_once() -> tuple[Authority, dict[str, bytes], StationPrivateKey]:
    """An authority, the files of a station it knows, and the station's report key.

    Locking and unlocking the keys takes a second of Argon2id, so all villages of a run share them.
    """
    authority = Authority()
    with TemporaryDirectory() as name:
        folder = Path(name) / "station"
        init_station(folder, "test station", PASSPHRASE, authority.public)
        made = {path.name: path.read_bytes() for path in folder.iterdir()}
        return authority, made, unlock(folder, PASSPHRASE)[0]


class Village:
    """Everything of one village under one folder; whatever it starts it also stops."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.authority, self._made, self.report_key = _station_made_once()
        self.port = free_port()
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.kiosks: dict[str, str] = {}
        self._prepare_broker()
        self._prepare_station()

    def _prepare_broker(self) -> None:
        self.authority.issue(self.folder / "broker", SERVER_NAME)
        broker = self.folder / "broker"
        (broker / "acl").write_text(
            "user station\ntopic read k/+/up\ntopic write k/+/down\n"
            "user wiretap\ntopic read k/#\n"
            "pattern write k/%u/up\npattern read k/%u/down\n"
        )
        (broker / "mosquitto.conf").write_text(
            f"listener {self.port} 127.0.0.1\n"
            f"cafile {broker}/ca.pem\ncertfile {broker}/tls.pem\nkeyfile {broker}/tls.key\n"
            f"tls_version tlsv1.3\nrequire_certificate true\nuse_identity_as_username true\n"
            f"acl_file {broker}/acl\nset_tcp_nodelay true\npersistence false\n"
            f"max_packet_size 8192\nmessage_size_limit 8192\nmax_inflight_messages 1000\n"
            f"max_queued_messages 2000\nallow_anonymous false\n"
        )
        if os.getuid() == 0:
            (broker / "mosquitto.conf").open("a").write("user root\n")

    def _prepare_station(self) -> None:
        self.station = self.folder / "station"
        self.station.mkdir()
        for name, data in self._made.items():
            files.write(self.station / name, data, files.PRIVATE)
        self.master = (self.station / "link.master").read_bytes()
        self.authority.issue(self.station, "station")
        (self.station / "passphrase").write_text(PASSPHRASE + "\n")
        (self.station / "kiosks.toml").write_text(schema.dump(KioskList()))
        (self.station / "station.toml").write_text(
            schema.dump(station_settings(self.port, SERVER_NAME))
        )

    def add_kiosk(self, name: str, slot_s: float = 0.05, rows: int = 128) -> Outbox:
        """A kiosk that the station knows, and its outbox."""
        topic_id = secrets.token_hex(16)
        folder = self.folder / name
        self.authority.issue(folder, topic_id)
        keys = LinkKeys.derive(self.master, bytes.fromhex(topic_id), 1)
        row_key = secrets.token_bytes(32)
        files.write(folder / "authority.pub", self.authority.public.root)
        files.write(folder / "manifest.cbor", self.manifest(1, self.report_key.public))
        files.write(folder / "link.key", keys.up + keys.down, files.PRIVATE)
        files.write(folder / "row.key", row_key, files.PRIVATE)
        settings = courier_settings(topic_id, self.port, SERVER_NAME, slot_s)
        (folder / "courier.toml").write_text(schema.dump(settings))
        self.kiosks[name] = topic_id
        listing = self.station / "kiosks.toml"
        kiosks = {**load_kiosks(listing), topic_id: Kiosk(name, 1)}
        listing.write_text(schema.dump(KioskList(kiosks)))
        Outbox.create(folder / "touch.db", row_key, rows)
        return Outbox(folder / "touch.db", row_key)

    def manifest(self, epoch: int, *keys: StationPublicKey) -> bytes:
        """A key manifest of the station as the authority signs it."""
        notice_key = base64.b64decode(self.request()["notice_key"])
        return sign_manifest(self.authority.root, epoch, "test station", keys, notice_key)

    def keys_of(self, name: str) -> LinkKeys:
        return LinkKeys.derive(self.master, bytes.fromhex(self.kiosks[name]), 1)

    def access(self, name: str) -> Access:
        folder = self.folder / name
        return Access(
            (("127.0.0.1", self.port),),
            SERVER_NAME,
            folder / "ca.pem",
            folder / "tls.pem",
            folder / "tls.key",
        )

    def add_broker(self, name: str) -> int:
        """Another broker with the same certificate; the port it will have."""
        port = free_port()
        settings = (self.folder / "broker" / "mosquitto.conf").read_text()
        (self.folder / name).mkdir()
        other = settings.replace(f"listener {self.port}", f"listener {port}")
        (self.folder / name / "mosquitto.conf").write_text(other)
        return port

    def start_broker(self, name: str = "broker", port: int = 0) -> None:
        config = str(self.folder / name / "mosquitto.conf")
        self._start(name, [MOSQUITTO, "-c", config])
        wait_until(lambda: self._broker_listens(port or self.port))

    def make_broker_welcome_anybody(self) -> None:
        """As an impostor would: it asks for no certificate and forbids nothing."""
        config = self.folder / "broker" / "mosquitto.conf"
        strict = ("require_certificate", "use_identity", "acl_file", "allow_anonymous", "cafile")
        lines = [line for line in config.read_text().splitlines() if not line.startswith(strict)]
        config.write_text("\n".join([*lines, "allow_anonymous true", ""]))

    def use_database(self, url: str) -> None:
        """Let the station keep everything at `url`."""
        config = self.station / "station.toml"
        config.chmod(files.PRIVATE)
        edit(config, {"database": url})

    def start_station(self, receiver: int = 1) -> None:
        """Receiver 1 is "station" among the processes, another one "station-<number>"."""
        name = "station" if receiver == 1 else f"station-{receiver}"
        self._serve(name, self.station, "--receiver", str(receiver))

    def start_old_station(self) -> None:
        """The same station on another machine, with a database of its own."""
        self.old_station = self.folder / "old-station"
        shutil.copytree(self.station, self.old_station, ignore=shutil.ignore_patterns("*.db*"))
        self._serve("old-station", self.old_station)

    def _serve(self, name: str, folder: Path, *options: str) -> None:
        command = [sys.executable, "-m", "uplink.station.commands.main", "serve", *options]
        self._start(name, [*command, "--config", str(folder / "station.toml")])

    def start_dying_station(self, moment: str) -> None:
        """Receiver 1, which kills itself in its third batch."""
        config = str(self.station / "station.toml")
        self._start(
            "station", [sys.executable, "-m", "tests.uplink.dying_receiver", moment, config]
        )

    def start_courier(self, name: str, module: str = "uplink.courier.main") -> None:
        """The courier, or another module that takes its place."""
        config = str(self.folder / name / "courier.toml")
        self._start(name, [sys.executable, "-m", module, "--config", config])

    def _broker_listens(self, port: int) -> bool:
        return _answers(port)

    def _start(self, name: str, command: list[str]) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)

    def kill(self, name: str) -> None:
        process = self.processes.pop(name)
        process.send_signal(signal.SIGKILL)
        process.wait(DEADLINE)

    def wait_for_death(self, name: str) -> int:
        return self.processes.pop(name).wait(DEADLINE)

    def terminate(self, name: str) -> int:
        process = self.processes.pop(name)
        process.terminate()
        return process.wait(DEADLINE)

    def stop(self) -> None:
        for name in list(self.processes):
            self.kill(name)

    def inbox(self, folder: Path | None = None) -> list[InboxItem]:
        """What an officer sees, by the real command."""
        command = [sys.executable, "-m", "uplink.station.commands.main", "inbox", "--json"]
        command += ["--config", str((folder or self.station) / "station.toml")]
        command += ["--passphrase-file", str(self.station / "passphrase")]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, timeout=DEADLINE)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def request(self) -> dict[str, str]:
        found: dict[str, str] = json.loads((self.station / "request.json").read_text())
        return found

    def authority_file(self) -> Path:
        path = self.folder / "authority.json"
        public = self.authority.public
        path.write_text(
            json.dumps(
                {
                    "name": public.name,
                    "root": base64.b64encode(public.root).decode(),
                    "sealing": base64.b64encode(public.sealing.raw).decode(),
                    "ca": public.ca,
                }
            )
        )
        return path


class Wiretap:
    """Sees what the broker sees of every kiosk: both directions."""

    def __init__(self, village: Village) -> None:
        self.cells: list[tuple[str, bytes]] = []
        village.authority.issue(village.folder / "wiretap", "wiretap")
        access = village.access("wiretap")
        self._broker = Broker(access, "wiretap", "k/#", self._see, keepalive_s=60, window=20)
        self._broker.start()

    def _see(self, message: Incoming) -> None:
        self.cells.append((message.topic.split("/")[2], message.payload))
        message.ack()

    def count(self) -> int:
        return len(self.cells)

    def stop(self) -> None:
        self._broker.stop()


def _answers(port: int) -> bool:
    """Whether a broker speaks TLS there; it listens before it has read its certificate."""
    anybody = ssl.create_default_context()
    anybody.check_hostname, anybody.verify_mode = False, ssl.CERT_NONE
    try:
        with socket.create_connection(("127.0.0.1", port), 1) as plain, anybody.wrap_socket(plain):
            return True
    except OSError:
        return False


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, valid: Days
) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + datetime.timedelta(days=valid[0]))
        .not_valid_after(now + datetime.timedelta(days=valid[1]))
    )

"""The hall in network namespaces: kiosk, phone and the modem's side, joined by `veth`."""

import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from provisioning.hotspot import Hotspot, system_files
from tests.toml_files import edit
from tests.ui.phone.place import build_page, provision_hotspot
from tests.ui.touch.place import ROOT
from tests.waiting import DEADLINE, wait_until

ASK = """
import http.client, socket, struct, sys, urllib.parse
verb, *given = sys.argv[1:]
if verb == "resolve":
    query = struct.pack(">6H", 7, 256, 1, 0, 0, 0)
    query += b"".join(bytes([len(p)]) + p.encode() for p in given[1].split("."))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.settimeout(5)
        asking.sendto(query + bytes([0, 0, 1, 0, 1]), (given[0], 53))
        print(socket.inet_ntoa(asking.recv(512)[-4:]))
elif verb == "fetch":
    address, name = given
    while True:
        page = http.client.HTTPConnection(address, 80, timeout=5)
        page.request("GET", "/any/path" if name != address else "/", headers={"Host": name})
        answer = page.getresponse()
        if answer.status != 302:
            break
        address = name = urllib.parse.urlsplit(answer.headers["Location"]).hostname
    print(answer.read().decode())
elif verb == "knock":
    try:
        socket.create_connection((given[0], int(given[1])), 2).close()
        print("open")
    except OSError:
        print("closed")
elif verb == "listen":
    with socket.create_server(("0.0.0.0", int(given[0]))) as server:
        while True:
            server.accept()[0].close()
"""


def ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True)


class Island:
    """Three namespaces: the kiosk, a phone on wlan0, the modem's side on wwan0."""

    def __init__(self, stack: ExitStack) -> None:
        mark = secrets.token_hex(3)
        self.kiosk, self.phone, self.modem = (f"ht-{mark}-{n}" for n in ("k", "p", "m"))
        for name in (self.kiosk, self.phone, self.modem):
            ip("netns", "add", name)
            stack.callback(ip, "netns", "del", name)
            ip("-n", name, "link", "set", "lo", "up")
        self._join(self.phone, "wlan0")
        self._join(self.modem, "wwan0")
        ip("-n", self.kiosk, "address", "add", "10.42.0.1/24", "dev", "wlan0")
        ip("-n", self.kiosk, "address", "add", "100.64.0.2/24", "dev", "wwan0")
        ip("-n", self.modem, "address", "add", "100.64.0.1/24", "dev", "eth0")
        ip("-n", self.modem, "route", "add", "10.42.0.0/24", "via", "100.64.0.2")
        self._stack = stack

    def _join(self, other: str, inside: str) -> None:
        ip("-n", self.kiosk, "link", "add", inside, "type", "veth", "peer", "eth0", "netns", other)
        ip("-n", self.kiosk, "link", "set", inside, "up")
        ip("-n", other, "link", "set", "eth0", "up")

    def run(self, where: str, *command: str | Path) -> str:
        done = subprocess.run(
            ["ip", "netns", "exec", where, *map(str, command)],
            capture_output=True, text=True, timeout=DEADLINE, check=True, cwd=ROOT,
        )  # fmt: skip
        return done.stdout.strip()

    def ask(self, where: str, *what: str) -> str:
        return self.run(where, sys.executable, "-c", ASK, *what)

    def start(self, where: str, *command: str | Path) -> None:
        process = subprocess.Popen(
            ["ip", "netns", "exec", where, *map(str, command)], cwd=ROOT, stdout=subprocess.DEVNULL
        )

        def end() -> None:
            process.terminate()
            process.wait(DEADLINE)

        self._stack.callback(end)

    def knocks(self, where: str, address: str, port: int) -> bool:
        return self.ask(where, "knock", address, str(port)) == "open"


@contextmanager
def an_island(folder: Path) -> Iterator[Island]:
    place = provision_hotspot(folder / "kiosk", "10.42.0.1", build_page(folder / "page"))
    edit(place.config, {"listen.port": 8080, "listen.url": "http://10.42.0.1/"})
    for name, content in system_files(Hotspot("HomThu", ("bridge", "car", "clinic"))).items():
        (folder / name).write_text(content)
    with ExitStack() as stack:
        island = Island(stack)
        island.run(island.kiosk, "nft", "-f", folder / "hotspot.nft")
        island.run(island.kiosk, "sysctl", "-q", "-w", "net.ipv4.ip_forward=1")
        island.start(
            island.kiosk, "/usr/sbin/dnsmasq", "--keep-in-foreground", "--user=root",
            "--log-facility=-", "-C", folder / "dnsmasq.conf",
        )  # fmt: skip
        island.start(
            island.kiosk, sys.executable, "-m", "ui.phone.server.main", "--config", place.config
        )
        for where in (island.kiosk, island.modem):
            island.start(where, sys.executable, "-c", ASK, "listen", "8883")
        wait_until(lambda: island.knocks(island.kiosk, "10.42.0.1", 8080))
        wait_until(lambda: island.knocks(island.modem, "100.64.0.2", 8883))
        yield island


def lease(island: Island) -> None:
    """Ask dnsmasq for an address as a phone does, with its default route and name server."""
    ip("-n", island.phone, "link", "set", "eth0", "address", "02:00:00:00:00:07")
    got = island.run(island.phone, sys.executable, ROOT / "tests/ui/phone/dhcp_client.py", "eth0")
    address, router, server = got.split()
    assert router == server == "10.42.0.1"
    ip("-n", island.phone, "address", "add", f"{address}/24", "dev", "eth0")
    ip("-n", island.phone, "route", "add", "default", "via", router)

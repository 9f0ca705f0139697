"""What the link costs in bytes: IP, TCP and TLS, both ways, counted by a proxy on loopback."""

import http.client
import ssl
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import urlencode

from tests.bench.bench_uplink import Row
from tests.uplink.counting_proxy import CountingProxy
from tests.uplink.village import SERVER_NAME, Authority, Village
from tests.uplink.wire_cost import Costs, measure
from tests.waiting import wait_until
from uplink.link.data_cost import DAYS, HOUR_S, KEEPALIVE_S

SLOTS_S = {60: "about 390", 300: "about 80", 600: "about 40", 1800: ""}
FORM_BYTES = 8192
POST_BYTES = 1024


def rows() -> list[Row]:
    """Megabytes a month either way of connecting, and a report beside a web form."""
    with tempfile.TemporaryDirectory() as name:
        village = Village(Path(name))
        village.add_kiosk("kiosk").close()
        try:
            costs = measure(village, "kiosk")
        finally:
            village.stop()
        return [*(_month(costs, *slot) for slot in SLOTS_S.items()), _report(costs, Path(name))]


def _month(costs: Costs, slot_s: int, planned: str) -> Row:
    slots = DAYS * 24 * HOUR_S / slot_s
    kept = slots * (costs.slot.bytes + slot_s // KEEPALIVE_S * costs.ping.bytes) / 1e6
    renewed = slots * (costs.slot.bytes + costs.resumed.bytes) / 1e6
    name = f"MB a month, a slot each {slot_s} s: connection kept / made for each slot (resumed)"
    aim = f"planned: {planned} MB" if planned else ""
    return name, f"{kept:.1f} MB", f"{renewed:.1f} MB", kept / renewed, aim


def _report(costs: Costs, folder: Path) -> Row:
    form = _form_bytes(folder)
    name = "bytes a report: a slot, cell and answer / HTTPS form of 8 KiB and its post"
    return name, f"{costs.slot.bytes:.0f}", f"{form:.0f}", costs.slot.bytes / form, "below 1"


class _Form(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer(bytes(FORM_BYTES))

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(b"thank you")

    def log_message(self, *_: object) -> None:
        """Nothing."""

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _form_bytes(folder: Path) -> float:
    """One person's visit to a web form, on one new connection."""
    authority = Authority()
    authority.issue(folder / "https", SERVER_NAME)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "https" / "tls.pem", folder / "https" / "tls.key")
    server = HTTPServer(("127.0.0.1", 0), _Form)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    proxy = CountingProxy(server.server_port)
    browser = http.client.HTTPSConnection(
        "127.0.0.1", proxy.port, context=ssl.create_default_context(cadata=authority.pem)
    )
    browser.request("GET", "/")
    browser.getresponse().read()
    report = urlencode({"text": "x" * POST_BYTES})
    browser.request("POST", "/", report, {"Content-Type": "application/x-www-form-urlencoded"})
    browser.getresponse().read()
    browser.close()
    wait_until(lambda: proxy.ended == 1)
    cost = proxy.total().bytes
    proxy.stop()
    server.shutdown()
    serving.join()
    server.server_close()
    return cost

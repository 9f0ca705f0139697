"""The page on a phone: what it weighs on the air, how long sealing takes, what a report costs.

    python -m tests.bench.bench_phone

Needs root, for an address that is not loopback's. Bytes are those of HTTP, counted on the way
between browser and server. Public figures stand where they were found, on 2026-11-22: the median
mobile home page of the Web Almanac 2025 (2,362 kB, https://almanac.httparchive.org/en/2025/), and
OpenPGP.js, with which Hush Line's page encrypts (openpgp.min.js of npm openpgp 6.3.2, gzip -9).
For the whole pages of Hush Line and Google Forms no public figure was found.
"""

import statistics
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from kiosk.protocol.report import ATTACHMENT_PLAINTEXTS, ICON_PLAINTEXT
from kiosk.protocol.sealing import StationPrivateKey
from tests.toml_files import edit
from tests.ui.phone.browser import PAGE, Phone, address_in_the_hall, hosts
from tests.ui.phone.place import provision_hotspot, serving
from tests.ui.phone.relay import Relay
from tests.waiting import wait_until
from ui.phone.page.bundle import bundle

MEDIAN_HOME_PAGE_KB = 2362
OPENPGP_JS_KB = 130.4
SEAL_SCRIPT = Path(__file__).with_name("seal.js")
SEALS, SLOWER = 20, 6

Row = tuple[str, str, str, float, str]


def rows() -> Iterator[Row]:
    """All rows of the phone."""
    with _page() as (phone, relay, url):
        yield from _weights(phone, relay, url)
        yield from _seals(phone)


@contextmanager
def _page() -> Iterator[tuple[Phone, Relay, str]]:
    with address_in_the_hall() as address, tempfile.TemporaryDirectory() as folder:
        place = provision_hotspot(Path(folder) / "kiosk", address, PAGE)
        relay = Relay(address, (address, place.port))
        url = f"http://{address}:{relay.port}/"
        edit(place.config, {"listen.url": url})
        phone = Phone(Path(folder) / "profile")
        try:
            with serving(place):
                yield phone, relay, url
        finally:
            phone.close()
            relay.close()


def _weights(phone: Phone, relay: Relay, url: str) -> Iterator[Row]:
    phone.requests()
    opened = _carried(relay, lambda: (phone.open(url), phone.one("[data-choice]")))
    asked = [one for one in phone.requests() if hosts([one]) == hosts([url])]
    name = f"page opened, {len(asked)} requests / median mobile home page (Web Almanac 2025)"
    yield _in_kb(name, opened, MEDIAN_HOME_PAGE_KB, "at most 0.05")
    script = _carried(relay, lambda: phone.driver.execute_async_script(
        "const done = arguments[0]; fetch('/').then(a => a.text()).then(done)"))  # fmt: skip
    name = "script, words, style and seal / OpenPGP.js alone (as in Hush Line)"
    yield _in_kb(name, script, OPENPGP_JS_KB, "at most 1")
    phone.choose("vi", "opinion", "road", "good")
    phone.next()

    def send() -> None:
        phone.send()
        phone.shows("done")

    sent = _carried(relay, send)
    name = "a report on the air, with what is asked and shown / its sealed bytes"
    yield _in_kb(name, sent, (ICON_PLAINTEXT + 1136) / 1000, "open")


def _carried(relay: Relay, work: Callable[[], object]) -> float:
    """Kilobytes carried while `work` was done and until nothing more comes."""
    before = relay.carried
    work()
    last = -1

    def quiet() -> bool:
        nonlocal last
        last, seen = relay.carried, last
        return last == seen

    wait_until(quiet)
    return (relay.carried - before) / 1000


def _seals(phone: Phone) -> Iterator[Row]:
    key = StationPrivateKey.generate().public
    phone.open("about:blank").driver.execute_script(bundle(SEAL_SCRIPT, {}))

    def median(size: int, slower: int) -> float:
        phone.slow_down(slower)
        times: list[float] = phone.driver.execute_async_script(
            "const done = arguments[4]; timeSeals(...[...arguments].slice(0, 4)).then(done)",
            SEALS, size, key.raw.hex(), key.key_id.hex(),
        )  # fmt: skip
        return statistics.median(times)

    median(ICON_PLAINTEXT, 1)  # so that the compiler has seen it
    for name, size in (("a report", ICON_PLAINTEXT), ("a photo", ATTACHMENT_PLAINTEXTS[-1])):
        fast, slow = median(size, 1), median(size, SLOWER)
        told = f"seal {name} on a phone {SLOWER} times slower / at full speed"
        yield told, f"{slow:.1f} ms", f"{fast:.1f} ms", slow / fast, f"about {SLOWER}"


def _in_kb(name: str, ours: float, theirs: float, aim: str) -> Row:
    return name, f"{ours:.1f} kB", f"{theirs:.1f} kB", ours / theirs, aim


if __name__ == "__main__":
    for row in rows():
        print(row)

"""A phone's browser on plain http, where the page has no secure context, and a person at it."""

import json
import os
import random
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.command import Command
from selenium.webdriver.remote.webelement import WebElement

from kiosk.protocol.picture_code import Code, families
from tests.ui.touch.place import ROOT
from tests.waiting import wait_until

PAGE = ROOT / "build" / "phone"
CHROMEDRIVER = "/usr/bin/chromedriver"
PHONE = {"width": 360, "height": 740, "pixelRatio": 2.0}
QUIET = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
)

IN_MEMORY = ("blob:", "data:")
NO_SCRIPT = {"profile.managed_default_content_settings.javascript": 2}


def _give(address: str) -> bool:
    """Whether this machine has the address now, and had it not before."""
    command = ["ip", "addr", "add", f"{address}/32", "dev", "lo"]
    return subprocess.run(command, stderr=subprocess.DEVNULL).returncode == 0


@contextmanager
def address_in_the_hall() -> Iterator[str]:
    """An address of this machine that is not loopback's own; needs root."""
    taken = subprocess.run(["ip", "-o", "addr"], capture_output=True, text=True, check=True).stdout
    free = [f"10.42.0.{n}" for n in range(10, 250) if f" 10.42.0.{n}/" not in taken]
    random.shuffle(free)
    address = next(address for address in free if _give(address))
    try:
        yield address
    finally:
        subprocess.run(["ip", "addr", "del", f"{address}/32", "dev", "lo"], check=True)


class Phone:
    """A phone in somebody's hand: it shows the page, a finger taps."""

    metrics: Mapping[str, object] = PHONE
    flags: tuple[str, ...] = ()

    def __init__(self, profile: Path, **preferences: object) -> None:
        options = webdriver.ChromeOptions()
        for flag in (*QUIET, *self.flags, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        options.add_experimental_option("mobileEmulation", {"deviceMetrics": dict(self.metrics)})
        options.add_experimental_option("prefs", preferences)
        options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
        self.driver = webdriver.Chrome(options, Service(CHROMEDRIVER, env=_environment()))

    def close(self) -> None:
        self.driver.quit()

    def open(self, url: str) -> "Phone":
        self.driver.get(url)
        return self

    def slow_down(self, times: int) -> None:
        self.driver.execute_cdp_cmd("Emulation.setCPUThrottlingRate", {"rate": times})

    def find(self, selector: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector: str) -> WebElement:
        wait_until(lambda: self.find(selector))
        return self.find(selector)[0]

    def tap(self, selector: str) -> None:
        found = self.one(selector)
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", found)
        found.click()

    def choose(self, *choices: str) -> None:
        for choice in choices:
            self.tap(f'[data-choice="{choice}"]')

    def next(self) -> None:
        self.tap("[data-action=next]")

    def send(self) -> None:
        self.tap("[data-action=send]")

    def write(self, text: str) -> None:
        self.one("[data-field=text]").send_keys(text)

    def add_photo(self, path: Path) -> None:
        self.one("[data-field=photo]").send_keys(str(path))
        self.one(".photo")

    def shows(self, screen: str) -> None:
        self.one(f"main[data-screen={screen}]")

    def settle(self) -> None:
        """Wait until every picture on the screen is there."""
        ready = "return [...document.images].every(image => image.complete)"
        wait_until(lambda: self.driver.execute_script(ready))

    def words(self, selector: str) -> str:
        """The text of an element, or nothing while it is not there.

        Asked in one go: a page that is being replaced by the next one has no stale elements.
        """
        ask = "return document.querySelector(arguments[0])?.innerText ?? ''"
        found: str = self.driver.execute_script(ask, selector)
        return found

    @property
    def text(self) -> str:
        return self.words("body")

    def requests(self) -> list[str]:
        """The addresses of everything asked for since the last call."""
        messages = [json.loads(e["message"])["message"] for e in self._log("performance")]
        sent = [m for m in messages if m["method"] == "Network.requestWillBeSent"]
        return [m["params"]["request"]["url"] for m in sent]

    def _log(self, kind: str) -> list[dict[str, str]]:
        """What the browser has logged since the last call; the library's `get_log` is untyped."""
        entries: list[dict[str, str]] = self.driver.execute(Command.GET_LOG, {"type": kind})[
            "value"
        ]
        return entries

    def complaints(self) -> list[str]:
        """What the browser's console says, as of a policy that was broken."""
        return [entry["message"] for entry in self._log("browser")]


def enter(phone: Phone, code: Code) -> None:
    """Two taps for each picture of a code."""
    phone.tap("[data-action=enter_code]")
    for picture in code:
        phone.choose(next(name for name, members in families().items() if picture in members))
        phone.choose(picture)


def hosts(requests: list[str]) -> set[str]:
    """Where requests went; pictures held in memory go nowhere."""
    return {urlsplit(url).hostname or "" for url in requests if not url.startswith(IN_MEMORY)}


def _environment() -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if k != "DISPLAY"}

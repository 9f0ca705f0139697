"""An officer's PC: a browser without a window, and an officer who reads and types."""

from pathlib import Path
from types import MappingProxyType
from typing import Any

from tests.ui.phone.browser import Phone
from tests.uplink.station.desk.place import READER, SECRET
from tests.uplink.village import ROOT
from tests.waiting import wait_until

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
SERIOUS = ("serious", "critical")


class Pc(Phone):
    """A browser on an ordinary screen."""

    metrics = MappingProxyType(
        {"width": 1366, "height": 768, "pixelRatio": 1.0, "mobile": False, "touch": False}
    )

    def sign_in(self, port: int, name: str = READER, secret: str = SECRET) -> "Pc":
        self.open(f"http://127.0.0.1:{port}/sign-in")
        self.fill("name", name).fill("passphrase", secret)
        self.tap("form button")
        wait_until(lambda: "/sign-in" not in self.driver.current_url or self.find("[role=alert]"))
        return self

    def go(self, port: int, path: str) -> "Pc":
        self.open(f"http://127.0.0.1:{port}{path}")
        return self

    def fill(self, field: str, text: str) -> "Pc":
        place = self.one(f"[name={field}]")
        place.clear()
        place.send_keys(text)
        return self

    def findings(self) -> list[tuple[str, list[str]]]:
        """What axe-core holds for serious, each with the elements it means."""
        self.driver.execute_cdp_cmd("Runtime.evaluate", {"expression": AXE.read_text("utf-8")})
        found: dict[str, Any] = self.driver.execute_async_script(
            "axe.run().then(arguments[arguments.length - 1])"
        )
        return [
            (each["id"], [node["html"][:200] for node in each["nodes"]])
            for each in found["violations"]
            if each["impact"] in SERIOUS
        ]

    def picture(self, path: Path) -> None:
        """The whole page as a PNG."""
        height = self.driver.execute_script("return document.documentElement.scrollHeight")
        size = {"width": 1366, "height": max(768, height), "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        self.settle()
        path.write_bytes(self.driver.get_screenshot_as_png())

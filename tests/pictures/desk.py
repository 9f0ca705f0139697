"""The station's desk as an officer sees it: the list of reports, one report, the overview."""

import time
from contextlib import closing
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from kiosk.protocol.picture_code import expanded
from tests.pictures.keeping import OFFICER, at_width, keep
from tests.uplink.station.desk.browser import Pc
from tests.uplink.station.desk.place import HALLS, crime, deliver, desk_served, make_station
from tests.uplink.village import Village

WIDTH = 900
HEIGHTS = {"list": 700, "report": 1000}
HOUR_S = 3600
SOMEBODY = expanded(bytes(range(32)))


def draw() -> None:
    """The pages of a station to which a few reports have come."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        village = make_station(folder / "station")
        _deliver_some(village)
        with desk_served(village) as port, closing(Pc(folder / "browser")) as pc:
            pc.sign_in(port)
            _keep(pc, "list")
            pc.tap(".cases a:not(.urgent)")
            pc.one(".sentence")
            _keep(pc, "report")


def _deliver_some(village: Village) -> None:
    hour = int(time.time()) // HOUR_S
    answerable = SOMEBODY.public.raw
    deliver(village, crime(answer_key=answerable), hour=hour - 3)
    border = crime(box="border", what=("people_led", "armed_yes"), where="forest", urgent=True)
    deliver(village, border, hall=HALLS[1], hour=hour - 1)
    deliver(village, crime(box="order", what=("fire",), where="forest"), hour=hour - 30)
    deliver(village, crime(box="opinion", what=("road", "bad")), hall=HALLS[2], hour=hour - 50)


def _keep(pc: Pc, name: str) -> None:
    """The top of the page, as much of it as a sheet of paper holds."""
    size = {"width": 1366, "height": HEIGHTS[name], "deviceScaleFactor": 1, "mobile": False}
    pc.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    pc.settle()
    with Image.open(BytesIO(pc.driver.get_screenshot_as_png())) as page:
        keep(at_width(page, WIDTH), OFFICER / f"{name}.png", 96)

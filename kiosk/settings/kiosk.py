"""`kiosk.toml`: what provisioning decided about one kiosk."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from kiosk.common.checks import between, either, hexadecimal, only
from kiosk.content.catalog import HMONG_SCRIPTS, LANGUAGES, RPA
from kiosk.settings.fields import Hours

ASSETS = "/usr/share/homthu"


@dataclass(frozen=True)
class Kiosk:
    """Its random id, the hall in which it hangs, and how it speaks and writes.

    `voice` is whether a voice may go with a report as long as the station has sent no settings.
    """

    id: Annotated[bytes, hexadecimal(16)]
    hall: str = ""
    languages: Annotated[tuple[str, ...], only(*LANGUAGES)] = ("vi", "hmn")
    hmong_script: Annotated[str, either(*HMONG_SCRIPTS)] = RPA
    voice: bool = False


@dataclass(frozen=True)
class Station:
    """The station that reads the reports; `form` is the address of its own online form."""

    name: str = ""
    phone: str = ""
    form: str = ""


@dataclass(frozen=True)
class Screen:
    """The panel, in pixels; `width_mm` is its visible width."""

    width: Annotated[int, between(640, 4096)] = 800
    height: Annotated[int, between(400, 4096)] = 480
    width_mm: Annotated[float, between(90, 600)] = 154.0
    fullscreen: bool = True


@dataclass(frozen=True)
class Files:
    """What the touch app reads and writes.

    `image` tells the system's version, `stick` what is done with a technician's USB stick, `board`
    the board's serial number.
    """

    outbox: Path = Path("touch.db")
    row_key: Path = Path("row.key")
    code_key: Path = Path("code.key")
    phone_code_key: Path = Path("phone-code.key")
    manifest: Path = Path("manifest.cbor")
    authority: Path = Path("authority.pub")
    clock: Path = Path("station.clock")
    inbox: Path = Path("inbox.db")
    assets: Path = Path(ASSETS)
    voices: Path = Path("voices")
    espeak: Path = Path("/usr/share/homthu/espeak")
    staff_pin: Path = Path("staff.pin")
    courier_status: Path = Path("status.json")
    image: Path = Path("/etc/homthu-image")
    stick: Path = Path("/run/homthu-stick/state")
    board: Path = Path("/sys/firmware/devicetree/base/serial-number")


@dataclass(frozen=True)
class Limits:
    """Seconds between two reports."""

    report_every_s: Annotated[float, between(0, 86_400)] = 90.0


@dataclass(frozen=True)
class Sound:
    """How the kiosk is heard.

    `private` when it has no loudspeaker at all; `volume` from 0 to 1 of plain speech; `speaker`
    and `handset` are names of sound devices, or parts of them; `switch` is the input device
    (/dev/input/...) that tells when the handset is lifted or headphones are plugged in;
    `microphone` is named like the others. `loud_hours` are the windows of the day in which new
    notices are played to the hall.
    """

    private: bool = False
    volume: Annotated[float, between(0.05, 1)] = 0.5
    speaker: str = ""
    handset: str = ""
    microphone: str = ""
    switch: str = ""
    loud_hours: Hours = ()


@dataclass(frozen=True)
class Hotspot:
    """The file with the Wi-Fi of the day."""

    file: Path = Path("/run/homthu/hotspot.toml")


@dataclass(frozen=True)
class Staff:
    """The command of the staff screen's last tile."""

    power_off: str = "touch /run/homthu-touch/power-off"


@dataclass(frozen=True)
class KioskFile:
    """The file; `villages` are names by id, `forms` the addresses of procedures' forms."""

    kiosk: Kiosk
    station: Station = Station()
    screen: Screen = Screen()
    files: Files = Files()
    limits: Limits = Limits()
    sound: Sound = Sound()
    hotspot: Hotspot = Hotspot()
    staff: Staff = Staff()
    villages: Mapping[str, str] = field(default_factory=dict)
    forms: Mapping[str, str] = field(default_factory=dict)

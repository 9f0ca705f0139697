"""What the kiosk's system needs to know of its modem.

NetworkManager and ModemManager carry the data: their connection profile is a keyfile as in
nm-settings-keyfile(5). One AT port is kept out of ModemManager's hands by a udev rule, so that
`homthu-courier` can ask the modem how it is, and USBGuard lets this modem in and no other.
`homthu-modem.service` puts all three where the system looks for them.
"""

import ipaddress
import json
import re
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomlkit

from kiosk.common import files
from kiosk.common.errors import ProvisioningError
from kiosk.settings.fields import APN_PATTERN

FOLDER = "modem"
PROFILE = "homthu.nmconnection"
USB_RULES = "modem.conf"
POWER = "power"
RULE = "78-homthu-modem.rules"
"""After 60-serial.rules, which names the interface, and before ModemManager's 80-mm-candidate."""

COURIER = "courier.toml"
POWER_WISH = "/run/homthu-courier/modem-power"
"""What the courier may write; the system passes it on to the file that POWER names."""

_APN = re.compile(APN_PATTERN)
_USB_ID = re.compile(r"([0-9a-f]{4}):([0-9a-f]{4})")
_POWER = re.compile(r"|/[A-Za-z0-9_./:-]{1,200}")
_INTERFACE = re.compile(r"[0-9a-f]{2}")


@dataclass(frozen=True)
class ModemPlan:
    """The modem and its SIM: `usb` is vendor:product and `interface` its AT port, in hexadecimal.

    `dns` are the addresses of name servers, needed only when a broker is given by name; those of
    the operator are never used. Roaming is off unless asked for: at the border it would hand the
    cells to a foreign network. `power` is the file of a GPIO or USB port that feeds the modem and
    takes 0 and 1, empty where there is none.
    """

    apn: str
    usb: str
    interface: str
    dns: tuple[str, ...] = ()
    roaming: bool = False
    power: str = ""

    def __post_init__(self) -> None:
        for value, pattern, wanted in (
            (self.apn, _APN, "an APN such as v-internet"),
            (self.usb, _USB_ID, "vendor:product as lsusb shows it, such as 1e0e:9001"),
            (self.interface, _INTERFACE, "two hexadecimal digits such as 02"),
            (self.power, _POWER, "an absolute path such as /sys/class/gpio/gpio17/value"),
        ):
            if not pattern.fullmatch(value):
                raise ProvisioningError(f"{value!r} is not {wanted}")
        for address in self.dns:
            try:
                ipaddress.ip_address(address)
            except ValueError:
                raise ProvisioningError(
                    f"{address!r} is not the address of a name server"
                ) from None


def add(plan: ModemPlan, bundle: Path) -> None:
    """Put a modem into the bundle of a kiosk that has none.

    Raises ProvisioningError when there is no courier.toml or it already names a modem.
    """
    courier = bundle / COURIER
    try:
        settings = tomlkit.parse(courier.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ProvisioningError(
            f"{courier} cannot be read", "name a folder made by homthu-provision kiosk add"
        ) from error
    if any(key.startswith("modem_") for key in settings):
        raise ProvisioningError(f"{courier} already names a modem", "take its lines out first")
    write(plan, bundle)
    settings.update(courier_keys(plan))
    files.write(courier, tomlkit.dumps(settings), files.PRIVATE)


def write(plan: ModemPlan, bundle: Path) -> None:
    """Put the profile and the rules into a kiosk's bundle."""
    folder = bundle / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    files.write(folder / PROFILE, profile(plan), files.PRIVATE)
    files.write(folder / RULE, rule(plan))
    files.write(folder / USB_RULES, f"allow id {plan.usb}\n")
    if plan.power:
        files.write(folder / POWER, f"{plan.power}\n")


def profile(plan: ModemPlan) -> str:
    """The keyfile, which NetworkManager reads only when it is root's with mode 0600."""
    return f"""\
[connection]
id=homthu
uuid={uuid.uuid5(uuid.NAMESPACE_DNS, f"{plan.apn}.homthu")}
type=gsm
autoconnect=true
autoconnect-retries=0

[gsm]
apn={plan.apn}
home-only={json.dumps(not plan.roaming)}

[ipv4]
method=auto
ignore-auto-dns=true
{_dns(plan, 4)}
[ipv6]
method=auto
ignore-auto-dns=true
{_dns(plan, 6)}"""


def rule(plan: ModemPlan) -> str:
    """The udev rule."""
    vendor, product = plan.usb.split(":")
    return (
        'ACTION!="remove", SUBSYSTEM=="tty", '
        f'ENV{{ID_VENDOR_ID}}=="{vendor}", ENV{{ID_MODEL_ID}}=="{product}", '
        f'ENV{{ID_USB_INTERFACE_NUM}}=="{plan.interface}", '
        'ENV{ID_MM_PORT_IGNORE}="1"\n'
    )


def courier_keys(plan: ModemPlan) -> dict[str, Any]:
    """What courier.toml says of this modem."""
    keys = {"modem_port": f"usb-*-if{plan.interface}-port0", "modem_apn": plan.apn}
    return keys | ({"modem_power": POWER_WISH} if plan.power else {})


def _dns(plan: ModemPlan, version: int) -> str:
    servers = [address for address in plan.dns if ipaddress.ip_address(address).version == version]
    return f"dns={';'.join(servers)};\n" if servers else ""

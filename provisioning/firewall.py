"""The brokers as the kiosk's packet filter knows them: cells may go there and nowhere else."""

import ipaddress
from collections.abc import Iterable

from kiosk.common.errors import ProvisioningError

FILE = "brokers.nft"

_DNS = ("tcp . 53", "udp . 53")


def rules(brokers: Iterable[str]) -> str:
    """The elements of the sets in `images/overlay/etc/nftables.conf`; a broker is "host:port".

    A broker that is known by name may be at any address, and names may be asked for. Raises
    ProvisioningError for what is no broker.
    """
    sets: dict[str, list[str]] = {"brokers4": [], "brokers6": [], "anywhere": []}
    for broker in brokers:
        host, port = _parts(broker)
        try:
            address = ipaddress.ip_address(host)
        except ValueError:
            sets["anywhere"] += [f"tcp . {port}", *_DNS]
        else:
            sets[f"brokers{address.version}"].append(f"{address} . {port}")
    return "".join(_set(name, elements) for name, elements in sets.items())


def _parts(broker: str) -> tuple[str, int]:
    host, _, port = broker.rpartition(":")
    if not (host and port.isascii() and port.isdigit() and 0 < int(port) < 65_536):
        raise ProvisioningError(f"{broker!r} is not host:port", "such as 10.0.0.5:8883")
    return host.strip("[]"), int(port)


def _set(name: str, elements: list[str]) -> str:
    emptied = f"flush set inet homthu {name}\n"
    unique = ", ".join(dict.fromkeys(elements))
    return emptied + (f"add element inet homthu {name} {{ {unique} }}\n" if unique else "")

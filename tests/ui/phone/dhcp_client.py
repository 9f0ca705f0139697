"""The smallest DHCP client (RFC 2131): prints its address, router and name server.

It speaks from a raw socket, since the interface has no address yet; run as root in a namespace.
"""

import os
import socket
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.waiting import DEADLINE

COOKIE = b"\x63\x82\x53\x63"
DISCOVER, REQUEST = b"\x01", b"\x03"
ROUTER, NAME_SERVER, WISH, TYPE, SERVER, WANTED, END = 3, 6, 50, 53, 54, 55, 255
BOOTP_HEAD = 240
IP_UDP_HEADS = 14 + 20 + 8


def main(interface: str) -> None:
    mac = bytes.fromhex(Path(f"/sys/class/net/{interface}/address").read_text().replace(":", ""))
    wanted = {WANTED: bytes([ROUTER, NAME_SERVER])}
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0800)) as wire:
        wire.bind((interface, 0x0800))
        wire.settimeout(DEADLINE)
        offered, told = ask(wire, mac, {TYPE: DISCOVER, **wanted})
        chosen = {TYPE: REQUEST, WISH: offered, SERVER: told[SERVER]}
        address, told = ask(wire, mac, {**chosen, **wanted})
    print(*map(socket.inet_ntoa, (address, told[ROUTER][:4], told[NAME_SERVER][:4])))


def ask(
    wire: socket.socket, mac: bytes, options: dict[int, bytes]
) -> tuple[bytes, dict[int, bytes]]:
    """Send one message and wait for the answer: the address in it, and its options."""
    number = os.urandom(4)
    wire.send(_frame(mac, number, options))
    while True:
        bootp = wire.recv(2048)[IP_UDP_HEADS:]
        if bootp[:1] == b"\x02" and bootp[4:8] == number:
            return bootp[16:20], dict(_options(bootp[BOOTP_HEAD:]))


def _frame(mac: bytes, number: bytes, options: dict[int, bytes]) -> bytes:
    head = struct.pack("!4B4sHH16s16s192x4s", 1, 1, 6, 0, number, 0, 0x8000, bytes(16), mac, COOKIE)
    told = b"".join(bytes([code, len(value)]) + value for code, value in options.items())
    bootp = head + told + bytes([END])
    udp = struct.pack("!4H", 68, 67, 8 + len(bootp), 0) + bootp
    ip = struct.pack(
        "!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0, bytes(4), b"\xff" * 4
    )
    checksum = sum(struct.unpack("!10H", ip))
    checksum = ~((checksum & 0xFFFF) + (checksum >> 16)) & 0xFFFF
    ip = ip[:10] + struct.pack("!H", checksum) + ip[12:]
    return b"\xff" * 6 + mac + b"\x08\x00" + ip + udp


def _options(data: bytes) -> Iterator[tuple[int, bytes]]:
    while data and data[0] != END:
        if data[0]:
            yield data[0], data[2 : 2 + data[1]]
        data = data[2 + data[1] :] if data[0] else data[1:]


if __name__ == "__main__":
    main(sys.argv[1])

"""How the courier and the station reach their brokers."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeAlias

from kiosk.common.checks import EXISTS, Parsed

_ADDRESS = re.compile(r"(?:\[([0-9a-fA-F:.]+)\]|([^\s:\[\]]+)):(\d{1,5})")


@dataclass(frozen=True)
class Access:
    """How to reach the brokers and how to prove who we are."""

    brokers: tuple[tuple[str, int], ...]
    server_name: str
    tls_ca: Path
    tls_cert: Path
    tls_key: Path


def parse_address(text: str) -> tuple[str, int]:
    """Host and port of "host:port" or "[::1]:8883"; raises ValueError for anything else."""
    match = _ADDRESS.fullmatch(text)
    if match is None or not 0 < int(match[3]) < 65536:
        raise ValueError(text)
    return match[1] or match[2], int(match[3])


def dump_address(address: tuple[str, int]) -> str:
    """The text that `parse_address` takes."""
    host, port = address
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


Address: TypeAlias = Annotated[
    tuple[str, int], Parsed(str, parse_address, dump_address, "must be host:port")
]
File: TypeAlias = Annotated[Path, EXISTS]

"""`hotspot.toml`: the Wi-Fi of the day, from `homthu-phone rotate` to the touch app."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from kiosk.common import files, schema
from kiosk.common.errors import ConfigError
from kiosk.common.schema import Field

PHRASE = 3
SSID_BYTES = 32
_CURE = "write it anew with homthu-phone rotate"
_FIELDS = {
    "ssid": Field(str),
    "key": Field(str),
    "address": Field(str),
    "phrase": Field(list),
}


@dataclass(frozen=True)
class Hotspot:
    """What a phone needs to get to the page; `phrase` are the ids of three pictures."""

    ssid: str
    key: str
    address: str
    phrase: tuple[str, ...]

    @property
    def wifi_qr(self) -> str:
        """The text phones understand as "join this Wi-Fi" (WPA3 specification, section 7.1)."""
        return f"WIFI:T:WPA;S:{_escaped(self.ssid)};P:{_escaped(self.key)};;"


def write(path: Path, hotspot: Hotspot) -> None:
    """Tell the touch app; it finds the old or the new Wi-Fi, never half of one."""
    lines = (f"{name} = {json.dumps(value, ensure_ascii=False)}\n"
             for name, value in asdict(hotspot).items())  # fmt: skip
    files.write(path, "[hotspot]\n" + "".join(lines))


def read(path: Path) -> Hotspot:
    """The Wi-Fi of the day. Raises ConfigError when there is none."""
    told = schema.read(path, {"hotspot": _FIELDS}, _CURE)["hotspot"]
    return Hotspot(**(told | {"phrase": tuple(told["phrase"])}))


class Latest:
    """The Wi-Fi of the moment; the file is read again only when it is another one."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int] | None = None
        self._hotspot: Hotspot | None = None

    def read(self) -> Hotspot | None:
        """The Wi-Fi to show; None where there is none."""
        try:
            status = self._path.stat()
        except OSError:
            self._seen = self._hotspot = None
            return None
        now = status.st_ino, status.st_mtime_ns
        if now != self._seen:
            self._seen, self._hotspot = now, _readable(self._path)
        return self._hotspot


def _readable(path: Path) -> Hotspot | None:
    try:
        return read(path)
    except ConfigError:
        return None


def ssid_problem(ssid: str) -> str | None:
    """What is wrong with the name of a Wi-Fi, or nothing."""
    fits = 0 < len(ssid.encode()) <= SSID_BYTES and ssid.isprintable() and ssid == ssid.strip()
    return None if fits else f"must have 1 to {SSID_BYTES} bytes and no space at either end"


def _escaped(text: str) -> str:
    return "".join(f"\\{letter}" if letter in '\\;,":' else letter for letter in text)

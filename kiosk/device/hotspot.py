"""`hotspot.toml`: the Wi-Fi of the day, from `homthu-phone rotate` to the touch app."""

from dataclasses import dataclass
from pathlib import Path

from kiosk.common import files, schema
from kiosk.common.errors import ConfigError

_CURE = "write it again with homthu-phone rotate"


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


@dataclass(frozen=True)
class _File:
    hotspot: Hotspot


def write(path: Path, hotspot: Hotspot) -> None:
    """Show the Wi-Fi to the touch app, which finds the old or the new one, never half of one."""
    files.write(path, schema.dump(_File(hotspot)))


def read(path: Path) -> Hotspot:
    """The Wi-Fi of the day. Raises ConfigError when there is none."""
    return schema.load(_File, path, _CURE).hotspot


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


def _escaped(text: str) -> str:
    return "".join(f"\\{letter}" if letter in '\\;,":' else letter for letter in text)

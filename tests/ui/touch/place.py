"""A provisioned kiosk in a temporary folder, and the displays and processes tests run it on."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.common import passphrase, schema
from kiosk.device import hotspot
from kiosk.device.outbox import Outbox
from kiosk.protocol.sealing import StationPrivateKey, sign_manifest
from kiosk.settings.kiosk import (
    Files,
    Hotspot,
    Kiosk,
    KioskFile,
    Limits,
    Screen,
    Station,
)
from tests.kiosk.visits import WIFI
from tests.waiting import DEADLINE, wait_until
from ui.touch.input.screen_guard import GUARD_S

ROOT = Path(__file__).parents[3]
TILES = ROOT / "build" / "tiles"
CLIPS = ROOT / "build" / "clips"
ROW_KEY = bytes(range(32))
CODE_KEY = bytes(range(32, 64))
STAFF_PIN = "271828"
AUTHORITY = Ed25519PrivateKey.generate()
NOTICE_KEY = Ed25519PrivateKey.generate()
STATION = StationPrivateKey.generate()

PANELS = [(800, 480, 154.0), (1024, 600, 154.0), (1024, 600, 222.0), (1280, 800, 217.0)]

needs_sound = pytest.mark.skipif(
    not TILES.is_dir()
    or not CLIPS.is_dir()
    or not all(map(shutil.which, ("Xvfb", "xdotool", "import", "pulseaudio", "parec"))),
    reason="needs the built tiles and clips, Xvfb, xdotool, ImageMagick and pulseaudio",
)


def provision(folder: Path, panel: tuple[int, int, float] = PANELS[0], rows: int = 40) -> Path:
    """Write everything a kiosk needs; returns its kiosk.toml."""
    folder.mkdir(parents=True, exist_ok=True)
    signs = NOTICE_KEY.public_key().public_bytes_raw()
    manifest = sign_manifest(AUTHORITY, 1, "Na Cô Sa", (STATION.public,), signs)
    (folder / "manifest.cbor").write_bytes(manifest)
    (folder / "authority.pub").write_bytes(AUTHORITY.public_key().public_bytes_raw())
    (folder / "row.key").write_bytes(ROW_KEY)
    (folder / "code.key").write_bytes(CODE_KEY)
    Outbox.create(folder / "touch.db", ROW_KEY, rows)
    hotspot.write(folder / "hotspot.toml", WIFI)
    (folder / "staff.pin").write_bytes(_locked_pin())
    path = folder / "kiosk.toml"
    settings = KioskFile(
        kiosk=Kiosk(bytes([0x5A]) * 16, "Nà Cố Sa"),
        station=Station("Đồn Na Cô Sa", "0215 3 740 123"),
        screen=Screen(*panel, fullscreen=False),
        files=Files(assets=ROOT / "build"),
        hotspot=Hotspot(Path("hotspot.toml")),
        limits=Limits(0.0),
        villages={"ncs1": "Bản Na Cô Sa 1", "ncs2": "Bản Na Cô Sa 2"},
        forms={"residence": "https://dvc.vn/tt"},
    )
    path.write_text(schema.dump(settings), "utf-8")
    return path


@cache
def _locked_pin() -> bytes:
    """What a right PIN opens; made once, because Argon2id takes a third of a second."""
    return passphrase.lock(b"staff", STAFF_PIN)


@contextmanager
def display(width: int, height: int) -> Iterator[str]:
    """A virtual screen of its own; yields its DISPLAY."""
    read, write = os.pipe()
    screen = f"{width}x{height}x24"
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", screen, "-nolisten", "tcp", "-noreset"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    try:
        with os.fdopen(read) as number:
            yield f":{number.readline().strip()}"
    finally:
        server.terminate()
        server.wait(DEADLINE)


@contextmanager
def app(config: Path, on: str, log: Path, *command: str) -> Iterator[subprocess.Popen[bytes]]:
    """The touch app (or another command), ended by SIGTERM if it has not ended by itself."""
    home = config.parent.parent / "home"
    home.mkdir()
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *(command or ("ui.touch.main", "--config", str(config)))],
            cwd=ROOT,
            env={**_plain_environment(), "DISPLAY": on, "HOME": str(home)},
            stdout=output,
            stderr=output,
        )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(DEADLINE)


def _plain_environment() -> dict[str, str]:
    """Ours, without what the offscreen window of other tests has set."""
    return {k: v for k, v in os.environ.items() if not k.startswith(("SDL_", "KIVY_"))}


def pixels(on: str) -> bytes:
    """Everything that is on a display."""
    command = ["import", "-window", "root", "-depth", "8", "rgb:-"]
    return subprocess.run(
        command, env={**os.environ, "DISPLAY": on}, capture_output=True, check=True
    ).stdout


def colours(on: str) -> int:
    """A measure of how much is drawn: the number of different pixels."""
    shown = pixels(on)
    return len({shown[i : i + 3] for i in range(0, len(shown), 3)})


def settled(on: str) -> bytes:
    """What is on a display, once it stands still and a tap on it counts."""
    seen: bytes = b""

    def stands_still() -> bool:
        nonlocal seen
        before, seen = seen, pixels(on)
        if before != seen:
            time.sleep(GUARD_S)
        return before == seen

    wait_until(stands_still)
    return seen


def tap(on: str, spot: tuple[int, int]) -> None:
    """Touch a display, not before the screen has settled."""
    settled(on)
    finger(on, "mousemove", *map(str, spot), "click", "1")


def finger(on: str, *arguments: str) -> None:
    """Run xdotool on a display."""
    subprocess.run(["xdotool", *arguments], env={**os.environ, "DISPLAY": on}, check=True)

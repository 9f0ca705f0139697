"""A kiosk's card, and the real station that hears of it outside the emulator."""

import contextlib
import getpass
import json
import shutil
import subprocess
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from PIL import Image

from kiosk.common import files
from provisioning import authority, kiosk, station, station_bundle
from provisioning import hall as halls
from provisioning.processes import answers, free_port, python, running
from tests.images.card import Card
from tests.images.guest import PATIENCE, add_units
from tests.images.machine import SIZE
from tests.images.qemu import ROOT
from tests.toml_files import edit
from tests.ui.touch import place
from tests.waiting import wait_until

HOST = "10.0.2.2"
"""The emulator's name for the machine that it runs on."""

STATION = "Đồn thử"
SECRET = "chỉ để thử"


class Hall:
    """One authority, one station on this machine, one kiosk on a card."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self._secret = folder / "passphrase"
        files.write(self._secret, SECRET, files.PRIVATE)
        self.authority = authority.create(folder / "authority", "Nơi cấp phép thử", SECRET)
        self.station, self.kiosk = folder / "station", folder / "kiosk"
        public = folder / "authority" / authority.PUBLIC
        init = ("init", "--folder", self.station, "--name", STATION, "--authority", public)
        self._station(*init, "--passphrase-file", self._secret)
        where = station.StationPlace(
            "0215 3 000 113",
            (f"{HOST}:{self.port}",),
            f"127.0.0.1:{self.port}",
            broker_home=str(self.station / "broker"),
        )
        bundle = folder / "bundle"
        station.admit(self.authority, self.station / "request.json", where, bundle)
        shutil.copytree(bundle, self.station, dirs_exist_ok=True)
        self._let_me_run_the_broker()
        hall = halls.Hall("Nhà văn hóa bản Na Cô Sa 3", slot_s=5.0, report_every_s=0.0)
        grown = kiosk.add(self.authority, STATION, hall, self.kiosk)
        station_bundle.write_kiosk_list(self.station, grown)

    def card(self, image: Path, path: Path, size: int = 4 << 30) -> Card:
        """A card larger than the image, made this kiosk's."""
        subprocess.run(["cp", "--sparse=always", str(image), str(path)], check=True)
        with path.open("r+b") as file:
            file.truncate(size)
        card = Card(path)
        content, data = self.folder / "content", self.folder / "data.ext4"
        if not data.exists():
            content.mkdir()
            subprocess.run(["cp", "-r", str(self.kiosk), str(content / "kiosk")], check=True)
            bytes_there = card.partitions["data"][1]
            command = ["mke2fs", "-q", "-t", "ext4", "-L", "data", "-E", "root_owner=0:0", "-d"]
            command += [str(content), str(data), f"{bytes_there >> 20}M"]
            subprocess.run(command, check=True)
        card.write("data", data)
        add_units(card, PATIENCE)
        return card

    @contextlib.contextmanager
    def open(self) -> Iterator[None]:
        """The broker and the station, while the context lasts."""
        config = self.station / "broker" / "mosquitto.conf"
        broker = ["mosquitto", "-c", str(config)]
        with running(broker):
            wait_until(lambda: answers("127.0.0.1", self.port))
            settings = self.station / "station.toml"
            with running(python("uplink.station.commands.main", "serve", "--config", settings)):
                yield

    def reports(self) -> list[dict[str, object]]:
        """What an officer reads."""
        settings = self.station / "station.toml"
        listing = ("inbox", "--json", "--config", settings, "--passphrase-file", self._secret)
        return [json.loads(line) for line in self._station(*listing).splitlines()]

    @cached_property
    def start_screen(self) -> Image.Image:
        """What the app itself draws on this machine for this kiosk."""
        here = self.folder / "here" / "kiosk"
        here.parent.mkdir()
        subprocess.run(["cp", "-r", str(self.kiosk), str(here)], check=True)
        config = here / "kiosk.toml"
        built = ROOT / "build"
        edit(config, {"files.assets": str(built), "files.espeak": str(built / "espeak")})
        with place.display(*SIZE) as display, place.app(config, display, self.folder / "app.log"):
            wait_until(lambda: place.colours(display) > 200)
            return Image.frombytes("RGB", SIZE, place.pixels(display))

    def _station(self, *arguments: str | Path) -> str:
        command = python("uplink.station.commands.main", *arguments)
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def _let_me_run_the_broker(self) -> None:
        with (self.station / "broker" / "mosquitto.conf").open("a") as broker:
            broker.write(f"user {getpass.getuser()}\n")

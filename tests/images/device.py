"""A kiosk's bundle as it lies on the device: with its users, and each file in its owner's hands."""

import codecs
import grp
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from provisioning import authority, demo, kiosk
from provisioning.hall import Hall
from provisioning.hotspot import Hotspot
from provisioning.modem_profile import ModemPlan
from provisioning.modem_profile import write as write_modem

OVERLAY = Path(__file__).parents[2] / "images" / "overlay"
PLAN = demo.Plan((800, 480), Path("/usr/share/homthu"), False, False, None)
HALL = Hall(
    "Bản Na Cô Sa 3",
    hotspot=Hotspot("HomThu", ("bridge", "car", "clinic")),
    staff_pin="271828",
)

NOBODY = 65_534

Run = Callable[..., Any]


class Device:
    """The root folder of a device, of which only users and bundle are there."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.bundle = root / "data" / "kiosk"
        shutil.copytree(OVERLAY / "usr", root / "usr")
        shutil.copytree(OVERLAY / "etc" / "homthu", root / "etc" / "homthu")
        (root / "data").mkdir()
        self._run("systemd-sysusers")

    def provision(self, village: demo.Village) -> None:
        """Put on the card what the authority makes for a kiosk with a hotspot and a modem."""
        admitted = authority.unlock(village.folder / "authority", demo.PASSPHRASE)
        hall = replace(HALL, name=f"{HALL.name} {authority.random_id().hex()}")
        kiosk.add(admitted, demo.STATION, hall, self.bundle)
        write_modem(ModemPlan("v-internet", "1e0e:9001", "02"), self.bundle)

    def boot(self) -> None:
        """What homthu-data.service does."""
        self._run("systemd-tmpfiles", "--create", str(self.root / "etc/homthu/data.conf"))

    def user(self, name: str) -> AbstractContextManager[Run]:
        """Calls functions in a process of that user, with the groups that it has on the device."""
        return process(*self._ids(name), self._groups(name))

    def _run(self, *command: str) -> None:
        program, *options = command
        subprocess.run([program, f"--root={self.root}", *options], check=True)

    def _ids(self, name: str) -> tuple[int, int]:
        for line in (self.root / "etc" / "passwd").read_text().splitlines():
            user, _, uid, gid, *_ = line.split(":")
            if user == name:
                return int(uid), int(gid)
        raise LookupError(name)

    def _groups(self, name: str) -> list[int]:
        lines = (self.root / "etc" / "group").read_text().splitlines()
        groups = [grp.struct_group(line.split(":")) for line in lines]
        return [int(group.gr_gid) for group in groups if name in str(group.gr_mem).split(",")]


@contextmanager
def process(uid: int, gid: int, groups: list[int]) -> Iterator[Run]:
    """Calls functions in a process of those numbers."""
    identity = (uid, gid, groups)
    with ProcessPoolExecutor(1, get_context("fork"), _become, identity) as pool:
        yield lambda job, *given: pool.submit(job, *given).result(60)


def _become(uid: int, gid: int, groups: list[int]) -> None:
    codecs.lookup("ascii")  # Python itself may lie where the user cannot read it
    os.setgroups(groups)
    os.setgid(gid)
    os.setuid(uid)
    os.umask(0o077)


@contextmanager
def provisioned(village: demo.Village) -> Iterator[Device]:
    """A device that has just been booted for the first time."""
    root = Path(tempfile.mkdtemp(prefix="homthu-device-"))
    root.chmod(0o755)
    try:
        device = Device(root)
        device.provision(village)
        device.boot()
        yield device
    finally:
        shutil.rmtree(root)

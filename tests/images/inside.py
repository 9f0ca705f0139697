"""What is inside an image and inside a running kiosk, without an agent in the product.

The root is read offline. What only a running system knows is told by a unit that the test adds.
"""

import re
import subprocess
import tempfile
from pathlib import Path

from tests.images.card import Card
from tests.images.guest import add_units
from tests.images.machine import Machine
from tests.waiting import wait_until

BEGIN, END = "inside: begin", "inside: end"
ASKED = {
    "ports": "ss -H -l -n -t -u",
    "units": "systemctl list-units --full --plain --no-legend --type=service,socket,timer"
    " --state=active",
    "failed": "systemctl list-units --full --plain --no-legend --state=failed",
    "cmdline": "cat /proc/cmdline",
    "mounts": "findmnt --raw --noheadings --output TARGET,FSTYPE,OPTIONS",
    "good": "fw_printenv",
    "space": "df --output=size -m /data",
}
_UNIT = """\
[Unit]
After=multi-user.target homthu-slot-good.service
[Service]
Type=oneshot
StandardOutput=file:/dev/ttyAMA0
StandardError=null
"""
_ASK = 'ExecStart=/bin/sh -c "echo {begin} {name}; {command}; echo {end}"\n'


def slip_in(card: Card) -> None:
    """Let the kiosk with this card tell what `ASKED` asks, on its serial port, once it is up."""
    asked = (
        _ASK.format(begin=BEGIN, name=name, command=command, end=END)
        for name, command in ASKED.items()
    )
    units = {
        "inside.service": _UNIT + "".join(asked),
        "multi-user.target.d/inside.conf": "[Unit]\nWants=inside.service\n",
    }
    add_units(card, units)


def told(machine: Machine, seconds: float) -> dict[str, list[str]]:
    """The lines of each answer, once the kiosk is up."""
    wait_until(
        lambda: machine.console().count(END) == len(ASKED), seconds, "the kiosk does not come up"
    )
    pattern = re.compile(rf"{BEGIN} (\w+)\s+(.*?){END}", re.DOTALL)
    return {name: text.splitlines() for name, text in pattern.findall(machine.console())}


def files_of_root(card: Card, *paths: str) -> dict[str, str]:
    """The content of files of the root file system, by path."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "root"
        start = str(card.partitions["root_a"][0])
        command = ["unsquashfs", "-quiet", "-no-progress", "-offset", start, "-dest", str(target)]
        subprocess.run([*command, str(card.path), *paths], check=True, capture_output=True)
        return {path: (target / path).read_text("utf-8") for path in paths}


def listing_of_root(card: Card) -> list[tuple[str, str]]:
    """Mode, as `ls` writes it, and path of everything in the root file system."""
    start = str(card.partitions["root_a"][0])
    command = ["unsquashfs", "-offset", start, "-llnumeric", str(card.path)]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    entries = (
        line.split(maxsplit=5) for line in lines if re.match(r"[-dlcbps][rwxsStT-]{9} ", line)
    )
    return [(entry[0], entry[5].removeprefix("squashfs-root")) for entry in entries]

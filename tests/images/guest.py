"""Units that a test adds to the system on its own copy of a card.

They come in by the initramfs of both slots; root, kernel and arguments stay those of the image.
"""

import subprocess
import tempfile
from pathlib import Path

from images import boot
from tests.images.card import Card

SLOTS = ("boot_a", "boot_b")
SCRIPT_HEADER = 64 + 8
"""Bytes before the text in what mkimage makes of a script."""
CPIO_ALIGNMENT = 4
"""Where the kernel looks for the next archive (its init/initramfs.c)."""

DEADLINE = "homthu-slot-deadline.timer.d/patience.conf"
PATIENCE = {
    "homthu-touch.service.d/patience.conf": "[Service]\nTimeoutStartSec=20min\nWatchdogSec=10min\n",
    DEADLINE: "[Timer]\nOnActiveSec=\nOnActiveSec=20min\n",
}
"""An emulated processor is ten and more times as slow as the card's own, and shared with others."""

_SCRIPT = """\
#!/bin/sh
[ "$1" = prereqs ] && exit 0
mkdir -p /run/systemd/system
for path in /units/* /units/*/*; do
	target=/run/systemd/system/${path#/units/}
	if [ -d "$path" ]; then mkdir -p "$target"; else cat "$path" > "$target"; fi
done
"""


def add_units(card: Card, units: dict[str, str], slots: tuple[str, ...] = SLOTS) -> None:
    """Let the system of these slots have these units and drop-ins too; by file name."""
    files = {f"units/{name}": text for name, text in units.items()} | {
        "scripts/local-bottom/units": _SCRIPT,
        "scripts/local-bottom/ORDER": '/scripts/local-bottom/units "$@"\n',
    }
    archive = _cpio(files)
    for slot in slots:
        initramfs = card.get(slot, "initrd.img")
        aligned = initramfs + bytes(-len(initramfs) % CPIO_ALIGNMENT)
        card.put(slot, "initrd.img", aligned + archive)


def add_arguments(card: Card, arguments: str, slots: tuple[str, ...] = SLOTS) -> None:
    """Give the kernel of these slots more arguments."""
    for slot in slots:
        script = card.get(slot, "slot.scr")[SCRIPT_HEADER:].decode()
        longer = script.replace(" quiet ", f" quiet {arguments} ")
        card.put(slot, "slot.scr", boot.compiled(longer))


def _cpio(files: dict[str, str]) -> bytes:
    """A cpio archive, to be appended to an initramfs."""
    with tempfile.TemporaryDirectory() as folder:
        names = {"."}
        for name, content in files.items():
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
            path.chmod(0o755)
            names |= {str(parent) for parent in Path(name).parents} | {name}
        command = ["cpio", "--quiet", "--create", "--format=newc", "--owner=0:0"]
        feed = "\n".join(sorted(names)).encode()
        done = subprocess.run(command, cwd=folder, input=feed, check=True, capture_output=True)
        return done.stdout

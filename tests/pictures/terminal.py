"""The commands for cards and the fleet at work in a real terminal, kept as pictures."""

import fcntl
import os
import pty
import re
import shutil
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator
from io import BytesIO, StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import resvg_py
from PIL import Image
from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from provisioning import demo, hall_file
from tests.pictures.keeping import BUILD, ROOT, TECHNICIAN, keep
from tests.pictures.papers import HOTSPOT
from tests.provisioning.card import tiny_image

LINES, COLUMNS, WIDE = 40, 92, 124
WIDTH = 900
HALLS = ("Nậm Pồ", "Si Pa Phìn", "Chà Cang")
MONOSPACE = "DejaVu Sans Mono"
THEME = TerminalTheme(
    (31, 27, 22),
    (250, 245, 233),
    [
        (31, 27, 22),
        (232, 112, 112),
        (126, 206, 130),
        (232, 190, 80),
        (130, 160, 240),
        (200, 150, 230),
        (110, 200, 200),
        (230, 224, 210),
    ],
)
CARD = "homthu-provision card"
PROVISION = "from provisioning.main import main; main(prog_name='homthu-provision')"
DRIVES = """
from provisioning.card import shown
from provisioning.card.drives import Drive
rows = (("/dev/sda", 512_110_190_592, "SSD 512", False, ("/",), ("/dev/sda1",)),
        ("/dev/sdb", 31_914_983_424, "Card Reader", True, (), ("/dev/sdb1",)),
        ("/dev/sdc", 7_948_206_080, "USB Flash", True, ("/media/USB",), ("/dev/sdc1",)))
shown.drives([Drive(path, size, model, out, False, 512, where, parts)
              for path, size, model, out, where, parts in rows], 1_800_000_000)
"""
CONTROL = re.compile(r"\x1b\[(\d*)([AK])|\x1b\[\?25[lh]|([\r\n])")


def draw() -> None:
    """The list of cards, a card that is written, one that is examined; and the fleet."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        plan = demo.Plan((800, 480), BUILD, False, False, None, HOTSPOT)
        village = demo.provision(folder / "village", plan)
        shutil.copytree(village.kiosk, folder / "na-co-sa-3")
        tiny_image.build(folder).rename(folder / "homthu.img")
        (folder / "build").symlink_to(BUILD)
        (folder / "AUTHORITY").symlink_to(village.folder / "authority")
        listed = _run(folder, "-c", DRIVES)
        _keep("card-list", f"$ sudo {CARD} write homthu.img na-co-sa-3\n", listed)
        for verb, arguments in (
            ("write", "homthu.img na-co-sa-3 card.img --yes"),
            ("verify", "card.img --image homthu.img --authority AUTHORITY"),
        ):
            told = _run(folder, "-c", PROVISION, "card", verb, *arguments.split())
            _keep(f"card-{verb}", f"$ {CARD} {verb} {arguments}\n", told)
        _add_kiosks(folder)
        table = _run(folder, "-c", PROVISION, "fleet", "AUTHORITY", columns=WIDE)
        _keep("fleet", "$ homthu-provision fleet AUTHORITY\n", table, WIDE)


def _add_kiosks(folder: Path) -> None:
    """More halls, one of them with a kiosk that was lost and one with a new card."""
    (folder / "halls.toml").write_text(
        hall_file.dump(hall_file.Description(village=name) for name in HALLS)
    )
    (folder / "passphrase").write_text(demo.PASSPHRASE)
    secret = "--passphrase-file", "passphrase"
    for words in (
        ("kiosk", "add", "AUTHORITY", demo.STATION, "KIOSKS", "--file", "halls.toml"),
        ("revoke", "AUTHORITY", f"Nhà văn hóa {HALLS[0]}", "KIOSKS"),
        ("replace", "AUTHORITY", f"Nhà văn hóa {HALLS[1]}", "KIOSKS"),
    ):
        _run(folder, "-c", PROVISION, *words, *secret)


def _run(folder: Path, *arguments: str, columns: int = COLUMNS) -> str:
    """All that a command of ours writes to a terminal."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("4H", LINES, columns, 0, 0))
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm-256color"}
    command = [sys.executable, *arguments]
    with subprocess.Popen(
        command, cwd=folder, env=surroundings, stdin=theirs, stdout=theirs, stderr=theirs
    ) as process:
        os.close(theirs)
        written = b"".join(_pieces(ours))
    os.close(ours)
    if process.returncode:
        raise RuntimeError(written.decode())
    return written.decode().replace(f"{folder}/", "")


def _pieces(terminal: int) -> Iterator[bytes]:
    """Until the other end is closed, which a terminal tells by an error."""
    while True:
        try:
            yield os.read(terminal, 65536)
        except OSError:
            return


def _settled(written: str) -> str:
    """What stands on the terminal at the end, of what moved the cursor by whole lines."""
    lines, row, at = [""], 0, 0
    for control in CONTROL.finditer(written):
        lines[row] += written[at : control.start()]
        at = control.end()
        if control[2] == "A":
            row -= int(control[1] or 1)
        elif control[2] == "K":
            lines[row] = ""
        elif control[3] == "\n":
            row += 1
            lines += [""] * (row == len(lines))
    return "\n".join(lines).rstrip()


def _keep(name: str, typed: str, written: str, columns: int = COLUMNS) -> None:
    console = Console(record=True, width=columns, file=StringIO(), force_terminal=True)
    console.print(Text.from_ansi(typed + _settled(written)))
    svg = console.export_svg(title="homthu-provision", theme=THEME).replace("Fira Code", MONOSPACE)
    png = resvg_py.svg_to_bytes(svg_string=svg, width=WIDTH, monospace_family=MONOSPACE)
    with Image.open(BytesIO(bytes(png))) as picture:
        ground = Image.new("RGB", picture.size, "white")
        ground.paste(picture, mask=picture.getchannel("A"))
    keep(ground, TECHNICIAN / f"{name}.png", 32)

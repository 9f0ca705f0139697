"""A bare system: the card's kernel with modules, busybox and one script in its initramfs."""

import shutil
import subprocess
import threading
from collections.abc import Iterable
from itertools import takewhile
from pathlib import Path

from images import boot_files
from tests.images.qemu import BOARD, qemu

LIMIT_S = 900
"""Beside other work; alone a machine is done within a minute."""
LISTS = "modules.*"
_INIT = """\
#!/bin/busybox sh
busybox mkdir -p /proc /sys /dev
busybox mount -t proc none /proc
busybox --install -s /bin
export PATH=/bin
mount -t sysfs none /sys
mount -t devtmpfs none /dev
{script}
echo {end}
sleep 1000
"""
END = "the script is done"


def run(folder: Path, modules: Path, files: Iterable[Path], script: str, *machine: str) -> str:
    """What is printed on an emulated machine until a script of busybox has ended there.

    `modules` is the folder of the kernel's modules and `files` those in it that are there;
    `machine` are QEMU's arguments for the board, its devices and where its serial port goes.
    """
    initramfs = folder / "initramfs"
    initramfs.write_bytes(_initramfs(folder / "system", modules, files, script))
    kernel = BOARD / "boot" / f"vmlinuz-{boot_files.kernel_version(BOARD)}"
    command = [*qemu(), "-kernel", str(kernel), "-initrd", str(initramfs), "-no-reboot"]
    command += ["-display", "none", "-monitor", "none", "-nic", "none", *machine]
    board = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    limit = threading.Timer(LIMIT_S, board.kill)
    limit.start()
    try:
        assert board.stdout is not None
        lines = (line.decode("utf-8", "replace").strip() for line in board.stdout)
        return "\n".join(takewhile(lambda line: line != END, lines))
    finally:
        limit.cancel()
        board.kill()
        board.communicate()


def _initramfs(system: Path, modules: Path, files: Iterable[Path], script: str) -> bytes:
    place = system / "lib/modules" / modules.name
    for file in (*files, *modules.glob(LISTS)):
        target = place / file.relative_to(modules)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
    (system / "bin").mkdir(parents=True)
    shutil.copy(BOARD / "usr/bin/busybox", system / "bin")
    (system / "init").write_text(_INIT.format(script=script, end=END))
    (system / "init").chmod(0o755)
    names = sorted(str(path.relative_to(system)) for path in system.rglob("*"))
    command = ["cpio", "--quiet", "--create", "--format=newc", "--owner=0:0"]
    feed = "\n".join(names).encode()
    return subprocess.run(command, cwd=system, input=feed, check=True, capture_output=True).stdout
